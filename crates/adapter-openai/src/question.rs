//! The request as it goes over the wire.

use serde::Serialize;

/// How much of the wire format a server has to support. Each form is simpler than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The answer follows a schema.
    Schema,
    /// The answer is any JSON object.
    Object,
    /// Nothing but the messages.
    Plain,
}

impl Form {
    /// The next form to try with a server that rejects this one.
    pub(crate) const fn simpler(self) -> Option<Self> {
        match self {
            Self::Schema => Some(Self::Object),
            Self::Object => Some(Self::Plain),
            Self::Plain => None,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Question<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct Format {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<NamedSchema>,
}

#[derive(Serialize)]
struct NamedSchema {
    name: &'static str,
    strict: bool,
    schema: Object<Fields>,
}

/// Types rather than a JSON value, which would not keep the order of fields: models write an answer's
/// fields in the order of the schema, and what is streamed has to come first.
#[derive(Serialize)]
struct Object<P> {
    r#type: &'static str,
    properties: P,
    required: &'static [&'static str],
    #[serde(rename = "additionalProperties")]
    additional_properties: bool,
}

#[derive(Serialize)]
struct Fields {
    summary: Kind,
    bullets: List<Object<BulletFields>>,
}

#[derive(Serialize)]
struct BulletFields {
    text: Kind,
    seqs: List<Kind>,
}

#[derive(Serialize)]
struct Kind {
    r#type: &'static str,
}

#[derive(Serialize)]
struct List<I> {
    r#type: &'static str,
    items: I,
}

impl<'a> Question<'a> {
    pub(crate) fn new(
        model: &'a str,
        system: &'a str,
        data: &'a str,
        answer_tokens: u32,
        form: Form,
    ) -> Self {
        let message = |role, content| Message { role, content };
        Self {
            model,
            messages: [message("system", system), message("user", data)],
            stream: true,
            stream_options: (form != Form::Plain).then_some(StreamOptions {
                include_usage: true,
            }),
            max_completion_tokens: (form != Form::Plain).then_some(answer_tokens),
            response_format: match form {
                Form::Schema => Some(Format {
                    r#type: "json_schema",
                    json_schema: Some(schema()),
                }),
                Form::Object => Some(Format {
                    r#type: "json_object",
                    json_schema: None,
                }),
                Form::Plain => None,
            },
        }
    }
}

fn schema() -> NamedSchema {
    let kind = |r#type| Kind { r#type };
    let bullet = object(
        BulletFields {
            text: kind("string"),
            seqs: list(kind("integer")),
        },
        &["text", "seqs"],
    );
    let fields = Fields {
        summary: kind("string"),
        bullets: list(bullet),
    };
    NamedSchema {
        name: "summary",
        strict: true,
        schema: object(fields, &["summary", "bullets"]),
    }
}

const fn object<P>(properties: P, required: &'static [&'static str]) -> Object<P> {
    Object {
        r#type: "object",
        properties,
        required,
        additional_properties: false,
    }
}

const fn list<I>(items: I) -> List<I> {
    List {
        r#type: "array",
        items,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_streamed_comes_first_in_the_schema() {
        let question = Question::new("m", "s", "d", 10, Form::Schema);
        let json = serde_json::to_string(&question).unwrap();
        let schema = json.find("\"properties\":{\"summary\"");
        assert!(schema.is_some(), "{json}");
    }

    #[test]
    fn a_plain_question_has_nothing_that_a_server_might_not_know() {
        let question = Question::new("m", "s", "d", 10, Form::Plain);
        let json = serde_json::to_value(&question).unwrap();
        let fields: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["messages", "model", "stream"]);
    }
}
