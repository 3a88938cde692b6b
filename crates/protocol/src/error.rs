//! What goes wrong, in words that programs can rely on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::word::words;

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

words! {
    /// Why a request was refused. The same set serves REST and the sockets.
    pub enum ErrorCode {
        /// The body is not JSON, or nests too deep.
        Malformed = "malformed",
        /// No valid access token came along.
        Unauthenticated = "unauthenticated",
        /// The access token is of the past.
        TokenExpired = "token_expired",
        /// E-mail or password is wrong.
        BadCredentials = "bad_credentials",
        /// The session was ended.
        SessionRevoked = "session_revoked",
        /// A refresh token was used again long after it was spent. Its session has ended.
        RefreshReused = "refresh_reused",
        /// The caller may not do that.
        Forbidden = "forbidden",
        /// The caller is banned from the room.
        Banned = "banned",
        /// The caller may not write in the room for now.
        Muted = "muted",
        /// The other person blocked the caller.
        Blocked = "blocked",
        /// The password given as proof is wrong.
        WrongPassword = "wrong_password",
        /// There is no such thing, or the caller may not know of it.
        NotFound = "not_found",
        /// The route knows no such method.
        MethodNotAllowed = "method_not_allowed",
        /// Another account has the e-mail address.
        EmailTaken = "email_taken",
        /// Another account has the username.
        UsernameTaken = "username_taken",
        /// Another public room has the name.
        NameTaken = "name_taken",
        /// An owner who is not alone must hand the room over before leaving it.
        OwnerMustHandOver = "owner_must_hand_over",
        /// What is stored does not allow that.
        Conflict = "conflict",
        /// The invite expired, was used up or revoked.
        InviteExpired = "invite_expired",
        /// The message is deleted.
        MessageDeleted = "message_deleted",
        /// The body is too large.
        TooLarge = "too_large",
        /// The body is of a type that the route does not read.
        UnsupportedMediaType = "unsupported_media_type",
        /// The file has no such range.
        RangeNotSatisfiable = "range_not_satisfiable",
        /// Some fields are not as they should be; `errors` names each.
        Invalid = "invalid",
        /// Too often; `retryAfter` says when again.
        RateLimited = "rate_limited",
        /// More than there may be.
        TooMany = "too_many",
        /// The server is at fault.
        Internal = "internal",
        /// A backend does not answer. Nothing was done; trying again is safe.
        Unavailable = "unavailable",
        /// The server has too much to do. Nothing was done; trying again is safe.
        Overloaded = "overloaded",
    }
}

words! {
    /// What is wrong with a field.
    pub enum FieldCode {
        /// It is missing.
        Required = "required",
        /// It is of another JSON type.
        Type = "type",
        /// It has too few characters.
        TooShort = "too_short",
        /// It has too many characters or bytes.
        TooLong = "too_long",
        /// It is not written as it should be.
        Format = "format",
        /// The number is too small or too great.
        Range = "range",
        /// The list has too few items.
        TooFew = "too_few",
        /// The list has too many items.
        TooMany = "too_many",
        /// What it names is not there.
        Unknown = "unknown",
        /// It cannot stand beside another field that was given.
        Exclusive = "exclusive",
        /// What it names cannot be used for this.
        Unusable = "unusable",
    }
}

/// A field that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldError {
    /// The field as the client spelled it.
    pub field: String,
    /// What is wrong with it, for programs.
    pub code: FieldCode,
    /// What is wrong with it, for people.
    pub message: String,
}

impl FieldError {
    /// Says what is wrong with a field.
    pub fn new(field: impl Into<String>, code: FieldCode, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}

/// The body of every refusal (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A URI of this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// This kind of problem in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This problem in a sentence.
    pub detail: String,
    /// This kind of problem, for programs.
    pub code: ErrorCode,
    /// The request, as the log knows it.
    pub request_id: String,
    /// Every bad field, when the code is [`ErrorCode::Invalid`].
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
