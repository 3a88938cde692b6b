//! Files.

use protocol::ErrorCode::{Blocked, Muted, SessionRevoked};
use protocol::{rest, shape};

use super::operation::{Operation, get, post, put};

const FILE: &str = "The id of the file.";

/// Operations on files.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("/api/media", "uploadMedia", "Upload a file")
            .says("For the members of a room, to be attached to a message there; without a room, a profile picture. The type is detected from the content. Metadata of pictures, such as where and when they were taken, is removed. The file is processed afterwards, and a `media` frame announces the result.")
            .signed_in()
            .asks::<rest::UploadQuery>()
            .takes_file()
            .of_a_room()
            .refuses(&[Muted, Blocked])
            .makes::<shape::Media>("The file, in `processing`."),
        file(get("/api/media/{id}", "readMedia", "Read a file"))
            .says("Served as `inline` only if it is an image, a video or audio that browsers display without executing anything; everything else as an attachment.")
            .hands_out("The file."),
        file(get("/api/media/{id}/thumbnail", "readThumbnail", "Read the thumbnail of a file"))
            .says("A JPEG of at most 512 by 512.")
            .hands_out("The thumbnail."),
        put("/api/users/me/avatar", "putAvatar", "Set your profile picture")
            .says("PNG, JPEG, GIF or WebP. To remove it, `PATCH /api/users/me` with `avatarMediaId` null.")
            .signed_in()
            .takes_file()
            .refuses(&[SessionRevoked])
            .shows::<shape::User>("You, as you are now."),
    ]
}

fn file(operation: Operation) -> Operation {
    operation.signed_in().id_in_path("id", FILE).of_a_room()
}
