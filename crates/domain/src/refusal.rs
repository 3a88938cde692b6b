//! The ways in which Tertulia says no. Every API answers with the same ones.

use crate::{Timestamp, value::TextError};

/// A valid request that is denied. The set is closed: an API that translates refusals for its clients
/// is forced by the compiler to translate all of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request carries no token, or one that this server did not issue.
    #[error("sign in first")]
    Unauthenticated,
    /// The access token has expired; refreshing helps.
    #[error("the access token has expired")]
    TokenExpired,
    /// No such account, or the wrong password. The answer does not reveal which.
    #[error("the name or the password is wrong")]
    BadCredentials,
    /// The session was ended: by its owner, by a password change, or because one of its tokens was stolen.
    #[error("this session was ended")]
    SessionRevoked,
    /// A refresh token was used again after it was replaced: it may have been stolen.
    #[error("this refresh token was used before, so its session was ended")]
    RefreshReused,
    /// The caller may see the room, but may not do this.
    #[error("you may not do this here")]
    Forbidden,
    /// The caller is banned from the room.
    #[error("you are banned from this room")]
    Banned,
    /// The caller may not write in the room for now.
    #[error("you are muted in this room")]
    Muted {
        /// When the caller may write again.
        until: Timestamp,
    },
    /// The other member of a direct room has blocked the sender.
    #[error("this person does not take messages from you")]
    Blocked,
    /// The password given to confirm an action is not the account's.
    #[error("the current password is wrong")]
    WrongPassword,
    /// There is no such thing, or the caller may not learn that it exists.
    #[error("there is no such thing here")]
    NotFound,
    /// Another account has this e-mail address.
    #[error("this e-mail address is taken")]
    EmailTaken,
    /// Another account has this username.
    #[error("this username is taken")]
    UsernameTaken,
    /// Another public room has this name, and the request asked for a unique one.
    #[error("this room name is taken")]
    NameTaken,
    /// An owner cannot leave while the room has other members: ownership must be handed over first.
    #[error("hand the room over to another member first")]
    OwnerMustHandOver,
    /// The request conflicts with what is stored.
    #[error("{0}")]
    Conflict(&'static str),
    /// The invite has expired, is used up, or was revoked.
    #[error("this invite is no longer valid")]
    InviteExpired,
    /// The message was deleted; only its tombstone is left.
    #[error("this message was deleted")]
    MessageDeleted,
    /// A limit on the number of something was reached.
    #[error("{0}")]
    TooMany(&'static str),
    /// A file exceeds the size limit, or what is left of its uploader's quota.
    #[error("the file may have at most {most} bytes")]
    TooLarge {
        /// The most bytes that it may have.
        most: u64,
    },
    /// Some fields have invalid values.
    #[error("some fields are not acceptable")]
    Invalid(Vec<FieldProblem>),
}

/// One invalid field of a request, and why it is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field as the client spelled it.
    pub field: &'static str,
    /// A machine-readable code, for example `too_long`.
    pub code: &'static str,
    /// A human-readable explanation.
    pub message: String,
}

impl FieldProblem {
    /// Describes an invalid field by a machine-readable code and a human-readable message.
    pub fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            code,
            message: message.into(),
        }
    }
}

impl From<FieldProblem> for Refusal {
    fn from(problem: FieldProblem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl Refusal {
    /// Refuses if any fields are invalid, reporting all of them at once.
    pub fn if_any(problems: Vec<FieldProblem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self::Invalid(problems))
        }
    }

    /// Refuses a single field.
    pub fn invalid(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        FieldProblem::new(field, code, message).into()
    }

    /// Refuses a text that does not parse as the value that `field` must hold.
    pub fn text(field: &'static str, error: &TextError) -> Self {
        Self::invalid(field, error.code(), error.to_string())
    }
}
