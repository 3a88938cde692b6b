//! Public rooms by name.

use actix_web::HttpRequest;
use application::Caller;
use application::messages::{NewPost, Stretch};
use application::rooms::{Door, RoomPlan};
use domain::{MessageId, RoomId, RoomName};
use protocol::rest;

use super::messages::{self, Poster};
use super::{Answer, App, rooms};
use crate::body::{Body, query};
use crate::error::ApiError;
use crate::gate::SignedIn;
use crate::state::State;
use crate::{answer, translate};

/// `POST /chat/room`.
pub(super) async fn create(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let plan: RoomPlan = translate::named_room_plan(body.read::<rest::NamedRoom>()?)?;
    let view = app.use_cases.create_room.run(&caller, plan).await?;
    Ok(answer::created(
        rooms::location(view.room.id),
        &translate::room(view, &app.links(&request)),
    ))
}

/// `POST /chat/message`.
pub(super) async fn post(app: App, Poster(caller): Poster, body: Body) -> Answer {
    match entered(&app, &caller, body).await {
        Ok((room, post)) => messages::posted(&app, &caller, room, post).await,
        Err(error) => Err(error.beside(messages::whole_quota(&app))),
    }
}

async fn entered(app: &State, caller: &Caller, body: Body) -> Result<(RoomId, NewPost), ApiError> {
    let (name, post) = translate::named_post(body.read::<rest::NamedMessage>()?)?;
    Ok((enter(app, caller, name).await?, post))
}

/// `GET /chat/messages`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::NamedHistoryQuery = query(&request)?;
    let name = translate::room_name("chatRoomName", form.chat_room_name)?;
    let stretch = form.cursor.map(MessageId::from_uuid);
    let stretch = stretch.map_or(Stretch::Newest, Stretch::Before);
    let limit = translate::page_size(form.limit);
    let room = enter(&app, &caller, name).await?;
    let read = app
        .use_cases
        .read_history
        .run(&caller, room, stretch, limit);
    Ok(answer::ok(&translate::message_page(read.await?)))
}

/// Joins the caller to the room with this name.
async fn enter(app: &State, caller: &Caller, name: RoomName) -> Result<RoomId, ApiError> {
    let join = &app.use_cases.join_room;
    Ok(join.enter(caller, Door::Named(name)).await?)
}
