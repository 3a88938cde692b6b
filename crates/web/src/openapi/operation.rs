//! One operation: what it takes, and everything that it may answer.

use actix_web::http::Method;
use protocol::schema::{Example, JsonSchema, Parameter, Schemas};
use protocol::{ErrorCode, Query, Request};
use serde::Serialize;
use serde_json::Value;

use super::content::Content;

/// A method of an address.
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
    pub(super) access: Access,
    pub(super) path_parameters: Vec<(&'static str, &'static str, Piece)>,
    pub(super) query: Option<fn(&mut Schemas) -> Vec<Parameter>>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    /// Why it may be refused, each once.
    pub(super) codes: Vec<ErrorCode>,
}

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody, and nobody is counted.
    Free,
    /// Anybody.
    Anyone,
    /// Whoever shows an access token.
    SignedIn,
    /// Whoever has a refresh token, in the body or in the cookie.
    Refresh,
    /// Whoever shows any of these.
    Token,
    /// Anybody, and whoever shows an access token is signed in at once.
    Socket,
    /// Whoever shows the token of administrators.
    Admin,
    /// This machine, or whoever knows the token of the metrics.
    Metrics,
}

/// What a piece of the path has to look like.
#[derive(Clone, Copy)]
pub(super) enum Piece {
    /// An id.
    Id,
    /// The code of an invite.
    Code,
    /// One emoji.
    Emoji,
    /// Words to look for.
    Words,
}

/// The body of a request.
pub(super) struct Body {
    pub(super) content: Content,
    pub(super) required: bool,
}

/// One way in which it goes well.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) content: Option<Content>,
    /// What else it may be written in, for those who ask for it.
    pub(super) other: Option<Content>,
    pub(super) headers: Vec<&'static str>,
}

/// Reads something.
pub(super) fn get(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::GET, path, id, summary)
}

/// Makes something.
pub(super) fn post(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::POST, path, id, summary)
}

/// Has something be so.
pub(super) fn put(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::PUT, path, id, summary)
}

/// Changes something.
pub(super) fn patch(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::PATCH, path, id, summary)
}

/// Takes something away.
pub(super) fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::DELETE, path, id, summary)
}

impl Operation {
    /// Whatever is counted may be too often, and whatever is done may fail.
    fn new(method: Method, path: &'static str, id: &'static str, summary: &'static str) -> Self {
        let operation = Self {
            method,
            path,
            id,
            summary,
            description: "",
            access: Access::Anyone,
            path_parameters: Vec::new(),
            query: None,
            body: None,
            answers: Vec::new(),
            codes: Vec::new(),
        };
        operation.refuses(&[
            ErrorCode::RateLimited,
            ErrorCode::Internal,
            ErrorCode::Unavailable,
            ErrorCode::Overloaded,
        ])
    }

    /// What there is to say beyond the summary.
    pub(super) const fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Only for those who are signed in.
    pub(super) fn signed_in(mut self) -> Self {
        self.access = Access::SignedIn;
        self.refuses(&[
            ErrorCode::Unauthenticated,
            ErrorCode::TokenExpired,
            ErrorCode::SessionRevoked,
        ])
    }

    /// Only for administrators of the deployment.
    pub(super) fn for_administrators(mut self) -> Self {
        self.access = Access::Admin;
        self.refuses(&[ErrorCode::Unauthenticated])
    }

    /// For those who show something else, or nothing.
    pub(super) const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Not counted, and it asks no store.
    pub(super) fn free(mut self) -> Self {
        self.access = Access::Free;
        self.codes.clear();
        self
    }

    /// A piece of the path is an id. What is no id names nothing.
    pub(super) fn id_in_path(self, name: &'static str, description: &'static str) -> Self {
        self.in_path(name, description, Piece::Id)
            .refuses(&[ErrorCode::NotFound])
    }

