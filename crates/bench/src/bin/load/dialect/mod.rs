//! What clients of each server say and hear.

mod bare;
mod native;
mod rooms;
mod socketio;
mod text;

pub(crate) use bare::Bare;
pub(crate) use native::Native;
pub(crate) use rooms::Rooms;
pub(crate) use socketio::SocketIo;
pub(crate) use text::Heard;

/// The language of a server.
pub(crate) trait Dialect: Sync {
    /// What opens a connection, maybe as somebody.
    fn request(&self, token: Option<&str>) -> Vec<u8>;

    /// Whether a client may speak as soon as it is connected. Else the server says so.
    fn ready_at_once(&self) -> bool {
        false
    }

    /// What joins rooms, each with the last change of it that the client knows, if it knows any.
    fn subscribe(&self, rooms: &[(&str, Option<u64>)]) -> String;

    /// What posts a text. The number comes back in the acknowledgement.
    fn send(&self, number: u64, room: &str, text: &str) -> String;

    /// What something that was said means.
    fn hear<'a>(&self, said: &'a [u8]) -> Heard<'a>;
}
