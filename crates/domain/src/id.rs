//! Names of things. One type each, so that a room's id can never be handed in as a user's.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use uuid::Uuid;

/// What every id has in common, so that one source can make them all.
pub trait Id: Copy + Debug + Display + FromStr + Ord + Send + Sync + 'static {
    /// Takes a UUID as this kind of id.
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
            /// Takes a UUID as this kind of id.
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
    /// Names a person.
    UserId;
    /// Names a room: public, private or direct.
    RoomId;
    /// Names a message. Time-ordered, yet never the order of messages: nodes' clocks differ, so the
    /// order is the room's [`Seq`](crate::Seq).
    MessageId;
    /// The name that a client gave to a message before sending it, so that sending again is safe.
    ClientId;
    /// Names a signed-in device.
    SessionId;
    /// Names an uploaded file.
    MediaId;
    /// Names something that happened and must have consequences once.
    EventId;
    /// Names another system that is told what happens.
    WebhookId;
    /// Names one open socket.
    ConnectionId;
    /// Names one running process of Tertulia.
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
