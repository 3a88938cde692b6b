//! Accounts and sessions of people who have signed in elsewhere.

use protocol::ErrorCode::{EmailTaken, NotFound, UsernameTaken};
use protocol::{rest, shape};

use super::operation::{Operation, post};

/// What administrators of the deployment can do for people.
pub(super) fn operations() -> Vec<Operation> {
    let operations = vec![
        post("/api/admin/users", "addUser", "Add a user")
            .says("Creates an account that has no known password. One of `displayName`, `name` and `username` is required; the server derives the others.")
            .takes::<rest::AddUser>()
            .refuses(&[EmailTaken, UsernameTaken])
            .makes::<shape::User>("The user, with `email`. Keep the `id`."),
        post(
            "/api/admin/users/{id}/sessions",
            "signInUser",
            "Sign a user in",
        )
        .says("Opens a session for a user whom you have authenticated yourself. Hand the tokens to the user's client, which renews them with `POST /api/auth/refresh`.")
        .id_in_path("id", "The id of the user.")
        .shows::<shape::Tokens>("The session's first tokens."),
    ];
    let of_administrators = operations.into_iter().map(Operation::for_administrators);
    // Without the setting for the token there are no administrators, and these paths are not found.
    of_administrators
        .map(|it| it.refuses(&[NotFound]))
        .collect()
}
