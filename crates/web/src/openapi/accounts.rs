//! Signing up, in and out, and the caller's devices.

use protocol::ErrorCode::{
    BadCredentials, EmailTaken, Forbidden, NotFound, RefreshReused, SessionRevoked, TokenExpired,
    Unauthenticated, UsernameTaken, WrongPassword,
};
use protocol::{rest, shape};

use super::operation::{Access, Operation, delete, get, post};

/// What can be done about accounts and sessions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        register("/api/auth/register", "register"),
        register("/auth/register", "registerShort"),
        register("/api/users", "registerUser"),
        log_in("/api/auth/login", "logIn"),
        log_in("/auth/login", "logInShort"),
        refresh(),
        log_out(),
        post(
            "/api/auth/logout-all",
            "logOutEverywhere",
            "End all sessions",
        )
        .says("Every session of yours ends, this one too, with its sockets.")
        .signed_in()
        .done("They have ended."),
        get("/api/auth/sessions", "listSessions", "List your sessions")
            .says("The devices on which you are signed in.")
            .signed_in()
            .shows::<shape::Sessions>("All that have not ended."),
        delete("/api/auth/sessions/{id}", "endSession", "End a session")
            .says("Signs a device out. Its sockets close.")
            .signed_in()
            .id_in_path("id", "Which session of yours.")
            .done("It has ended."),
        get("/api/auth/me", "readOwnAccount", "Read your account")
            .says("The same as `GET /api/users/me`.")
            .signed_in()
            .refuses(&[NotFound])
            .shows::<shape::User>("You, with `email` and `profile`."),
        post(
            "/api/auth/password",
            "changePassword",
            "Change your password",
        )
        .says("Every other session of yours ends.")
        .signed_in()
        .takes::<rest::ChangePassword>()
        .refuses(&[WrongPassword])
        .done("It has changed."),
    ]
}

fn register(path: &'static str, id: &'static str) -> Operation {
    post(path, id, "Register")
        .says("Makes an account and signs it in. One of `displayName`, `name` and `username` has to be there; the server derives the others.")
        .takes::<rest::Register>()
        .asks::<rest::CookieQuery>()
        .refuses(&[Forbidden, EmailTaken, UsernameTaken])
        .makes::<shape::Tokens>("The account is made; you are signed in.")
        .with_header("Set-Cookie")
}

fn log_in(path: &'static str, id: &'static str) -> Operation {
    post(path, id, "Sign in")
        .says("By e-mail address or username. A wrong name and a wrong password are told in the same words, after the same time.")
        .takes::<rest::Login>()
        .asks::<rest::CookieQuery>()
        .refuses(&[BadCredentials, Forbidden])
        .shows::<shape::Tokens>("You are signed in.")
        .with_header("Set-Cookie")
}

fn refresh() -> Operation {
    post("/api/auth/refresh", "refresh", "Get the next tokens")
        .says("A refresh token is for one use and is answered with the next one. Repeated within 60 seconds, the same answer comes again; later, or once the next one has been used, the session ends: somebody else has the token.")
        .access(Access::Refresh)
        .takes::<rest::Refresh>()
        .asks::<rest::CookieQuery>()
        .refuses(&[Unauthenticated, SessionRevoked, RefreshReused, Forbidden])
        .shows::<shape::Tokens>("The next tokens.")
        .with_header("Set-Cookie")
}

fn log_out() -> Operation {
    post("/api/auth/logout", "logOut", "Sign out")
        .says("Ends the session of the refresh token in the body, or else of the access token, or else of the cookie. Its sockets close.")
        .access(Access::Token)
        .takes::<rest::Logout>()
        .refuses(&[Unauthenticated, TokenExpired, SessionRevoked, Forbidden])
        .done("The session has ended.")
        .with_header("Set-Cookie")
}
