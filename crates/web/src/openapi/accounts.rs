//! Signing up, in and out, and the caller's sessions.

use protocol::ErrorCode::{
    BadCredentials, EmailTaken, Forbidden, NotFound, RefreshReused, SessionRevoked, TokenExpired,
    Unauthenticated, UsernameTaken, WrongPassword,
};
use protocol::{rest, shape};

use super::operation::{Access, Operation, delete, get, post};

/// Operations on accounts and sessions.
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
        .says("Ends all of your sessions, including this one, and closes their sockets.")
        .signed_in()
        .done("The sessions have ended."),
        get("/api/auth/sessions", "listSessions", "List your sessions")
            .says("The devices on which you are signed in.")
            .signed_in()
            .shows::<shape::Sessions>("Your active sessions."),
        delete("/api/auth/sessions/{id}", "endSession", "End a session")
            .says("Signs a device out and closes its sockets.")
            .signed_in()
            .id_in_path("id", "The id of one of your sessions.")
            .done("The session has ended."),
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
        .says("Ends all of your other sessions.")
        .signed_in()
        .takes::<rest::ChangePassword>()
        .refuses(&[WrongPassword])
        .done("The password has changed."),
    ]
}

fn register(path: &'static str, id: &'static str) -> Operation {
    post(path, id, "Register")
        .says("Creates an account and signs it in. One of `displayName`, `name` and `username` is required; the server derives the others.")
        .takes::<rest::Register>()
        .asks::<rest::CookieQuery>()
        .refuses(&[Forbidden, EmailTaken, UsernameTaken])
        .makes::<shape::Tokens>("The account was created, and you are signed in.")
        .with_header("Set-Cookie")
}

fn log_in(path: &'static str, id: &'static str) -> Operation {
    post(path, id, "Sign in")
        .says("By e-mail address or username. A wrong name and a wrong password get the same response, after the same time.")
        .takes::<rest::Login>()
        .asks::<rest::CookieQuery>()
        .refuses(&[BadCredentials, Forbidden])
        .shows::<shape::Tokens>("You are signed in.")
        .with_header("Set-Cookie")
}

fn refresh() -> Operation {
    post("/api/auth/refresh", "refresh", "Get the next tokens")
        .says("A refresh token can be used once, and is replaced by the next one. A repeat within 60 seconds gets the same response again; later, or once the next token has been used, the session ends, because the token has leaked.")
        .access(Access::Refresh)
        .takes::<rest::Refresh>()
        .asks::<rest::CookieQuery>()
        .refuses(&[Unauthenticated, SessionRevoked, RefreshReused, Forbidden])
        .shows::<shape::Tokens>("The next tokens.")
        .with_header("Set-Cookie")
}

fn log_out() -> Operation {
    post("/api/auth/logout", "logOut", "Sign out")
        .says("Ends the session of the refresh token in the body, or else of the access token, or else of the cookie. Closes its sockets.")
        .access(Access::Token)
        .takes::<rest::Logout>()
        .refuses(&[Unauthenticated, TokenExpired, SessionRevoked, Forbidden])
        .done("The session has ended.")
        .with_header("Set-Cookie")
}
