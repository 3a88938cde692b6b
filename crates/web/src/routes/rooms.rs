//! Rooms, joining and leaving.

use actix_web::HttpRequest;
use application::rooms::Door;
use domain::{InviteCode, Notifications, RoomId, SearchText};
use protocol::{rest, shape};

use super::{Answer, App};
use crate::body::{Body, path_id, query};
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/rooms`.
pub(super) async fn browse(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::RoomsQuery = query(&request)?;
    let sought = translate::value("q", form.q.map(SearchText::parse).transpose())?;
    let before = form.cursor.map(RoomId::from_uuid);
    let limit = translate::page_size(form.limit);
    let browsed = app
        .use_cases
        .browse_rooms
        .run(&caller, sought, before, limit);
    let page = browsed.await?;
    Ok(answer::ok(&translate::room_page(
        page,
        &app.links(&request),
    )))
}

/// `GET /api/rooms/mine`.
pub(super) async fn mine(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let rooms = app.use_cases.my_rooms.run(&caller).await?;
    Ok(answer::ok(&shape::Rooms {
        rooms: translate::rooms(rooms, &app.links(&request)),
    }))
}

/// `POST /api/rooms`.
pub(super) async fn create(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let plan = translate::room_plan(body.read()?)?;
    let view = app.use_cases.create_room.run(&caller, plan).await?;
    Ok(answer::created(
        location(view.room.id),
        &translate::room(view, &app.links(&request)),
    ))
}

/// The path of a room.
pub(super) fn location(room: RoomId) -> String {
    format!("/api/rooms/{room}")
}

/// `GET /api/rooms/{id}`, `/api/chat/{id}`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let room = path_id(&request, "id")?;
    let view = app.use_cases.read_room.run(&caller, room).await?;
    Ok(answer::ok(&translate::room(view, &app.links(&request))))
}

/// `PATCH /api/rooms/{id}`.
pub(super) async fn edit(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let changes = translate::room_changes(body.read()?)?;
    let room = path_id(&request, "id")?;
    let view = app.use_cases.edit_room.run(&caller, room, changes).await?;
    Ok(answer::ok(&translate::room(view, &app.links(&request))))
}

/// `DELETE /api/rooms/{id}`.
pub(super) async fn delete(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let room = path_id(&request, "id")?;
    app.use_cases.delete_room.run(&caller, room).await?;
    Ok(answer::nothing())
}

/// `POST /api/rooms/{id}/join`. What cannot be a code admits to no private room, and a public room
/// needs none.
pub(super) async fn join(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let form: rest::JoinRoom = body.read()?;
    let code = form
        .invite_code
        .and_then(|code| InviteCode::parse(code).ok());
    let door = Door::Room(path_id(&request, "id")?, code);
    let view = app.use_cases.join_room.run(&caller, door).await?;
    Ok(answer::ok(&translate::room(view, &app.links(&request))))
}

/// `POST /api/rooms/join`.
pub(super) async fn join_any(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let door = translate::door(body.read()?)?;
    let view = app.use_cases.join_room.run(&caller, door).await?;
    Ok(answer::ok(&translate::room(view, &app.links(&request))))
}

/// `DELETE /api/rooms/{id}/leave`.
pub(super) async fn leave(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let room = path_id(&request, "id")?;
    app.use_cases.leave_room.run(&caller, room).await?;
    Ok(answer::nothing())
}

/// `PUT /api/rooms/{id}/mute`.
pub(super) async fn mute(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let muted = translate::muting(body.read()?);
    let room = path_id(&request, "id")?;
    let kept = app.use_cases.set_notifications.run(&caller, room, muted);
    kept.await?;
    Ok(answer::nothing())
}

/// `DELETE /api/rooms/{id}/mute`.
pub(super) async fn unmute(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let room = path_id(&request, "id")?;
    let on = Notifications::On;
    let kept = app.use_cases.set_notifications.run(&caller, room, on);
    kept.await?;
    Ok(answer::nothing())
}
