//! Why an address was refused.

use mongodb::error::Error;

/// An address that MongoDB cannot have. Its message tells the operator what to do.
///
/// Neither the message nor the `Debug` output repeats any part of the address, because it may contain a
/// password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address has no user name and cannot be parsed.
    #[error(
        "the address of MongoDB is not like mongodb://host:27017/database or \
         mongodb+srv://host/database: {0}"
    )]
    Address(String),
    /// The address has a user name and cannot be parsed.
    #[error(
        "the address of MongoDB is not like mongodb://user:password@host:27017/database: see that \
         every special character of its user name and password is percent-encoded"
    )]
    AddressOfUser,
}

impl OpenError {
    /// The driver's message may quote what it took for a port, which may be half a password.
    pub(crate) fn of(url: &str, error: &Error) -> Self {
        if url.contains('@') {
            Self::AddressOfUser
        } else {
            Self::Address(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{MongoStore, Options};

    use super::*;

    fn refused(url: &str) -> OpenError {
        match MongoStore::new(url, Options::default()) {
            Ok(_) => panic!("{url} was taken"),
            Err(error) => error,
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in [
            "",
            "localhost:27017",
            "postgres://localhost/tertulia",
            "mongodb://",
            "mongodb://localhost:port",
            "mongodb://localhost/a b",
            "mongodb://a,b/?directConnection=true",
        ] {
            assert!(matches!(refused(url), OpenError::Address(_)), "{url}");
        }
    }

    #[test]
    fn no_part_of_a_password_is_shown() {
        for url in [
            "mongodb://ana:sec/ret@localhost",
            "mongodb://ana:sec?ret@localhost",
            "mongodb://ana:sec@ret@localhost:1:2",
        ] {
            let error = refused(url);
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("sec") && !shown.contains("ret"), "{shown}");
            assert!(shown.contains("percent-encoded"), "{shown}");
        }
    }
}
