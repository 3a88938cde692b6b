//! Single messages, and read and delivery cursors.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use application::messages::{CursorKind, NewPost, Reading, UpTo};
use application::{Caller, Quota};
use domain::{Emoji, RoomId};
use protocol::rest;

use super::{Answer, App};
use crate::body::{Body, path_id, piece};
use crate::error::ApiError;
use crate::gate::SignedIn;
use crate::state::State;
use crate::{answer, translate};

/// An authenticated caller who posts. As a handler's argument, it reports the limit in its
/// refusals.
pub(super) struct Poster(pub(super) Caller);

impl FromRequest for Poster {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(match signed_in {
            Ok(SignedIn(caller)) => Ok(Self(caller)),
            Err(error) => {
                let state = request.app_data::<App>();
                Err(error.beside(state.and_then(|state| whole_quota(state))))
            }
        })
    }
}

/// The full limit, for responses that concern no caller's use of a particular room.
pub(super) fn whole_quota(app: &State) -> Option<Quota> {
    app.use_cases.post_message.whole_quota()
}

/// `POST /api/rooms/{id}/messages`.
pub(super) async fn post(
    app: App,
    Poster(caller): Poster,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let post = form(body);
    match path_id(&request, "id") {
        Ok(room) => match post {
            Ok(post) => posted(&app, &caller, room, post).await,
            Err(error) => Err(counted(&app, &caller, room, error).await),
        },
        Err(unknown) => Err(post.err().unwrap_or(unknown).beside(whole_quota(&app))),
    }
}

fn form(body: Body) -> Result<NewPost, ApiError> {
    Ok(translate::new_post(body.read()?)?)
}

/// Reports the limit although nothing was posted.
async fn counted(app: &State, caller: &Caller, room: RoomId, error: ApiError) -> ApiError {
    if error.tells_quota() {
        return error;
    }
    error.beside(app.use_cases.post_message.quota(caller, room).await)
}

/// Posts a message, and responds with what was stored.
pub(super) async fn posted(app: &State, caller: &Caller, room: RoomId, post: NewPost) -> Answer {
    let posted = match app.use_cases.post_message.run(caller, room, post).await {
        Ok(posted) => posted,
        Err(error) => return Err(counted(app, caller, room, error.into()).await),
    };
    let location = format!("/api/messages/{}", posted.view.message.id);
    let message = translate::message(posted.view);
    let mut response = answer::created_or_ok(posted.fresh, location, &message);
    if let Some(quota) = posted.quota {
        answer::tell_quota(response.headers_mut(), &quota);
    }
    Ok(response)
}

/// `GET /api/messages/{id}`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let view = app.use_cases.read_message.run(&caller, id).await?;
    Ok(answer::ok(&translate::message(view)))
}

/// `PATCH /api/messages/{id}`.
pub(super) async fn edit(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let form: rest::EditMessage = body.read()?;
    let text = translate::body(form.content)?;
    let id = path_id(&request, "id")?;
    let view = app.use_cases.edit_message.run(&caller, id, text).await?;
    Ok(answer::ok(&translate::message(view)))
}

/// `DELETE /api/messages/{id}`.
pub(super) async fn delete(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let view = app.use_cases.delete_message.run(&caller, id).await?;
    Ok(answer::ok(&translate::message(view)))
}

/// `GET /api/messages/{id}/receipts`.
pub(super) async fn receipts(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let receipts = app.use_cases.read_receipts.run(&caller, id).await?;
    Ok(answer::ok(&translate::receipts(receipts)))
}

/// `PUT /api/messages/{id}/reactions/{emoji}`.
pub(super) async fn react(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    reacted(&app, &caller, &request, true).await
}

/// `DELETE /api/messages/{id}/reactions/{emoji}`.
pub(super) async fn take_back(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
) -> Answer {
    reacted(&app, &caller, &request, false).await
}

async fn reacted(state: &State, caller: &Caller, request: &HttpRequest, on: bool) -> Answer {
    let emoji = translate::value("emoji", Emoji::parse(piece(request, "emoji")))?;
    let id = path_id(request, "id")?;
    let view = state.use_cases.react.run(caller, id, emoji, on).await?;
    Ok(answer::ok(&translate::message(view)))
}

/// `PUT /api/messages/{id}/pin`.
pub(super) async fn pin(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let view = app.use_cases.pin.run(&caller, id, true).await?;
    Ok(answer::ok(&translate::message(view)))
}

/// `DELETE /api/messages/{id}/pin`.
pub(super) async fn unpin(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let view = app.use_cases.pin.run(&caller, id, false).await?;
    Ok(answer::ok(&translate::message(view)))
}

/// `POST /api/messages/read`.
pub(super) async fn mark_read(app: App, SignedIn(caller): SignedIn, body: Body) -> Answer {
    marked(&app, &caller, CursorKind::Read, body.read()?).await
}

/// `POST /api/messages/delivered`.
pub(super) async fn mark_delivered(app: App, SignedIn(caller): SignedIn, body: Body) -> Answer {
    marked(&app, &caller, CursorKind::Delivered, body.read()?).await
}

async fn marked(
    state: &State,
    caller: &Caller,
    kind: CursorKind,
    form: rest::MoveCursor,
) -> Answer {
    let room = RoomId::from_uuid(form.room_id);
    moved(state, caller, room, translate::reading(kind, form.to)).await
}

/// `PUT /api/messages/read/{roomId}`.
pub(super) async fn mark_all_read(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
) -> Answer {
    let everything = Reading {
        kind: CursorKind::Read,
        up_to: UpTo::Everything,
    };
    moved(&app, &caller, path_id(&request, "room")?, everything).await
}

async fn moved(state: &State, caller: &Caller, room: RoomId, reading: Reading) -> Answer {
    let moved = state.use_cases.move_cursors.run(caller, room, reading);
    Ok(answer::ok(&translate::cursors(moved.await?.cursors)))
}
