//! People who have signed in elsewhere, for administrators of the deployment.

use actix_web::HttpRequest;

use super::{Answer, App};
use crate::body::{Body, path_id};
use crate::gate::Admin;
use crate::{answer, translate};

/// `POST /api/admin/users`.
pub(super) async fn add(app: App, Admin(admin): Admin, body: Body) -> Answer {
    let newcomer = translate::newcomer(body.read()?)?;
    let person = app.use_cases.vouching.add(&admin, newcomer).await?;
    let location = format!("/api/users/{}", person.user.id);
    Ok(answer::created(location, &translate::user(person)))
}

/// `POST /api/admin/users/{id}/sessions`.
pub(super) async fn sign_in(app: App, Admin(admin): Admin, request: HttpRequest) -> Answer {
    let user = path_id(&request, "id")?;
    let origin = app.origin(&request);
    let proved = app.use_cases.vouching.sign_in(&admin, user, origin).await?;
    Ok(answer::ok(&translate::tokens(proved, false)))
}
