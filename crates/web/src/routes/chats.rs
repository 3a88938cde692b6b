//! Conversations: direct rooms and groups.

use actix_web::HttpRequest;

use super::{Answer, App, rooms};
use crate::body::Body;
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/chat`.
pub(super) async fn list(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let own = app.use_cases.my_rooms.conversations(&caller).await?;
    Ok(answer::ok(&translate::rooms(own, &app.links(&request))))
}

/// `POST /api/chat`.
pub(super) async fn start(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let plan = translate::chat_plan(body.read()?)?;
    let (view, fresh) = app.use_cases.start_chat.run(&caller, plan).await?;
    let location = rooms::location(view.room.id);
    let room = translate::room(view, &app.links(&request));
    Ok(answer::created_or_ok(fresh, location, &room))
}
