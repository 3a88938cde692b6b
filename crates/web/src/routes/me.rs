//! The caller's own account.

use actix_web::HttpRequest;
use protocol::rest;

use super::{Answer, App};
use crate::body::Body;
use crate::error::ApiError;
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/users/me`, `/api/auth/me`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn) -> Answer {
    let mut found = app
        .use_cases
        .read_people
        .run(&caller, &[caller.user])
        .await?;
    let person = found.pop().ok_or_else(ApiError::not_found)?;
    Ok(answer::ok(&translate::user(person)))
}

/// `PATCH /api/users/me`.
pub(super) async fn change(app: App, SignedIn(caller): SignedIn, body: Body) -> Answer {
    let new = translate::new_profile(body.read()?)?;
    let person = app.use_cases.change_profile.run(&caller, new).await?;
    Ok(answer::ok(&translate::user(person)))
}

/// `DELETE /api/users/me`.
pub(super) async fn erase(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let form: rest::EraseAccount = body.read()?;
    let password = form.password.into_revealed();
    let ip = app.origin(&request).ip;
    let erase = &app.use_cases.erase_account;
    erase.run(&caller, password, ip).await?;
    Ok(answer::nothing())
}
