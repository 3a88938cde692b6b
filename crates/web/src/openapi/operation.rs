//! One operation: its parameters, and all its responses.

use actix_web::http::Method;
use protocol::schema::{Example, JsonSchema, Parameter, Schemas};
use protocol::{ErrorCode, Query, Request};
use serde::Serialize;
use serde_json::Value;

use super::content::Content;

/// A method of a path.
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
    /// The codes with which it may be refused, without duplicates.
    pub(super) codes: Vec<ErrorCode>,
}

/// Who may call it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody, without rate limits.
    Free,
    /// Anybody.
    Anyone,
    /// Callers with an access token.
    SignedIn,
    /// Callers with a refresh token, in the body or in the cookie.
    Refresh,
    /// Callers with any of these tokens.
    Token,
    /// Anybody; a client that sends an access token is authenticated at once.
    Socket,
    /// Callers with the administrators' token.
    Admin,
    /// This machine, or callers with the metrics token.
    Metrics,
}

/// The format of a segment of the path.
#[derive(Clone, Copy)]
pub(super) enum Piece {
    /// An id.
    Id,
    /// The code of an invite.
    Code,
    /// One emoji.
    Emoji,
    /// Search terms.
    Words,
}

/// The body of a request.
pub(super) struct Body {
    pub(super) content: Content,
    pub(super) required: bool,
}

/// A successful response.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) content: Option<Content>,
    /// An alternative media type, for clients that ask for it.
    pub(super) other: Option<Content>,
    pub(super) headers: Vec<&'static str>,
}

/// An operation that reads something.
pub(super) fn get(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::GET, path, id, summary)
}

/// An operation that creates something.
pub(super) fn post(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::POST, path, id, summary)
}

/// An operation that puts something into a state.
pub(super) fn put(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::PUT, path, id, summary)
}

/// An operation that changes something.
pub(super) fn patch(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::PATCH, path, id, summary)
}

/// An operation that removes something.
pub(super) fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::DELETE, path, id, summary)
}

impl Operation {
    /// Every operation that is rate-limited may be refused for it, and every operation may fail.
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

    /// The description, beyond the summary.
    pub(super) const fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Requires an access token.
    pub(super) fn signed_in(mut self) -> Self {
        self.access = Access::SignedIn;
        self.refuses(&[
            ErrorCode::Unauthenticated,
            ErrorCode::TokenExpired,
            ErrorCode::SessionRevoked,
        ])
    }

    /// Requires the token of the deployment's administrators.
    pub(super) fn for_administrators(mut self) -> Self {
        self.access = Access::Admin;
        self.refuses(&[ErrorCode::Unauthenticated])
    }

    /// Requires other credentials, or none.
    pub(super) const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Not rate-limited, and independent of the store.
    pub(super) fn free(mut self) -> Self {
        self.access = Access::Free;
        self.codes.clear();
        self
    }

    /// A segment of the path is an id. A segment that is not an id is not found.
    pub(super) fn id_in_path(self, name: &'static str, description: &'static str) -> Self {
        self.in_path(name, description, Piece::Id)
            .refuses(&[ErrorCode::NotFound])
    }

    /// A segment of the path.
    pub(super) fn in_path(
        mut self,
        name: &'static str,
        description: &'static str,
        piece: Piece,
    ) -> Self {
        self.path_parameters.push((name, description, piece));
        self
    }

    /// It takes a query.
    pub(super) fn asks<Q: Query + JsonSchema>(mut self) -> Self {
        self.query = Some(Schemas::query::<Q>);
        self.refuses(&[ErrorCode::Invalid])
    }

    /// It takes a body.
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

    /// It takes a form with one file.
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

    /// 200 with a file, 206 with part of it, 304 for clients that have it.
    pub(super) fn hands_out(self, description: &'static str) -> Self {
        let with = |operation: Self| {
            operation
                .with_header("ETag")
                .with_header("Content-Disposition")
        };
        let whole = with(self.answers(200, description, Some(Content::file())));
        let some = whole.answers(206, "The requested bytes.", Some(Content::file()));
        with(some)
            .with_header("Content-Range")
            .answers(304, "The content is what `If-None-Match` names.", None)
            .with_header("ETag")
            .refuses(&[ErrorCode::RangeNotSatisfiable])
    }

    /// 200 with a body of this type.
    pub(super) fn shows<T: JsonSchema + Example + Serialize>(
        self,
        description: &'static str,
    ) -> Self {
        self.answers(200, description, Some(Content::answer::<T>()))
    }

    /// 201 with a body of this type and its `Location`.
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

    /// 200 with text of this media type.
    pub(super) fn writes(self, kind: &'static str, description: &'static str) -> Self {
        self.answers(200, description, Some(Content::text(kind)))
    }

    /// 503 with a body that says what is unavailable.
    pub(super) fn unready<T: JsonSchema + Example + Serialize>(
        self,
        description: &'static str,
    ) -> Self {
        self.answers(503, description, Some(Content::answer::<T>()))
    }

    /// A response with this status, with a body or without.
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

    /// The last response may also be a stream of events, described by a schema.
    pub(super) fn or_streams(mut self, events: fn(&mut Schemas) -> Value) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.other = Some(Content::events(events));
        }
        self
    }

    /// The last response has this header as well.
    pub(super) fn with_header(mut self, name: &'static str) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers.push(name);
        }
        self
    }

    /// It may also be refused with these codes.
    pub(super) fn refuses(mut self, codes: &[ErrorCode]) -> Self {
        for code in codes {
            if !self.codes.contains(code) {
                self.codes.push(*code);
            }
        }
        self
    }

    /// The refusals to non-members: strangers to a public room are forbidden, others get a 404.
    pub(super) fn of_a_room(self) -> Self {
        self.refuses(&[ErrorCode::NotFound, ErrorCode::Forbidden, ErrorCode::Banned])
    }

    /// Whether it is rate-limited.
    pub(super) fn is_counted(&self) -> bool {
        !matches!(self.access, Access::Free | Access::Metrics)
    }
}
