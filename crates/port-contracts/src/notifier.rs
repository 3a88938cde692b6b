//! Obligations of [`domain::port::Notifier`].

use std::sync::Arc;

use domain::port::Notifier;
use domain::port::notifier::{Notification, Reason};
use domain::{Retry, Seq};

use crate::{at, fresh};

contract!(notifier {
    a_notification_is_told,
    telling_again_is_under_the_same_name,
    one_that_was_not_taken_may_be_told_again,
});

/// The other end of a notifier, which nothing else uses.
pub trait Hearer: Send + Sync {
    /// The notifications received, in order, each with the name that it came under.
    fn heard(&self) -> Vec<(String, Notification)>;

    /// Whether to refuse every notification from now on.
    fn refuse(&self, refuse: bool);
}

/// A notifier with its other end.
pub struct Notifiers {
    pub notifier: Arc<dyn Notifier>,
    pub hearer: Arc<dyn Hearer>,
}

pub async fn a_notification_is_told(both: &Notifiers) {
    let all = [
        notification(Reason::Mention, Some("garden \"of\" ñandús")),
        notification(Reason::Direct, None),
        notification(Reason::Reply, Some("x")),
        notification(Reason::Message, Some("y")),
    ];
    for (count, one) in all.iter().enumerate() {
        both.notifier.tell(one).await.unwrap();
        assert_eq!(both.hearer.heard().len(), count + 1);
    }
    let heard = both.hearer.heard();
    let heard: Vec<Notification> = heard.into_iter().map(|(_, one)| one).collect();
    assert_eq!(heard, all);
}

pub async fn telling_again_is_under_the_same_name(both: &Notifiers) {
    let one = notification(Reason::Direct, None);
    let other = Notification {
        user: fresh(),
        ..one.clone()
    };
    for told in [&one, &one, &other] {
        both.notifier.tell(told).await.unwrap();
    }
    let heard = both.hearer.heard();
    let names: Vec<&String> = heard.iter().map(|(name, _)| name).collect();
    assert_eq!(names[0], names[1]);
    assert_ne!(names[1], names[2]);
}

pub async fn one_that_was_not_taken_may_be_told_again(both: &Notifiers) {
    let one = notification(Reason::Mention, None);
    both.hearer.refuse(true);
    let failure = both.notifier.tell(&one).await.unwrap_err();
    assert_eq!(failure.retry, Retry::Worthwhile);
    both.hearer.refuse(false);
    both.notifier.tell(&one).await.unwrap();
    assert_eq!(both.hearer.heard().len(), 1);
}

pub(crate) fn notification(reason: Reason, room_name: Option<&str>) -> Notification {
    Notification {
        event: fresh(),
        user: fresh(),
        reason,
        room: fresh(),
        room_name: room_name.map(str::to_owned),
        message: fresh(),
        seq: Seq::new(7).unwrap(),
        sender: fresh(),
        sender_name: "Ana \u{1f33b}".to_owned(),
        preview: "water it\nplease".to_owned(),
        at: at(7),
    }
}
