//! Other people.

use std::borrow::Cow;

use actix_web::{HttpRequest, web};
use application::{Caller, Person};
use domain::UserId;
use protocol::{read_pairs, rest, shape};

use super::{Answer, App};
use crate::body::{path_id, query};
use crate::error::ApiError;
use crate::gate::SignedIn;
use crate::state::State;
use crate::{answer, translate};

/// `GET /api/users?ids=`.
pub(super) async fn list(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::UsersQuery = query(&request)?;
    let ids: Vec<UserId> = form.ids.into_iter().map(UserId::from_uuid).collect();
    let people = app.use_cases.read_people.run(&caller, &ids).await?;
    Ok(answer::ok(&users(people)))
}

/// `GET /api/users/{id}`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    let mut found = app.use_cases.read_people.run(&caller, &[id]).await?;
    let person = found.pop().ok_or_else(ApiError::not_found)?;
    Ok(answer::ok(&translate::user(person)))
}

/// `GET /api/users/online`.
pub(super) async fn online(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::PageQuery = query(&request)?;
    let after = form.cursor.map(UserId::from_uuid);
    let limit = translate::page_size(form.limit);
    let page = app
        .use_cases
        .online_people
        .run(&caller, after, limit)
        .await?;
    Ok(answer::ok(&translate::user_page(page)))
}

/// `GET /api/users/search?q=`.
pub(super) async fn search(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    found(&app, &caller, query(&request)?).await
}

/// `GET /api/users/search/{query}`.
pub(super) async fn search_by_path(
    app: App,
    SignedIn(caller): SignedIn,
    path: web::Path<String>,
) -> Answer {
    let pair = (Cow::Borrowed("q"), Cow::Owned(path.into_inner()));
    found(&app, &caller, read_pairs([pair])?).await
}

async fn found(state: &State, caller: &Caller, form: rest::PeopleQuery) -> Answer {
    let sought = translate::sought(form.q)?;
    let people = state.use_cases.search_people.run(caller, &sought).await?;
    Ok(answer::ok(&users(people)))
}

fn users(people: Vec<Person>) -> shape::Users {
    shape::Users {
        users: translate::users(people),
    }
}

/// `PUT /api/users/{id}/block`.
pub(super) async fn block(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    app.use_cases.block.run(&caller, id).await?;
    Ok(answer::nothing())
}

/// `DELETE /api/users/{id}/block`.
pub(super) async fn unblock(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    app.use_cases.block.lift(&caller, id).await?;
    Ok(answer::nothing())
}
