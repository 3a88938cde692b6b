//! Reactions.

use domain::port::messages::{Amended, View, Window};
use domain::{Emoji, Message, Reaction};

use crate::made::{PIN, emoji, react, rev, unreact, view};
use crate::{Store, at_once};

pub async fn a_reaction_counts_once_a_person(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let message = store.post(room, ana, "hello").await;
    let (heart, thumb) = (Emoji::parse("❤️").unwrap(), Emoji::parse("👍").unwrap());
    let with = |reactions: &[(&Emoji, i64, bool)], spent: i64| Message {
        reactions: reactions.iter().copied().map(given).collect(),
        rev: rev(message.rev.get() + spent),
        ..message.clone()
    };
    let amend = async |by, change| store.amend(&message, by, change).await;

    let one = Amended::Changed(with(&[(&thumb, 1, true)], 1));
    assert_eq!(amend(ana, react(&thumb)).await, one);
    let same = Amended::Unchanged(with(&[(&thumb, 1, true)], 1));
    assert_eq!(amend(ana, react(&thumb)).await, same);

    // The emoji used first is listed first, and `mine` is relative to whoever makes the change.
    let two = Amended::Changed(with(&[(&thumb, 1, false), (&heart, 1, true)], 2));
    assert_eq!(amend(ben, react(&heart)).await, two);
    let three = Amended::Changed(with(&[(&thumb, 2, true), (&heart, 1, true)], 3));
    assert_eq!(amend(ben, react(&thumb)).await, three);

    // Each user takes back only their own reaction, once.
    let unused = Amended::Unchanged(with(&[(&thumb, 2, true), (&heart, 1, false)], 3));
    assert_eq!(amend(ana, unreact(&heart)).await, unused);
    let back = Amended::Changed(with(&[(&thumb, 1, false), (&heart, 1, false)], 4));
    assert_eq!(amend(ana, unreact(&thumb)).await, back);
    let again = Amended::Unchanged(with(&[(&thumb, 1, false), (&heart, 1, false)], 4));
    assert_eq!(amend(ana, unreact(&thumb)).await, again);
    let last = Amended::Changed(with(&[(&heart, 1, true)], 5));
    assert_eq!(amend(ben, unreact(&thumb)).await, last);
    assert_eq!(
        store.seen(message.id, ana).await,
        with(&[(&heart, 1, false)], 5)
    );
    assert_eq!(store.head(room).await.rev, rev(message.rev.get() + 5));
}

pub async fn reactions_are_bounded(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let message = store.post(room, ana, "hello").await;
    let half = Message::MAX_REACTIONS / 2;
    let nth = |number: usize| emoji(u32::try_from(number).unwrap());
    for number in 0..half {
        store.change(&message, ana, react(&nth(number))).await;
    }

    // Half of the slots are free, and twice as many reactions compete for them.
    let answers = at_once(Message::MAX_REACTIONS, |number| {
        let (store, message) = (store.clone(), message.clone());
        let face = nth(half + number);
        let by = if number % 2 == 0 { ana } else { ben };
        async move { store.amend(&message, by, react(&face)).await }
    })
    .await;
    let (changed, refused): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| matches!(answer, Amended::Changed(_)));
    assert_eq!(changed.len(), half);
    assert_eq!(refused, vec![Amended::TooManyReactions; half]);
    let full = store.seen(message.id, ana).await;
    assert_eq!(full.reactions.len(), Message::MAX_REACTIONS);
    let spent = i64::try_from(Message::MAX_REACTIONS).unwrap();
    assert_eq!(full.rev.get(), message.rev.get() + spent);
    assert_eq!(store.head(room).await.rev, full.rev);

    // An existing emoji is open to others, and one that disappears frees a slot.
    let late = nth(79);
    let first = store.change(&message, ben, react(&nth(0))).await;
    assert_eq!(first.reactions.first().unwrap().count, 2);
    let refused = store.amend(&message, ben, react(&late)).await;
    assert_eq!(refused, Amended::TooManyReactions);
    store.change(&message, ana, unreact(&nth(1))).await;
    let filled = store.change(&message, ben, react(&late)).await;
    assert_eq!(filled.reactions.last().unwrap().emoji, late);
}

pub async fn reactions_are_the_readers_own(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let start = store.post(room, ana, "start").await;
    let message = store.reply(&start, ana, "hello").await.message;
    store.change(&message, ana, PIN).await;
    store.change(&message, ana, react(&emoji(1))).await;
    store.change(&message, ben, react(&emoji(2))).await;
    store.change(&message, ana, react(&emoji(2))).await;

    for (reader, first, second) in [(ana, true, true), (ben, false, true), (cleo, false, false)] {
        let expected = [given((&emoji(1), 1, first)), given((&emoji(2), 2, second))];
        for seen in everywhere(store, view(room, reader), &start, &message).await {
            assert_eq!(seen.id, message.id);
            assert_eq!(seen.reactions, expected);
        }
    }
}

/// A message by every method that shows it to a reader.
async fn everywhere(store: &Store, view: View, start: &Message, message: &Message) -> Vec<Message> {
    let messages = &store.messages;
    let mut seen = vec![store.seen(message.id, view.reader).await];
    seen.extend(messages.page(&view, Window::Newest, 1).await.unwrap());
    let replies = messages.replies(&view, start.id, start.seq, 10);
    seen.extend(replies.await.unwrap());
    seen.extend(messages.pins(&view, None, 10).await.unwrap());
    seen.extend(messages.latest(&[view]).await.unwrap());
    assert_eq!(seen.len(), 5);
    seen
}

fn given((emoji, count, mine): (&Emoji, i64, bool)) -> Reaction {
    Reaction {
        emoji: emoji.clone(),
        count,
        mine,
    }
}
