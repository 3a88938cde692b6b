//! The content of a push: the same as for the operator's webhook, as far as it fits.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::PushKeys;
use domain::port::notifier::{Notification, Reason};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::seal::MOST;
use crate::body::Body;

/// The notification as JSON, without its preview if it would be too long; `None` if it is too long even
/// so.
pub(super) fn payload(notification: &Notification) -> Option<Vec<u8>> {
    let id = format!("{}.{}", notification.event, notification.user);
    let written = |notification: &Notification| {
        let json = serde_json::to_vec(&Body::of(&id, notification)).ok()?;
        (json.len() <= MOST).then_some(json)
    };
    written(notification).or_else(|| {
        written(&Notification {
            preview: String::new(),
            ..notification.clone()
        })
    })
}

/// How urgently a device should be woken for it.
pub(super) const fn urgency(reason: Reason) -> &'static str {
    match reason {
        Reason::Mention | Reason::Direct => "high",
        Reason::Reply | Reason::Message => "normal",
    }
}

/// The topic under which a push service replaces undelivered messages by newer ones: one per room, and
/// different for each device, so that push services cannot see who shares a room.
pub(super) fn topic(notification: &Notification, keys: &PushKeys) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(keys.secret()).ok()?;
    mac.update(b"topic");
    mac.update(notification.room.as_uuid().as_bytes());
    let digest = mac.finalize().into_bytes();
    Some(URL_SAFE_NO_PAD.encode(digest.get(..16)?))
}

#[cfg(test)]
mod tests {
    use domain::Seq;
    use port_contracts::{at, fresh};

    use super::*;

    fn notification(preview: &str) -> Notification {
        Notification {
            event: fresh(),
            user: fresh(),
            reason: Reason::Reply,
            room: fresh(),
            room_name: Some("\u{7}".repeat(100)),
            message: fresh(),
            seq: Seq::new(7).unwrap(),
            sender: fresh(),
            sender_name: "\u{7}".repeat(100),
            preview: preview.to_owned(),
            at: at(7),
        }
    }

    #[test]
    fn the_longest_preview_fits_however_it_is_written_and_a_longer_one_is_left_out() {
        let json = payload(&notification(&"\u{7}".repeat(160))).unwrap();
        assert!(json.len() <= MOST);
        assert!(
            String::from_utf8(json)
                .unwrap()
                .contains("\\u0007\",\"createdAt")
        );
        let json = payload(&notification(&"x".repeat(5_000))).unwrap();
        assert!(
            String::from_utf8(json)
                .unwrap()
                .contains("\"preview\":\"\"")
        );
        let mut endless = notification("");
        endless.sender_name = "x".repeat(5_000);
        assert_eq!(payload(&endless), None);
    }

    #[test]
    fn a_topic_is_that_of_a_room_on_a_device() {
        let keys = |secret| PushKeys::parse(&[4; 65], &[secret; 16]).unwrap();
        let one = notification("one");
        let same = Notification {
            room: one.room,
            ..notification("other")
        };
        let topic_of_one = topic(&one, &keys(1)).unwrap();
        assert!(topic_of_one.len() <= 32);
        assert_eq!(topic(&same, &keys(1)).unwrap(), topic_of_one);
        assert_ne!(topic(&one, &keys(2)).unwrap(), topic_of_one);
        assert_ne!(topic(&notification(""), &keys(1)).unwrap(), topic_of_one);
    }
}
