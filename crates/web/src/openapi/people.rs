//! People, and the caller's own account.

use protocol::ErrorCode::{
    Invalid, NotFound, OwnerMustHandOver, SessionRevoked, UsernameTaken, WrongPassword,
};
use protocol::{rest, shape};

use super::operation::{Operation, Piece, delete, get, patch, put};

/// What can be done about people.
#[expect(
    clippy::too_many_lines,
    reason = "a table, an entry for each operation"
)]
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/api/users", "listUsers", "Read several people")
            .says("Those whom nobody knows are left out.")
            .signed_in()
            .asks::<rest::UsersQuery>()
            .shows::<shape::Users>("Those who are there."),
        get("/api/users/me", "readMe", "Read your account")
            .signed_in()
            .refuses(&[NotFound])
            .shows::<shape::User>("You, with `email` and `profile`."),
        patch("/api/users/me", "changeMe", "Change your account")
            .says("What is missing stays; null takes away what may be absent.")
            .signed_in()
            .takes::<rest::ChangeProfile>()
            .refuses(&[UsernameTaken, SessionRevoked])
            .shows::<shape::User>("You, as you are now."),
        delete("/api/users/me", "eraseMe", "Erase your account")
            .says(
                "What you wrote stays, under \"deleted user\"; everything else about you is gone.",
            )
            .signed_in()
            .takes::<rest::EraseAccount>()
            .refuses(&[WrongPassword, OwnerMustHandOver])
            .done("There is no such account any more."),
        get("/api/users/online", "listOnline", "Read who is online")
            .says("People with an open connection who share a room with you.")
            .signed_in()
            .asks::<rest::PageQuery>()
            .shows::<shape::UserPage>("A page of them."),
        get("/api/users/search", "searchUsers", "Look for people")
            .says("By the beginnings of words of their names.")
            .signed_in()
            .asks::<rest::PeopleQuery>()
            .shows::<shape::Users>("At most 20."),
        get(
            "/api/users/search/{query}",
            "searchUsersByPath",
            "Look for people",
        )
        .says("The same as `GET /api/users/search`.")
        .signed_in()
        .in_path("query", "What to look for in their names.", Piece::Words)
        .refuses(&[Invalid])
        .shows::<shape::Users>("At most 20."),
        get("/api/users/{id}", "readUser", "Read somebody")
            .says("`status`, `lastSeenAt` and `profile` are told to those who share a room.")
            .signed_in()
            .id_in_path("id", "Who.")
            .shows::<shape::User>("The person."),
        put("/api/users/{id}/block", "block", "Block somebody")
            .says("They can neither open nor write to a direct room with you, and are not told.")
            .signed_in()
            .id_in_path("id", "Whom.")
            .refuses(&[Invalid])
            .done("They are blocked."),
        delete("/api/users/{id}/block", "unblock", "Block somebody no more")
            .signed_in()
            .id_in_path("id", "Whom.")
            .refuses(&[Invalid])
            .done("They are not blocked."),
    ]
}
