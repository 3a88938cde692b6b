//! The protocol as a document.

/// The protocol as an AsyncAPI 3.0 document, in JSON. Tests hold it to the types of this module: the
/// messages, each of their fields, the words, the bounds and the close codes.
pub const fn asyncapi() -> &'static str {
    include_str!("asyncapi.json")
}
