//! Which address leads to which handler. Of two that fit, the first one counts.

use actix_web::web::ServiceConfig;

use super::place::at;
use super::{
    accounts, chats, documents, health, history, invites, me, members, messages, metrics, named,
    people, rooms, sessions, welcome,
};
use crate::ws;

/// Every route.
pub(crate) fn all(config: &mut ServiceConfig) {
    for part in [
        of_accounts,
        of_people,
        of_rooms,
        of_members,
        of_messages,
        of_chats,
        of_sockets,
        of_operations,
    ] {
        part(config);
    }
}

fn of_accounts(config: &mut ServiceConfig) {
    config
        .service(at("/api/auth/register").post(accounts::register))
        .service(at("/api/auth/login").post(accounts::log_in))
        .service(at("/api/auth/refresh").post(accounts::refresh))
        .service(at("/api/auth/logout").post(accounts::log_out))
        .service(at("/api/auth/me").get(me::read))
        .service(at("/api/auth/password").post(accounts::change_password))
        .service(at("/api/auth/logout-all").post(sessions::end_all))
        .service(at("/api/auth/sessions").get(sessions::list))
        .service(at("/api/auth/sessions/{id}").delete(sessions::end))
        .service(at("/auth/register").post(accounts::register))
        .service(at("/auth/login").post(accounts::log_in));
}

fn of_people(config: &mut ServiceConfig) {
    config
        .service(at("/api/users").get(people::list).post(accounts::register))
        .service(
            at("/api/users/me")
                .get(me::read)
                .patch(me::change)
                .delete(me::erase),
        )
        .service(at("/api/users/online").get(people::online))
        .service(at("/api/users/search").get(people::search))
        .service(at("/api/users/search/{query}").get(people::search_by_path))
        .service(at("/api/users/{id}").get(people::read))
        .service(
            at("/api/users/{id}/block")
                .put(people::block)
                .delete(people::unblock),
        );
}

fn of_rooms(config: &mut ServiceConfig) {
    config
        .service(at("/api/rooms").get(rooms::browse).post(rooms::create))
        .service(at("/api/rooms/mine").get(rooms::mine))
        .service(at("/api/rooms/join").post(rooms::join_any))
        .service(
            at("/api/rooms/{id}")
                .get(rooms::read)
                .patch(rooms::edit)
                .delete(rooms::delete),
        )
        .service(at("/api/rooms/{id}/join").post(rooms::join))
        .service(at("/api/rooms/{id}/leave").delete(rooms::leave))
        .service(
            at("/api/rooms/{id}/mute")
                .put(rooms::mute)
                .delete(rooms::unmute),
        )
        .service(at("/api/rooms/{id}/events").get(history::changes))
        .service(at("/api/rooms/{id}/pins").get(history::pins))
        .service(
            at("/api/rooms/{id}/messages")
                .get(history::read)
                .post(messages::post),
        );
}

fn of_members(config: &mut ServiceConfig) {
    config
        .service(at("/api/rooms/{id}/users").get(members::list))
        .service(
            at("/api/rooms/{id}/users/{user}")
                .patch(members::change)
                .delete(members::remove),
        )
        .service(at("/api/rooms/{id}/bans").get(members::bans))
        .service(at("/api/rooms/{id}/bans/{user}").delete(members::lift_ban))
        .service(
            at("/api/rooms/{id}/invites")
                .get(invites::list)
                .post(invites::create),
        )
        .service(at("/api/rooms/{id}/invites/{code}").delete(invites::revoke))
        .service(at("/api/invites/{code}").get(invites::preview));
}

fn of_messages(config: &mut ServiceConfig) {
    config
        .service(at("/api/messages/read").post(messages::mark_read))
        .service(at("/api/messages/delivered").post(messages::mark_delivered))
        .service(at("/api/messages/read/{room}").put(messages::mark_all_read))
        .service(at("/api/messages/room/{room}").get(history::numbered))
        .service(at("/api/messages/conversation/{one}/{other}").get(history::numbered_conversation))
        .service(
            at("/api/messages/{id}")
                .get(messages::read)
                .patch(messages::edit)
                .delete(messages::delete),
        )
        .service(at("/api/messages/{id}/replies").get(history::replies))
        .service(at("/api/messages/{id}/receipts").get(messages::receipts))
        .service(
            at("/api/messages/{id}/reactions/{emoji}")
                .put(messages::react)
                .delete(messages::take_back),
        )
        .service(
            at("/api/messages/{id}/pin")
                .put(messages::pin)
                .delete(messages::unpin),
        )
        .service(at("/api/search/messages").get(history::search));
}

fn of_chats(config: &mut ServiceConfig) {
    config
        .service(at("/api/chat").get(chats::list).post(chats::start))
        .service(at("/api/chat/{id}").get(rooms::read))
        .service(at("/api/chat/{id}/messages").get(history::read))
        .service(at("/chat/room").post(named::create))
        .service(at("/chat/message").post(named::post))
        .service(at("/chat/messages").get(named::read));
}

fn of_sockets(config: &mut ServiceConfig) {
    config
        .service(at("/api/ws").get(ws::open))
        .service(at("/asyncapi.json").get(documents::asyncapi));
}

fn of_operations(config: &mut ServiceConfig) {
    config
        .service(at("/").get(welcome::page))
        .service(at("/.well-known/jwks.json").get(health::keys))
        .service(at("/health").get(health::ready))
        .service(at("/health/live").get(health::live))
        .service(at("/health/ready").get(health::ready))
        .service(at("/metrics").get(metrics::read));
}
