//! The ways in which Tertulia says no. Every door answers with the same ones.

use crate::{Timestamp, value::TextError};

/// A request that was understood, could be carried out, and will not be. The set is closed: a door
/// that translates it for its clients is made by the compiler to translate all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody is signed in, or the token is not one of ours.
    #[error("sign in first")]
    Unauthenticated,
    /// The access token ran out; refreshing helps.
    #[error("the access token has expired")]
    TokenExpired,
    /// No such account, or another password. Which of the two is not told.
    #[error("the name or the password is wrong")]
    BadCredentials,
    /// The session was ended: by its owner, by a new password, or because a token of it was stolen.
    #[error("this session was ended")]
    SessionRevoked,
    /// A refresh token was used again after its replacement: someone else may hold it.
    #[error("this refresh token was used before, so its session was ended")]
    RefreshReused,
    /// Known to the room, yet not allowed this.
    #[error("you may not do this here")]
    Forbidden,
    /// Shut out of the room.
    #[error("you are banned from this room")]
    Banned,
    /// May not write in the room for now.
    #[error("you are muted in this room")]
    Muted {
        /// When writing is allowed again.
        until: Timestamp,
    },
    /// The other one of a direct room wants no messages from the sender.
    #[error("this person does not take messages from you")]
    Blocked,
    /// The password given to confirm an act is not the account's.
    #[error("the current password is wrong")]
    WrongPassword,
    /// There is no such thing, or the caller may not know that there is.
    #[error("there is no such thing here")]
    NotFound,
    /// Another account has this e-mail address.
    #[error("this e-mail address is taken")]
    EmailTaken,
    /// Another account has this username.
    #[error("this username is taken")]
    UsernameTaken,
    /// Another public room has this name, on a route where names must differ.
    #[error("this room name is taken")]
    NameTaken,
    /// An owner who is not alone cannot leave before another one owns the room.
    #[error("hand the room over to another member first")]
    OwnerMustHandOver,
    /// Contradicts what is stored.
    #[error("{0}")]
    Conflict(&'static str),
    /// The invite has expired, is used up, or was revoked.
    #[error("this invite is no longer valid")]
    InviteExpired,
    /// The message was deleted; only its tombstone is left.
    #[error("this message was deleted")]
    MessageDeleted,
    /// A bound on how many there may be was reached.
    #[error("{0}")]
    TooMany(&'static str),
    /// A file is larger than it may be, or than what is left to whoever sends it.
    #[error("the file may have at most {most} bytes")]
    TooLarge {
        /// How many bytes it may have.
        most: u64,
    },
    /// Fields whose value cannot be accepted.
    #[error("some fields are not acceptable")]
    Invalid(Vec<FieldProblem>),
}

/// One field of a request that cannot be accepted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field as its sender spelled it.
    pub field: &'static str,
    /// A word for programs: `too_long`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl FieldProblem {
    /// A field, a word for programs, and a sentence for people.
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
    /// Refuses where there are fields that cannot be accepted, all of them at once.
    pub fn if_any(problems: Vec<FieldProblem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self::Invalid(problems))
        }
    }

    /// One field cannot be accepted.
    pub fn invalid(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        FieldProblem::new(field, code, message).into()
    }

    /// A text does not parse as the value that `field` must hold.
    pub fn text(field: &'static str, error: &TextError) -> Self {
        Self::invalid(field, error.code(), error.to_string())
    }
}
