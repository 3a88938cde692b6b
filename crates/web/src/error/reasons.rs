//! Maps the reasons for which requests fail to the codes of the wire.

use std::time::Duration;

use application::Error;
use domain::{Failure, FieldProblem, Refusal, Retry};
use protocol::{ErrorCode, FieldCode, FieldError, ReadError};

use super::ApiError;

/// When to retry something that only time resolves, where nothing more precise is known.
const PATIENCE: Duration = Duration::from_mins(1);
/// When to retry while a backend is unavailable.
const OUTAGE: Duration = Duration::from_secs(5);
/// When to retry while a queue is full.
const RUSH: Duration = Duration::from_secs(1);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Limited(quota) => Self::new(
                ErrorCode::RateLimited,
                "you have done this too often in a short time: try again later",
            )
            .limited(quota),
            Error::Failed(failure) => failure.into(),
        }
    }
}

/// The code of each refusal.
const fn code(refusal: &Refusal) -> ErrorCode {
    match refusal {
        Refusal::Unauthenticated => ErrorCode::Unauthenticated,
        Refusal::TokenExpired => ErrorCode::TokenExpired,
        Refusal::BadCredentials => ErrorCode::BadCredentials,
        Refusal::SessionRevoked => ErrorCode::SessionRevoked,
        Refusal::RefreshReused => ErrorCode::RefreshReused,
        Refusal::Forbidden => ErrorCode::Forbidden,
        Refusal::Banned => ErrorCode::Banned,
        Refusal::Muted { .. } => ErrorCode::Muted,
        Refusal::Blocked => ErrorCode::Blocked,
        Refusal::WrongPassword => ErrorCode::WrongPassword,
        Refusal::NotFound => ErrorCode::NotFound,
        Refusal::EmailTaken => ErrorCode::EmailTaken,
        Refusal::UsernameTaken => ErrorCode::UsernameTaken,
        Refusal::NameTaken => ErrorCode::NameTaken,
        Refusal::OwnerMustHandOver => ErrorCode::OwnerMustHandOver,
        Refusal::Conflict(_) => ErrorCode::Conflict,
        Refusal::InviteExpired => ErrorCode::InviteExpired,
        Refusal::MessageDeleted => ErrorCode::MessageDeleted,
        Refusal::TooMany(_) => ErrorCode::TooMany,
        Refusal::TooLarge { .. } => ErrorCode::TooLarge,
        Refusal::Invalid(_) => ErrorCode::Invalid,
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let code = code(&refusal);
        match refusal {
            Refusal::Muted { until } => {
                let until = protocol::Timestamp::from_millis(until.as_millis());
                Self::new(code, format!("{refusal} until {until}"))
            }
            Refusal::TooMany(_) => Self::new(code, refusal.to_string()).again_after(PATIENCE),
            Refusal::Invalid(problems) => {
                let fields = problems.into_iter().map(field).collect();
                Self::new(code, "some fields are not acceptable").about(fields)
            }
            Refusal::Unauthenticated
            | Refusal::TokenExpired
            | Refusal::BadCredentials
            | Refusal::SessionRevoked
            | Refusal::RefreshReused
            | Refusal::Forbidden
            | Refusal::Banned
            | Refusal::Blocked
            | Refusal::WrongPassword
            | Refusal::NotFound
            | Refusal::EmailTaken
            | Refusal::UsernameTaken
            | Refusal::NameTaken
            | Refusal::OwnerMustHandOver
            | Refusal::Conflict(_)
            | Refusal::InviteExpired
            | Refusal::TooLarge { .. }
            | Refusal::MessageDeleted => Self::new(code, refusal.to_string()),
        }
    }
}

fn field(problem: FieldProblem) -> FieldError {
    FieldError {
        field: problem.field.to_owned(),
        code: field_code(problem.code),
        message: problem.message,
    }
}

/// The wire's code for a code of the domain. One that the wire does not have becomes the least
/// specific.
fn field_code(word: &str) -> FieldCode {
    let known = FieldCode::ALL.iter().find(|code| code.as_str() == word);
    known.copied().unwrap_or(FieldCode::Unusable)
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        let error = match failure.retry {
            Retry::Worthwhile => Self::new(
                ErrorCode::Unavailable,
                "a part of the server is away for the moment: try again, and a message with the same \
                 clientId is stored once",
            )
            .again_after(OUTAGE),
            Retry::Shortly => Self::new(
                ErrorCode::Overloaded,
                "the server has more to do than it can: nothing was done, so trying again is safe",
            )
            .again_after(RUSH),
            Retry::Useless => Self::new(ErrorCode::Internal, "something went wrong on our side"),
        };
        error.because(failure)
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        let detail = error.to_string();
        match error {
            ReadError::Malformed(_) => Self::new(ErrorCode::Malformed, detail),
            // A client that reads `errors` always finds the reason there.
            ReadError::NotAnObject => {
                let whole = FieldError::new("body", FieldCode::Type, "must be an object");
                Self::new(ErrorCode::Invalid, detail).about(vec![whole])
            }
            ReadError::Invalid(fields) => Self::new(ErrorCode::Invalid, detail).about(fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    #[test]
    fn a_silence_says_until_when() {
        let until = Timestamp::from_millis(0);
        let error = ApiError::from(Refusal::Muted { until });
        assert_eq!(
            error.to_string(),
            "you are muted in this room until 1970-01-01T00:00:00.000Z"
        );
    }

    #[test]
    fn our_words_for_fields_are_those_of_the_wire() {
        assert_eq!(field_code("too_long"), FieldCode::TooLong);
        assert_eq!(field_code("unknown"), FieldCode::Unknown);
        assert_eq!(field_code("anything else"), FieldCode::Unusable);
    }

    #[test]
    fn a_failure_says_whether_trying_again_helps_and_nothing_of_the_driver() {
        for (failure, code) in [
            (
                Failure::passing("store", "read", "10.0.0.1"),
                ErrorCode::Unavailable,
            ),
            (
                Failure::overloaded("store", "read", "10.0.0.1"),
                ErrorCode::Overloaded,
            ),
            (
                Failure::lasting("store", "read", "10.0.0.1"),
                ErrorCode::Internal,
            ),
        ] {
            let error = ApiError::from(failure);
            assert_eq!(error.code(), code);
            assert!(!error.to_string().contains("10.0.0.1"));
            assert!(!format!("{error:?}").contains("10.0.0.1"));
        }
    }
}
