//! The only file that maps error codes to HTTP statuses.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use application::Quota;
use domain::Failure;
use protocol::realtime::ServerFrame;
use protocol::{ErrorCode, FieldError, PROBLEM_JSON, Problem};

use super::words::{sentence, title};
use crate::answer;

/// How a request failed: what the client is told and, separately, what is logged.
pub(crate) struct ApiError(Box<Contents>);

/// Boxed, so that results of successful handlers do not carry the space for it.
struct Contents {
    code: ErrorCode,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    quota: Option<Quota>,
    cause: Option<Failure>,
}

/// The status of each code.
const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Malformed => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthenticated
        | ErrorCode::TokenExpired
        | ErrorCode::BadCredentials
        | ErrorCode::SessionRevoked
        | ErrorCode::RefreshReused => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::Banned
        | ErrorCode::Muted
        | ErrorCode::Blocked
        | ErrorCode::WrongPassword => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::EmailTaken
        | ErrorCode::UsernameTaken
        | ErrorCode::NameTaken
        | ErrorCode::OwnerMustHandOver
        | ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::InviteExpired | ErrorCode::MessageDeleted => StatusCode::GONE,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        ErrorCode::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::RateLimited | ErrorCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Unavailable | ErrorCode::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl ApiError {
    /// An error with a code and a sentence for people.
    pub(crate) fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Contents {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
            quota: None,
            cause: None,
        }))
    }

    /// The resource does not exist.
    pub(crate) fn not_found() -> Self {
        domain::Refusal::NotFound.into()
    }

    /// Whatever the framework responds with by itself, in our words.
    pub(crate) fn of_framework(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                ErrorCode::MethodNotAllowed,
                "this address does not answer to this method",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(ErrorCode::TooLarge, "the request is too large")
            }
            StatusCode::RANGE_NOT_SATISFIABLE => Self::new(
                ErrorCode::RangeNotSatisfiable,
                "there are no such bytes in this file",
            ),
            other if other.is_client_error() => {
                Self::new(ErrorCode::Malformed, "the request could not be understood")
            }
            _ => Self::new(ErrorCode::Internal, "something went wrong on our side"),
        }
    }

    /// Adds the fields that are to blame.
    pub(crate) fn about(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields = fields;
        self
    }

    /// Says after how long a retry makes sense.
    pub(crate) fn again_after(mut self, span: Duration) -> Self {
        self.0.retry_after = Some(span);
        self
    }

    /// Reports a limit that was reached.
    pub(super) fn limited(mut self, quota: Quota) -> Self {
        self.0.quota = Some(quota);
        self.again_after(quota.retry_after)
    }

    /// Reports what is left of a limit, unless one that was reached is reported already.
    pub(crate) fn beside(mut self, quota: Option<Quota>) -> Self {
        self.0.quota = self.0.quota.or(quota);
        self
    }

    /// Whether the state of a limit is reported.
    pub(crate) const fn tells_quota(&self) -> bool {
        self.0.quota.is_some()
    }

    /// Attaches the cause, which is logged and never sent.
    pub(super) fn because(mut self, cause: Failure) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// What went wrong, for programs.
    pub(crate) const fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Whether the same may succeed later: it is the server that failed.
    pub(crate) fn is_passing(&self) -> bool {
        status(self.code()).is_server_error()
    }

    /// What went wrong, for people.
    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The fields that are to blame.
    pub(crate) fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// After how many seconds a retry makes sense, if at all.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.0.retry_after.map(answer::whole_seconds)
    }

    /// Logs the failure, once. Mistakes of clients are only logged for debugging.
    pub(crate) fn log(&self, request_id: &str) {
        let code = self.code().as_str();
        let detail = &self.0.detail;
        match &self.0.cause {
            Some(cause) => {
                let error = cause.chain();
                tracing::error!(request_id, code, %error, "a request failed");
            }
            None if self.status_code().is_server_error() => {
                tracing::error!(request_id, code, error = %detail, "a request failed");
            }
            None => {
                tracing::debug!(request_id, code, error = %detail, "a request was refused");
            }
        }
    }

    /// The error frame on a WebSocket, for the command with this id.
    pub(crate) fn frame(&self, id: Option<u64>) -> ServerFrame {
        ServerFrame::Error {
            id,
            code: self.code(),
            message: sentence(&self.0.detail),
            errors: self.0.fields.clone(),
            retry_after: self.0.retry_after.map(answer::whole_seconds),
        }
    }

    /// The problem document that the client reads.
    pub(crate) fn problem(&self, request_id: &str) -> Problem {
        Problem {
            kind: format!("urn:tertulia:problem:{}", self.code()),
            title: title(self.code()).to_owned(),
            status: self.status_code().as_u16(),
            detail: sentence(&self.0.detail),
            code: self.code(),
            request_id: request_id.to_owned(),
            errors: self.0.fields.clone(),
            retry_after: self.0.retry_after.map(answer::whole_seconds),
        }
    }

    /// The response, without the headers that [`ResponseError::error_response`] has put beside it.
    pub(crate) fn answer(&self, request_id: &str) -> HttpResponse {
        let status = self.status_code();
        let problem = self.problem(request_id);
        let mut response = HttpResponse::build(status);
        response.insert_header((CONTENT_TYPE, PROBLEM_JSON));
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = problem.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        match serde_json::to_vec(&problem) {
            Ok(body) => response.body(body),
            Err(_unwritable) => response.finish(),
        }
    }
}

impl Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("code", &self.0.code)
            .field("detail", &self.0.detail)
            .finish_non_exhaustive()
    }
}

/// Only so that handlers can use `?`: [`finish`](crate::finish), which knows the request's id,
/// writes the body.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status(self.code())
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        if let Some(quota) = &self.0.quota {
            answer::tell_quota(response.headers_mut(), quota);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_those_of_the_contract() {
        let of = |wanted: u16| -> Vec<&str> {
            let codes = ErrorCode::ALL.iter().copied();
            codes
                .filter(|code| status(*code).as_u16() == wanted)
                .map(ErrorCode::as_str)
                .collect()
        };
        assert_eq!(of(400), ["malformed"]);
        assert_eq!(
            of(401),
            [
                "unauthenticated",
                "token_expired",
                "bad_credentials",
                "session_revoked",
                "refresh_reused"
            ]
        );
        assert_eq!(
            of(403),
            ["forbidden", "banned", "muted", "blocked", "wrong_password"]
        );
        assert_eq!(of(404), ["not_found"]);
        assert_eq!(of(405), ["method_not_allowed"]);
        assert_eq!(
            of(409),
            [
                "email_taken",
                "username_taken",
                "name_taken",
                "owner_must_hand_over",
                "conflict"
            ]
        );
        assert_eq!(of(410), ["invite_expired", "message_deleted"]);
        assert_eq!(of(413), ["too_large"]);
        assert_eq!(of(415), ["unsupported_media_type"]);
        assert_eq!(of(416), ["range_not_satisfiable"]);
        assert_eq!(of(422), ["invalid"]);
        assert_eq!(of(429), ["rate_limited", "too_many"]);
        assert_eq!(of(500), ["internal"]);
        assert_eq!(of(503), ["unavailable", "overloaded"]);
    }
}
