//! Public rooms by their names.

use actix_web::HttpRequest;
use application::rooms::RoomPlan;
use protocol::rest;

use super::{Answer, App, rooms};
use crate::body::Body;
use crate::gate::SignedIn;
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
