//! Errors, with machine-readable codes that clients can rely on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::word::words;

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

words! {
    /// Why a request was refused. REST and WebSocket share this set.
    pub enum ErrorCode {
        /// The body is not JSON, or is nested too deeply.
        Malformed = "malformed",
        /// There is no valid access token.
        Unauthenticated = "unauthenticated",
        /// The access token has expired.
        TokenExpired = "token_expired",
        /// E-mail or password is wrong.
        BadCredentials = "bad_credentials",
        /// The session was ended.
        SessionRevoked = "session_revoked",
        /// A refresh token was used again long after it was replaced. Its session was ended.
        RefreshReused = "refresh_reused",
        /// The caller may not do that.
        Forbidden = "forbidden",
        /// The caller is banned from the room.
        Banned = "banned",
        /// The caller may not write in the room for now.
        Muted = "muted",
        /// The other user has blocked the caller.
        Blocked = "blocked",
        /// The password given as confirmation is wrong.
        WrongPassword = "wrong_password",
        /// There is no such thing, or the caller may not learn that it exists.
        NotFound = "not_found",
        /// The route does not support this method.
        MethodNotAllowed = "method_not_allowed",
        /// Another account has the e-mail address.
        EmailTaken = "email_taken",
        /// Another account has the username.
        UsernameTaken = "username_taken",
        /// Another public room has the name.
        NameTaken = "name_taken",
        /// An owner cannot leave while the room has other members, without handing it over first.
        OwnerMustHandOver = "owner_must_hand_over",
        /// It conflicts with what is stored.
        Conflict = "conflict",
        /// The invite has expired, is used up, or was revoked.
        InviteExpired = "invite_expired",
        /// The message was deleted.
        MessageDeleted = "message_deleted",
        /// The body is too large.
        TooLarge = "too_large",
        /// The route does not accept this media type.
        UnsupportedMediaType = "unsupported_media_type",
        /// The requested range is outside the file.
        RangeNotSatisfiable = "range_not_satisfiable",
        /// Some fields are invalid; `errors` lists them all.
        Invalid = "invalid",
        /// The rate limit was exceeded; `retryAfter` says when to try again.
        RateLimited = "rate_limited",
        /// A limit on the number of something was reached.
        TooMany = "too_many",
        /// An internal server error.
        Internal = "internal",
        /// A backend is unavailable. Nothing was done; trying again is safe.
        Unavailable = "unavailable",
        /// The server is overloaded. Nothing was done; trying again is safe.
        Overloaded = "overloaded",
    }
}

words! {
    /// What is wrong with a field.
    pub enum FieldCode {
        /// It is missing.
        Required = "required",
        /// It has the wrong JSON type.
        Type = "type",
        /// It has too few characters.
        TooShort = "too_short",
        /// It has too many characters or bytes.
        TooLong = "too_long",
        /// It does not have the required format.
        Format = "format",
        /// The number is too small or too large.
        Range = "range",
        /// The list has too few items.
        TooFew = "too_few",
        /// The list has too many items.
        TooMany = "too_many",
        /// What it refers to does not exist.
        Unknown = "unknown",
        /// It cannot be combined with another field that was given.
        Exclusive = "exclusive",
        /// What it refers to cannot be used for this.
        Unusable = "unusable",
    }
}

/// An invalid field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldError {
    /// The field as the client spelled it.
    pub field: String,
    /// What is wrong with it, machine-readable.
    pub code: FieldCode,
    /// What is wrong with it, human-readable.
    pub message: String,
}

impl FieldError {
    /// Describes an invalid field.
    pub fn new(field: impl Into<String>, code: FieldCode, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}

/// The body of every error response (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A URI that identifies this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// This kind of problem in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This problem in a sentence.
    pub detail: String,
    /// This kind of problem, machine-readable.
    pub code: ErrorCode,
    /// The id of the request, which is also in the log.
    pub request_id: String,
    /// Every invalid field, if the code is [`ErrorCode::Invalid`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// After how many seconds to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_distinct_words_and_survive_the_wire() {
        let words: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), 29);
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{code}\""));
            assert_eq!(serde_json::from_str::<ErrorCode>(&json).unwrap(), *code);
        }
    }

    #[test]
    fn a_problem_shows_errors_and_retry_after_only_where_they_are() {
        let bare = Problem {
            kind: "about:blank".into(),
            title: "not found".into(),
            status: 404,
            detail: "there is no such room".into(),
            code: ErrorCode::NotFound,
            request_id: "r1".into(),
            errors: Vec::new(),
            retry_after: None,
        };
        insta::assert_json_snapshot!(bare, @r#"
        {
          "type": "about:blank",
          "title": "not found",
          "status": 404,
          "detail": "there is no such room",
          "code": "not_found",
          "requestId": "r1"
        }
        "#);
        let full = Problem {
            status: 422,
            code: ErrorCode::Invalid,
            errors: vec![FieldError::new(
                "content",
                FieldCode::Required,
                "is required",
            )],
            retry_after: Some(3),
            ..bare
        };
        insta::assert_json_snapshot!(full, @r#"
        {
          "type": "about:blank",
          "title": "not found",
          "status": 422,
          "detail": "there is no such room",
          "code": "invalid",
          "requestId": "r1",
          "errors": [
            {
              "field": "content",
              "code": "required",
              "message": "is required"
            }
          ],
          "retryAfter": 3
        }
        "#);
        let back: Problem = serde_json::from_value(serde_json::to_value(&full).unwrap()).unwrap();
        assert_eq!(back, full);
    }
}
