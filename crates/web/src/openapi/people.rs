//! People, and the caller's own account.

use protocol::ErrorCode::{
    Invalid, NotFound, OwnerMustHandOver, SessionRevoked, UsernameTaken, WrongPassword,
};
use protocol::{rest, shape};

use super::operation::{Operation, Piece, delete, get, patch, put};

/// Operations on people.
#[expect(
    clippy::too_many_lines,
    reason = "a table, an entry for each operation"
)]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/users", "listUsers", "Read several users")
            .says("Unknown ids are left out.")
            .signed_in()
            .asks::<rest::UsersQuery>()
            .shows::<shape::Users>("The users that exist."),
        get("/api/users/me", "readMe", "Read your account")
            .signed_in()
            .refuses(&[NotFound])
            .shows::<shape::User>("You, with `email` and `profile`."),
        patch("/api/users/me", "changeMe", "Change your account")
            .says("Omitted fields stay; null removes optional ones.")
            .signed_in()
            .takes::<rest::ChangeProfile>()
            .refuses(&[UsernameTaken, SessionRevoked])
            .shows::<shape::User>("You, as you are now."),
        delete("/api/users/me", "eraseMe", "Erase your account")
            .says(
                "What you wrote stays, under \"deleted user\"; everything else about you is deleted.",
            )
            .signed_in()
            .takes::<rest::EraseAccount>()
            .refuses(&[WrongPassword, OwnerMustHandOver])
            .done("The account has been erased."),
        get("/api/users/online", "listOnline", "Read who is online")
            .says("People with an open connection who share a room with you.")
            .signed_in()
            .asks::<rest::PageQuery>()
            .shows::<shape::UserPage>("A page of them."),
        get("/api/users/search", "searchUsers", "Search people")
            .says("By the beginnings of words in their names.")
            .signed_in()
            .asks::<rest::PeopleQuery>()
            .shows::<shape::Users>("At most 20."),
        get(
            "/api/users/search/{query}",
            "searchUsersByPath",
            "Search people",
        )
        .says("The same as `GET /api/users/search`.")
        .signed_in()
        .in_path("query", "The beginnings of words in their names.", Piece::Words)
        .refuses(&[Invalid])
        .shows::<shape::Users>("At most 20."),
        get("/api/users/{id}", "readUser", "Read a user")
            .says("`status`, `lastSeenAt` and `profile` are only shown to those who share a room.")
            .signed_in()
            .id_in_path("id", "The id of the user.")
            .shows::<shape::User>("The person."),
        put("/api/users/{id}/block", "block", "Block a user")
            .says("They can neither open a direct room with you nor write to it. They are not notified of the block.")
            .signed_in()
            .id_in_path("id", "Whom.")
            .refuses(&[Invalid])
            .done("They are blocked."),
        delete("/api/users/{id}/block", "unblock", "Unblock a user")
            .signed_in()
            .id_in_path("id", "Whom.")
            .refuses(&[Invalid])
            .done("They are no longer blocked."),
    ]
}
