//! Identifiers. Each has its own type, so that a room id can never be passed as a user id.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use uuid::Uuid;

/// What all id types have in common, so that one source can generate any of them.
pub trait Id: Copy + Debug + Display + FromStr + Ord + Send + Sync + 'static {
    /// Wraps a UUID as this kind of id.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID behind the id.
    fn as_uuid(&self) -> Uuid;
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl Id for $name {
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl $name {
            /// Wraps a UUID as this kind of id.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID behind the id.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                Display::fmt(&self.0, f)
            }
        }

        impl Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )*};
}

id! {
    /// Identifies a user.
    UserId;
    /// Identifies a room: public, private or direct.
    RoomId;
    /// Identifies a message. Time-ordered, but never used to order messages: the nodes' clocks differ, so
    /// a room's order is its [`Seq`](crate::Seq).
    MessageId;
    /// An id that the client chose for a message before sending it, which makes a resend idempotent.
    ClientId;
    /// Identifies a session, that is, a signed-in device.
    SessionId;
    /// Identifies an uploaded file.
    MediaId;
    /// Identifies an event whose consequences must be carried out once.
    EventId;
    /// Identifies a webhook.
    WebhookId;
    /// Identifies one open client connection.
    ConnectionId;
    /// Identifies one running Tertulia process.
    NodeId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_what_it_prints() {
        let id = UserId::from_uuid(Uuid::from_u128(0x0192_e4a0_7b5c_7def_8123_4567_89ab_cdef));
        assert_eq!(id.to_string().parse::<UserId>(), Ok(id));
    }

    #[test]
    fn what_is_no_uuid_is_no_id() {
        assert!("room-1".parse::<RoomId>().is_err());
    }

    #[test]
    fn debug_says_what_kind_of_id_it_is() {
        let id = RoomId::from_uuid(Uuid::nil());
        assert_eq!(
            format!("{id:?}"),
            "RoomId(00000000-0000-0000-0000-000000000000)"
        );
    }
}
