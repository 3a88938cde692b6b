//! Files.

use protocol::ErrorCode::{Blocked, Muted, SessionRevoked};
use protocol::{rest, shape};

use super::operation::{Operation, get, post, put};

const FILE: &str = "Which file.";

/// What can be done about files.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("/api/media", "uploadMedia", "Upload a file")
            .says("For the members of a room, to be attached to a message there; or a picture of yourself, where no room is named. What it is, its bytes say. Of pictures only what shows them is kept: where and when they were taken is not. It is looked at afterwards, of which a `media` frame tells.")
            .signed_in()
            .asks::<rest::UploadQuery>()
            .takes_file()
            .of_a_room()
            .refuses(&[Muted, Blocked])
            .makes::<shape::Media>("The file, in `processing`."),
        file(get("/api/media/{id}", "readMedia", "Read a file"))
            .says("Shown `inline` only if it is a picture, a film or a sound that browsers show without running anything of it; anything else is kept.")
            .hands_out("The file."),
        file(get("/api/media/{id}/thumbnail", "readThumbnail", "Read the small picture of a file"))
            .says("A JPEG of at most 512 by 512.")
            .hands_out("The small picture."),
        put("/api/users/me/avatar", "putAvatar", "Show a picture of yourself")
            .says("PNG, JPEG, GIF or WebP. To show none, `PATCH /api/users/me` with `avatarMediaId` null.")
            .signed_in()
            .takes_file()
            .refuses(&[SessionRevoked])
            .shows::<shape::User>("You, as you are now."),
    ]
}

fn file(operation: Operation) -> Operation {
    operation.signed_in().id_in_path("id", FILE).of_a_room()
}
