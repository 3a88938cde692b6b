//! Members and bans of rooms.

use actix_web::HttpRequest;
use application::rooms::MemberList;
use domain::UserId;
use protocol::{rest, shape};

use super::{Answer, App};
use crate::body::{Body, path_id, query};
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/rooms/{id}/users`.
pub(super) async fn list(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::MembersQuery = query(&request)?;
    let room = path_id(&request, "id")?;
    let wanted = MemberList {
        after: form.cursor.map(UserId::from_uuid),
        limit: translate::page_size(form.limit),
        online_only: form.online,
    };
    let page = app
        .use_cases
        .list_members
        .run(&caller, room, wanted)
        .await?;
    Ok(answer::ok(&translate::member_page(page)))
}

/// `PATCH /api/rooms/{id}/users/{userId}`.
pub(super) async fn change(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let changes = translate::member_changes(&body.read()?);
    let (room, user) = (path_id(&request, "id")?, path_id(&request, "user")?);
    let use_case = &app.use_cases.change_member;
    let view = use_case.run(&caller, room, user, changes).await?;
    Ok(answer::ok(&translate::member(view)))
}

/// `DELETE /api/rooms/{id}/users/{userId}`.
pub(super) async fn remove(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::RemoveQuery = query(&request)?;
    let (room, user) = (path_id(&request, "id")?, path_id(&request, "user")?);
    let removed = app
        .use_cases
        .remove_member
        .run(&caller, room, user, form.ban);
    removed.await?;
    Ok(answer::nothing())
}

/// `GET /api/rooms/{id}/bans`.
pub(super) async fn bans(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let room = path_id(&request, "id")?;
    let bans = app.use_cases.bans.list(&caller, room).await?;
    Ok(answer::ok(&shape::Bans {
        bans: bans.into_iter().map(translate::ban).collect(),
    }))
}

/// `DELETE /api/rooms/{id}/bans/{userId}`.
pub(super) async fn lift_ban(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let (room, user) = (path_id(&request, "id")?, path_id(&request, "user")?);
    app.use_cases.bans.lift(&caller, room, user).await?;
    Ok(answer::nothing())
}
