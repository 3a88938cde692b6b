//! Signing up, in and out.

use actix_web::{HttpRequest, HttpResponse};
use application::account::{Credentials, Ending};
use application::{Quota, SignedIn as Proved};
use domain::{RefreshToken, Refusal};
use protocol::{rest, shape};

use super::{Answer, App, cookie};
use crate::body::Body;
use crate::error::ApiError;
use crate::gate::{Perhaps, SignedIn};
use crate::state::State;
use crate::{answer, translate};

/// `POST /api/auth/register`, `/api/users`, `/auth/register`.
pub(super) async fn register(app: App, request: HttpRequest, body: Body) -> Answer {
    let ip = app.origin(&request).ip;
    let answer = registered(&app, &request, body).await;
    counted(answer, app.use_cases.register.quota(ip).await)
}

async fn registered(app: &State, request: &HttpRequest, body: Body) -> Answer {
    let account = translate::new_account(body.read()?)?;
    let wish = cookie::wish(request, &app.options)?;
    let origin = app.origin(request);
    let proved = app.use_cases.register.run(account, origin).await?;
    let location = format!("/api/users/{}", proved.person.user.id);
    Ok(told(app, proved, wish, |tokens| {
        answer::created(location, tokens)
    }))
}

/// `POST /api/auth/login`, `/auth/login`.
pub(super) async fn log_in(app: App, request: HttpRequest, body: Body) -> Answer {
    let ip = app.origin(&request).ip;
    let answer = logged_in(&app, &request, body).await;
    counted(answer, app.use_cases.log_in.quota(ip).await)
}

async fn logged_in(app: &State, request: &HttpRequest, body: Body) -> Answer {
    let form: rest::Login = body.read()?;
    let wish = cookie::wish(request, &app.options)?;
    let credentials = Credentials {
        login: form.email,
        password: form.password.into_revealed(),
    };
    let origin = app.origin(request);
    let proved = app.use_cases.log_in.run(credentials, origin).await?;
    Ok(told(app, proved, wish, answer::ok))
}

/// Reports what is left of a limit, whatever the outcome, unless one that was reached is reported.
fn counted(answer: Answer, quota: Option<Quota>) -> Answer {
    let mut response = answer.map_err(|error| error.beside(quota))?;
    if let Some(quota) = quota {
        answer::tell_quota(response.headers_mut(), &quota);
    }
    Ok(response)
}

/// `POST /api/auth/refresh`. A token that came in the cookie is replaced in the cookie.
pub(super) async fn refresh(app: App, request: HttpRequest, body: Body) -> Answer {
    let form: rest::Refresh = body.read()?;
    let mut wish = cookie::wish(&request, &app.options)?;
    wish.cookie |= form.refresh_token.is_none();
    let token = match form.refresh_token {
        Some(token) => Some(RefreshToken::from_string(token.into_revealed())),
        None => cookie::held(&request, &app.options)?,
    };
    let token = token.ok_or(Refusal::Unauthenticated)?;
    let origin = app.origin(&request);
    let proved = app.use_cases.refresh.run(token, origin).await?;
    Ok(told(&app, proved, wish, answer::ok))
}

/// Responds with tokens, with the refresh token in the cookie if that was asked for.
fn told(
    state: &State,
    proved: Proved,
    wish: rest::CookieQuery,
    answer: impl FnOnce(&shape::Tokens) -> HttpResponse,
) -> HttpResponse {
    let until = proved.session.expires_at;
    let held = wish
        .cookie
        .then(|| cookie::holding(&proved.refresh, until, &state.options));
    let mut response = answer(&translate::tokens(proved, wish.cookie));
    if let Some(held) = held {
        cookie::put(&mut response, &held);
    }
    response
}

/// `POST /api/auth/logout`: by the token in the body, else by the caller's session, else by the
/// cookie. A caller with an access token need not have sent a valid refresh token.
pub(super) async fn log_out(
    app: App,
    Perhaps(caller): Perhaps,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let form: rest::Logout = body.read()?;
    let held = cookie::held(&request, &app.options)?;
    let has_cookie = held.is_some();
    let ending = match (form.refresh_token, caller, held) {
        (Some(token), caller, _) => {
            let token = RefreshToken::from_string(token.into_revealed());
            match caller {
                Ok(caller) => Ending::TokenOr(token, caller),
                Err(_) => Ending::Token(token),
            }
        }
        (None, Ok(caller), _) => Ending::Session(caller),
        (None, Err(_), Some(token)) => Ending::Token(token),
        (None, Err(refusal), None) => return Err(ApiError::from(refusal)),
    };
    app.use_cases.log_out.run(ending).await?;
    let mut response = answer::nothing();
    if has_cookie {
        cookie::forget(&mut response, &app.options);
    }
    Ok(response)
}

/// `POST /api/auth/password`.
pub(super) async fn change_password(
    app: App,
    SignedIn(caller): SignedIn,
    request: HttpRequest,
    body: Body,
) -> Answer {
    let form: rest::ChangePassword = body.read()?;
    let new = translate::new_password("new", form.new)?;
    let current = form.current.into_revealed();
    let ip = app.origin(&request).ip;
    let change = &app.use_cases.change_password;
    change.run(&caller, current, new, ip).await?;
    Ok(answer::nothing())
}
