//! Handling of the push messages on the subscriber's connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use deadpool_redis::redis::{PushInfo, PushKind, Value};
use domain::NodeId;
use domain::port::bus::Heard;
use tokio::sync::broadcast::Sender;

use super::letter::{self, Letter};
use super::rooms::Rooms;
use crate::keys::Keys;

/// Passes notices to this node's listeners.
pub(super) struct Ears {
    pub(super) heard: Sender<Heard>,
    pub(super) rooms: Arc<Rooms>,
    pub(super) own: NodeId,
    pub(super) complained: AtomicBool,
}

/// Whether the connection is still usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hearing {
    Well,
    /// It is gone, or was unsubscribed from a channel that it should be on.
    Lost,
}

impl Ears {
    /// Handles a push message. Runs on the connection's own task, so there is no queue between the
    /// socket and the listeners.
    pub(super) fn hear(&self, push: &PushInfo) -> Hearing {
        match (&push.kind, push.data.as_slice()) {
            (PushKind::SMessage, [_channel, Value::BulkString(letter)]) => {
                self.open(letter);
                Hearing::Well
            }
            (PushKind::Disconnection, _) => Hearing::Lost,
            // A server unsubscribes its clients from a channel whose slot moves to another server.
            (PushKind::SUnsubscribe, [Value::BulkString(channel), ..]) => {
                match Keys::room_of(channel) {
                    Some(room) if !self.rooms.holds(room) => Hearing::Well,
                    _ => Hearing::Lost,
                }
            }
            _ => Hearing::Well,
        }
    }

    fn open(&self, letter: &[u8]) {
        match letter::read(letter, self.own) {
            Ok(Letter::Own) => {}
            Ok(Letter::Notice(notice)) => self.say(Heard::Notice(Arc::new(notice))),
            Ok(Letter::Gap) => self.gap(),
            Err(torn) => {
                // While nodes run different versions there are many of these, all alike, so only the
                // first is logged.
                if !self.complained.swap(true, Ordering::Relaxed) {
                    let error: &dyn std::error::Error = &torn;
                    tracing::warn!(
                        error,
                        "unreadable notice from another node; treated as a gap"
                    );
                }
                self.gap();
            }
        }
    }

    /// Tells all listeners that they may have missed something.
    pub(super) fn gap(&self) {
        self.say(Heard::Gap);
    }

    fn say(&self, heard: Heard) {
        // An error means that there are no listeners, which is fine.
        drop(self.heard.send(heard));
    }
}

#[cfg(test)]
mod tests {
    use domain::RoomId;
    use tokio::sync::broadcast;
    use uuid::Uuid;

    use super::*;

    fn ears() -> (Ears, broadcast::Receiver<Heard>) {
        let (heard, listener) = broadcast::channel(4);
        let ears = Ears {
            heard,
            rooms: Arc::default(),
            own: NodeId::from_uuid(Uuid::nil()),
            complained: AtomicBool::new(false),
        };
        (ears, listener)
    }

    fn push(kind: PushKind, data: &[&[u8]]) -> PushInfo {
        let data = data.iter().map(|part| Value::BulkString(part.to_vec()));
        PushInfo {
            kind,
            data: data.collect(),
        }
    }

    #[test]
    fn what_cannot_be_read_is_a_gap() {
        let (ears, mut listener) = ears();
        for letter in [&b""[..], &b"\x01"[..], &b"\x02rest"[..], &[1; 40][..]] {
            let heard = ears.hear(&push(PushKind::SMessage, &[b"channel", letter]));
            assert_eq!(heard, Hearing::Well);
            assert_eq!(listener.try_recv(), Ok(Heard::Gap));
        }
    }

    #[test]
    fn being_taken_off_a_channel_is_a_loss_unless_it_was_left() {
        let (ears, _listener) = ears();
        let (stays, left) = (Uuid::from_u128(1), Uuid::from_u128(2));
        ears.rooms.follow(&[RoomId::from_uuid(stays)]);
        ears.rooms.steps();
        let keys = Keys::new("chat").unwrap();
        let off = |channel: String| {
            let push = push(PushKind::SUnsubscribe, &[channel.as_bytes()]);
            ears.hear(&push)
        };
        assert_eq!(off(keys.room(RoomId::from_uuid(stays))), Hearing::Lost);
        assert_eq!(off(keys.room(RoomId::from_uuid(left))), Hearing::Well);
        assert_eq!(off(keys.everyone()), Hearing::Lost);
        assert_eq!(
            ears.hear(&push(PushKind::Disconnection, &[])),
            Hearing::Lost
        );
    }
}
