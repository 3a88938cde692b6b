//! The history of rooms.

use actix_web::HttpRequest;
use domain::MessageId;
use protocol::rest;

use super::{Answer, App};
use crate::body::{path_id, query};
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/rooms/{id}/messages`, `/api/chat/{id}/messages`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::HistoryQuery = query(&request)?;
    let room = path_id(&request, "id")?;
    let stretch = translate::stretch(form.from);
    let limit = translate::page_size(form.limit);
    let read = app
        .use_cases
        .read_history
        .run(&caller, room, stretch, limit);
    Ok(answer::ok(&translate::message_page(read.await?)))
}

/// `GET /api/messages/{id}/replies`.
pub(super) async fn replies(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::PageQuery = query(&request)?;
    let id = path_id(&request, "id")?;
    let after = form.cursor.map(MessageId::from_uuid);
    let limit = translate::page_size(form.limit);
    let read = app.use_cases.read_replies.run(&caller, id, after, limit);
    Ok(answer::ok(&translate::message_page(read.await?)))
}

/// `GET /api/rooms/{id}/pins`.
pub(super) async fn pins(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::PageQuery = query(&request)?;
    let room = path_id(&request, "id")?;
    let before = form.cursor.map(MessageId::from_uuid);
    let limit = translate::page_size(form.limit);
    let pins = app.use_cases.pin.list(&caller, room, before, limit);
    Ok(answer::ok(&translate::message_page(pins.await?)))
}

/// `GET /api/messages/room/{roomId}`.
pub(super) async fn numbered(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::NumberedQuery = query(&request)?;
    let room = path_id(&request, "room")?;
    let limit = translate::page_size(form.limit);
    let pages = &app.use_cases.read_numbered;
    let page = pages.of_room(&caller, room, form.page, limit).await?;
    Ok(answer::ok(&translate::numbered(page)))
}

/// `GET /api/messages/conversation/{a}/{b}`.
pub(super) async fn numbered_conversation(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
) -> Answer {
    let form: rest::NumberedQuery = query(&request)?;
    let pair = (path_id(&request, "one")?, path_id(&request, "other")?);
    let limit = translate::page_size(form.limit);
    let pages = &app.use_cases.read_numbered;
    let page = pages.of_pair(&caller, pair, form.page, limit).await?;
    Ok(answer::ok(&translate::numbered(page)))
}

/// `GET /api/search/messages`.
pub(super) async fn search(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let search = translate::search(query(&request)?)?;
    let page = app.use_cases.search_messages.run(&caller, search).await?;
    Ok(answer::ok(&translate::hit_page(page)))
}

/// `GET /api/rooms/{id}/events`.
pub(super) async fn changes(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let since = translate::since(query(&request)?);
    let room = path_id(&request, "id")?;
    let view = app.use_cases.read_changes.run(&caller, room, since).await?;
    Ok(answer::ok(&translate::changes(view, &app.links(&request))))
}
