//! Invites into private rooms.

use actix_web::HttpRequest;
use domain::InviteCode;
use protocol::shape;

use super::{Answer, App};
use crate::body::{Body, path_id, piece};
use crate::error::ApiError;
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/rooms/{id}/invites`.
pub(super) async fn list(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let room = path_id(&request, "id")?;
    let invites = app.use_cases.invites.list(&caller, room).await?;
    let links = app.links(&request);
    let shown = invites.iter();
    Ok(answer::ok(&shape::Invites {
        invites: shown
            .map(|invite| translate::invite(invite, &links))
            .collect(),
    }))
}

/// `POST /api/rooms/{id}/invites`.
pub(super) async fn create(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let plan = translate::invite_plan(&body.read()?);
    let room = path_id(&request, "id")?;
    let invite = app.use_cases.invites.create(&caller, room, plan).await?;
    let location = format!("/api/invites/{}", invite.code.as_str());
    let shown = translate::invite(&invite, &app.links(&request));
    Ok(answer::created(location, &shown))
}

/// `DELETE /api/rooms/{id}/invites/{code}`.
pub(super) async fn revoke(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let (room, code) = (path_id(&request, "id")?, piece(&request, "code"));
    app.use_cases.invites.revoke(&caller, room, code).await?;
    Ok(answer::nothing())
}

/// `GET /api/invites/{code}`.
pub(super) async fn preview(app: App, request: HttpRequest) -> Answer {
    // What cannot be a code is not found.
    let code =
        InviteCode::parse(piece(&request, "code")).map_err(|_no_code| ApiError::not_found())?;
    let preview = app.use_cases.invites.preview(&code).await?;
    Ok(answer::ok(&translate::invite_preview(preview)))
}
