//! The realtime protocol as an AsyncAPI document.

/// The protocol as an AsyncAPI 3.0 document, in JSON. Tests check it against the types of this module:
/// the messages, all of their fields, the words, the limits and the close codes.
pub const fn asyncapi() -> &'static str {
    include_str!("asyncapi.json")
}
