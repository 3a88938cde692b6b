//! Titles of problems.

use protocol::ErrorCode;

/// The title of a code.
pub(super) const fn title(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Malformed => "Malformed request",
        ErrorCode::Unauthenticated => "Not signed in",
        ErrorCode::TokenExpired => "Access token expired",
        ErrorCode::BadCredentials => "Wrong name or password",
        ErrorCode::SessionRevoked => "Session ended",
        ErrorCode::RefreshReused => "Refresh token used twice",
        ErrorCode::Forbidden => "Not allowed",
        ErrorCode::Banned => "Banned",
        ErrorCode::Muted => "Muted",
        ErrorCode::Blocked => "Blocked",
        ErrorCode::WrongPassword => "Wrong password",
        ErrorCode::NotFound => "Not found",
        ErrorCode::MethodNotAllowed => "Method not allowed",
        ErrorCode::EmailTaken => "E-mail address taken",
        ErrorCode::UsernameTaken => "Username taken",
        ErrorCode::NameTaken => "Room name taken",
        ErrorCode::OwnerMustHandOver => "Room not handed over",
        ErrorCode::Conflict => "Conflict",
        ErrorCode::InviteExpired => "Invite no longer valid",
        ErrorCode::MessageDeleted => "Message deleted",
        ErrorCode::TooLarge => "Too large",
        ErrorCode::UnsupportedMediaType => "Unsupported media type",
        ErrorCode::RangeNotSatisfiable => "Range not satisfiable",
        ErrorCode::Invalid => "Fields not acceptable",
        ErrorCode::RateLimited => "Too often",
        ErrorCode::TooMany => "Too many",
        ErrorCode::Internal => "Internal error",
        ErrorCode::Unavailable => "Unavailable",
        ErrorCode::Overloaded => "Overloaded",
    }
}

/// Turns a fragment into a sentence.
pub(super) fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    letters.next().map_or_else(String::new, |first| {
        let mut text: String = first.to_uppercase().collect();
        text.push_str(letters.as_str());
        text.push('.');
        text
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_has_a_title_of_its_own() {
        let titles: HashSet<_> = ErrorCode::ALL.iter().map(|code| title(*code)).collect();
        assert_eq!(titles.len(), ErrorCode::ALL.len());
    }

    #[test]
    fn a_fragment_becomes_a_sentence() {
        assert_eq!(sentence("sign in first"), "Sign in first.");
        assert_eq!(sentence("état"), "État.");
        assert_eq!(sentence(""), "");
    }
}
