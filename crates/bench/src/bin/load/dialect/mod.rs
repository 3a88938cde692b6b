//! The protocols of the servers that are measured.

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

/// The protocol of a server.
pub(crate) trait Dialect: Sync {
    /// The request that opens a connection, with a token if there is one.
    fn request(&self, token: Option<&str>) -> Vec<u8>;

    /// Whether a client may send as soon as it is connected. If not, the server says when.
    fn ready_at_once(&self) -> bool {
        false
    }

    /// The text that joins rooms, each from the last rev that the client knows, if any.
    fn subscribe(&self, rooms: &[(&str, Option<u64>)]) -> String;

    /// The text that posts a message. The acknowledgement repeats the number.
    fn send(&self, number: u64, room: &str, text: &str) -> String;

    /// Interprets a text from the server.
    fn hear<'a>(&self, said: &'a [u8]) -> Heard<'a>;
}
