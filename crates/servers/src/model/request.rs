//! Calls to the model.

use serde_json::Value;

/// A call of the chat completions, as it was received.
#[derive(Clone, Debug)]
pub struct Request {
    /// The value of its `Authorization` header.
    pub authorization: Option<String>,
    /// Its body.
    pub body: Value,
}

impl Request {
    /// The texts of its messages, in order.
    pub fn texts(&self) -> Vec<&str> {
        self.messages()
            .iter()
            .filter_map(|message| message.get("content")?.as_str())
            .collect()
    }

    /// The texts of its messages with this role, for example `system` or `user`.
    pub fn said_by(&self, role: &str) -> String {
        let of_role = |message: &&Value| message.get("role").and_then(Value::as_str) == Some(role);
        self.messages()
            .iter()
            .filter(of_role)
            .filter_map(|message| message.get("content")?.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The requested response format, for example `json_schema` or `json_object`.
    pub fn format(&self) -> Option<&str> {
        self.body.get("response_format")?.get("type")?.as_str()
    }

    /// How many input tokens it has by the model's count: one for every four characters of its messages.
    pub fn tokens(&self) -> u64 {
        self.texts().iter().map(|text| tokens(text)).sum()
    }

    pub(crate) fn streams(&self) -> bool {
        self.body.get("stream") == Some(&Value::Bool(true))
    }

    /// Whether it asks for token counts.
    pub fn wants_usage(&self) -> bool {
        let options = self.body.get("stream_options");
        options.and_then(|it| it.get("include_usage")) == Some(&Value::Bool(true))
    }

    fn messages(&self) -> &[Value] {
        let messages = self.body.get("messages").and_then(Value::as_array);
        messages.map(Vec::as_slice).unwrap_or_default()
    }
}

/// The number of tokens in a text.
pub(crate) fn tokens(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(4)).unwrap_or(u64::MAX)
}