    /// A piece of the path.
    pub(super) fn in_path(
        mut self,
        name: &'static str,
        description: &'static str,
        piece: Piece,
    ) -> Self {
        self.path_parameters.push((name, description, piece));
        self
    }

    /// It reads a query.
    pub(super) fn asks<Q: Query + JsonSchema>(mut self) -> Self {
        self.query = Some(Schemas::query::<Q>);
        self.refuses(&[ErrorCode::Invalid])
    }

    /// It reads a body.
    pub(super) fn takes<T: Request + JsonSchema + Example + Serialize>(mut self) -> Self {
        self.body = Some(Body {
            content: Content::request::<T>(),
            required: !T::MAY_BE_EMPTY,
        });
        self.refuses(&[
            ErrorCode::Malformed,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::Invalid,
        ])
    }

    /// It reads a form with one file.
    pub(super) fn takes_file(mut self) -> Self {
        self.body = Some(Body {
            content: Content::form(),
            required: true,
        });
        self.refuses(&[
            ErrorCode::Malformed,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::Invalid,
        ])
    }

    /// 200 with a file, 206 with some of it, 304 to whoever has it.
    pub(super) fn hands_out(self, description: &'static str) -> Self {
        let with = |operation: Self| {
            operation
                .with_header("ETag")
                .with_header("Content-Disposition")
        };
        let whole = with(self.answers(200, description, Some(Content::file())));
        let some = whole.answers(206, "The bytes that were asked for.", Some(Content::file()));
        with(some)
            .with_header("Content-Range")
            .answers(304, "You have it.", None)
            .with_header("ETag")
            .refuses(&[ErrorCode::RangeNotSatisfiable])
    }

    /// 200 with this.
    pub(super) fn shows<T: JsonSchema + Example + Serialize>(
        self,
        description: &'static str,
    ) -> Self {
        self.answers(200, description, Some(Content::answer::<T>()))
    }

    /// 201 with this, and where it will be found.
    pub(super) fn makes<T: JsonSchema + Example + Serialize>(
        self,
        description: &'static str,
    ) -> Self {
        self.answers(201, description, Some(Content::answer::<T>()))
            .with_header("Location")
    }

    /// 204.
    pub(super) fn done(self, description: &'static str) -> Self {
        self.answers(204, description, None)
    }

    /// 200 with a text of this type.
    pub(super) fn writes(self, kind: &'static str, description: &'static str) -> Self {
        self.answers(200, description, Some(Content::text(kind)))
    }

    /// 503, and what is missing.
    pub(super) fn unready<T: JsonSchema + Example + Serialize>(
        self,
        description: &'static str,
    ) -> Self {
        self.answers(503, description, Some(Content::answer::<T>()))
    }

    /// A status with this or nothing.
    pub(super) fn answers(
        mut self,
        status: u16,
        description: &'static str,
        content: Option<Content>,
    ) -> Self {
        self.answers.push(Answer {
            status,
            description,
            content,
            other: None,
            headers: Vec::new(),
        });
        self
    }

    /// The last answer may also be a stream of events, which a schema tells.
    pub(super) fn or_streams(mut self, events: fn(&mut Schemas) -> Value) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.other = Some(Content::events(events));
        }
        self
    }

    /// The last answer has this header as well.
    pub(super) fn with_header(mut self, name: &'static str) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers.push(name);
        }
        self
    }

    /// It may be refused for these reasons as well.
    pub(super) fn refuses(mut self, codes: &[ErrorCode]) -> Self {
        for code in codes {
            if !self.codes.contains(code) {
                self.codes.push(*code);
            }
        }
        self
    }

    /// What is no member's: strangers of a public room are told that they may not, others nothing.
    pub(super) fn of_a_room(self) -> Self {
        self.refuses(&[ErrorCode::NotFound, ErrorCode::Forbidden, ErrorCode::Banned])
    }

    /// Whether it is among those that are counted.
    pub(super) fn is_counted(&self) -> bool {
        !matches!(self.access, Access::Free | Access::Metrics)
    }
}
