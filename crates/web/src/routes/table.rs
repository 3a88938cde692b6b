//! The routing table. Of two paths that match, the first one counts.

use actix_web::web::ServiceConfig;

use super::place::{Place, at};
use super::{
    accounts, chats, docs, documents, health, history, invites, me, media, members, messages,
    metrics, named, page, people, push, rooms, sessions, summaries, vouching, webhooks,
};
use crate::ws;

/// Registers every route.
pub(crate) fn all(config: &mut ServiceConfig) {
    for place in places() {
        config.service(place);
    }
    // Parts of the page at `/`, which are of no concern to API clients.
    config.service(page::place());
    config.service(page::worker_place());
}

/// Every path of the API.
pub(crate) fn places() -> Vec<Place> {
    [
        of_accounts(),
        of_people(),
        of_rooms(),
        of_members(),
        of_messages(),
        of_media(),
        of_chats(),
        of_sockets(),
        of_push(),
        of_vouching(),
        of_webhooks(),
        of_operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_accounts() -> Vec<Place> {
    vec![
        at("/api/auth/register").post(accounts::register),
        at("/api/auth/login").post(accounts::log_in),
        at("/api/auth/refresh").post(accounts::refresh),
        at("/api/auth/logout").post(accounts::log_out),
        at("/api/auth/me").get(me::read),
        at("/api/auth/password").post(accounts::change_password),
        at("/api/auth/logout-all").post(sessions::end_all),
        at("/api/auth/sessions").get(sessions::list),
        at("/api/auth/sessions/{id}").delete(sessions::end),
        at("/auth/register").post(accounts::register),
        at("/auth/login").post(accounts::log_in),
    ]
}

fn of_people() -> Vec<Place> {
    vec![
        at("/api/users").get(people::list).post(accounts::register),
        at("/api/users/me")
            .get(me::read)
            .patch(me::change)
            .delete(me::erase),
        at("/api/users/me/avatar").put(media::put_avatar),
        at("/api/users/online").get(people::online),
        at("/api/users/search").get(people::search),
        at("/api/users/search/{query}").get(people::search_by_path),
        at("/api/users/{id}").get(people::read),
        at("/api/users/{id}/block")
            .put(people::block)
            .delete(people::unblock),
    ]
}

fn of_rooms() -> Vec<Place> {
    vec![
        at("/api/rooms").get(rooms::browse).post(rooms::create),
        at("/api/rooms/mine").get(rooms::mine),
        at("/api/rooms/join").post(rooms::join_any),
        at("/api/rooms/{id}")
            .get(rooms::read)
            .patch(rooms::edit)
            .delete(rooms::delete),
        at("/api/rooms/{id}/join").post(rooms::join),
        at("/api/rooms/{id}/leave").delete(rooms::leave),
        at("/api/rooms/{id}/mute")
            .put(rooms::mute)
            .delete(rooms::unmute),
        at("/api/rooms/{id}/events").get(history::changes),
        at("/api/rooms/{id}/pins").get(history::pins),
        at("/api/rooms/{id}/summary").get(summaries::read),
        at("/api/rooms/{id}/messages")
            .get(history::read)
            .post(messages::post),
    ]
}

fn of_members() -> Vec<Place> {
    vec![
        at("/api/rooms/{id}/users").get(members::list),
        at("/api/rooms/{id}/users/{user}")
            .patch(members::change)
            .delete(members::remove),
        at("/api/rooms/{id}/bans").get(members::bans),
        at("/api/rooms/{id}/bans/{user}").delete(members::lift_ban),
        at("/api/rooms/{id}/invites")
            .get(invites::list)
            .post(invites::create),
        at("/api/rooms/{id}/invites/{code}").delete(invites::revoke),
        at("/api/invites/{code}").get(invites::preview),
    ]
}

fn of_media() -> Vec<Place> {
    vec![
        at("/api/media").post(media::upload),
        at("/api/media/{id}").get(media::read),
        at("/api/media/{id}/thumbnail").get(media::thumbnail),
    ]
}

fn of_messages() -> Vec<Place> {
    vec![
        at("/api/messages/read").post(messages::mark_read),
        at("/api/messages/delivered").post(messages::mark_delivered),
        at("/api/messages/read/{room}").put(messages::mark_all_read),
        at("/api/messages/room/{room}").get(history::numbered),
        at("/api/messages/conversation/{one}/{other}").get(history::numbered_conversation),
        at("/api/messages/{id}")
            .get(messages::read)
            .patch(messages::edit)
            .delete(messages::delete),
        at("/api/messages/{id}/replies").get(history::replies),
        at("/api/messages/{id}/receipts").get(messages::receipts),
        at("/api/messages/{id}/reactions/{emoji}")
            .put(messages::react)
            .delete(messages::take_back),
        at("/api/messages/{id}/pin")
            .put(messages::pin)
            .delete(messages::unpin),
        at("/api/search/messages").get(history::search),
    ]
}

fn of_chats() -> Vec<Place> {
    vec![
        at("/api/chat").get(chats::list).post(chats::start),
        at("/api/chat/{id}").get(rooms::read),
        at("/api/chat/{id}/messages").get(history::read),
        at("/chat/room").post(named::create),
        at("/chat/message").post(named::post),
        at("/chat/messages").get(named::read),
    ]
}

fn of_sockets() -> Vec<Place> {
    vec![at("/api/ws").get(ws::open)]
}

fn of_push() -> Vec<Place> {
    vec![
        at("/api/push").get(push::read),
        at("/api/push/subscription")
            .put(push::subscribe)
            .delete(push::unsubscribe),
    ]
}

fn of_vouching() -> Vec<Place> {
    vec![
        at("/api/admin/users").post(vouching::add),
        at("/api/admin/users/{id}/sessions").post(vouching::sign_in),
    ]
}

fn of_webhooks() -> Vec<Place> {
    vec![
        at("/api/admin/webhooks")
            .get(webhooks::list)
            .post(webhooks::create),
        at("/api/admin/webhooks/{id}")
            .get(webhooks::read)
            .patch(webhooks::change)
            .delete(webhooks::remove),
        at("/api/admin/webhooks/{id}/ping").post(webhooks::ping),
        at("/api/admin/webhooks/{id}/deliveries").get(webhooks::deliveries),
        at("/api/admin/webhooks/{id}/deliveries/{delivery}/replay").post(webhooks::replay),
    ]
}

fn of_operations() -> Vec<Place> {
    vec![
        at("/").get(page::start),
        at("/openapi.json").get(documents::openapi),
        at("/asyncapi.json").get(documents::asyncapi),
        at("/docs").get(docs::page),
        at("/docs/start.js").get(docs::script),
        at("/docs/swagger-ui.css").get(docs::style),
        at("/docs/swagger-ui-bundle.js").get(docs::viewer),
        at("/.well-known/jwks.json").get(health::keys),
        at("/health").get(health::ready),
        at("/health/live").get(health::live),
        at("/health/ready").get(health::ready),
        at("/metrics").get(metrics::read),
    ]
}
