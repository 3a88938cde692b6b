//! Searching for a word in thousands of messages, which takes another path than a rare word.

use domain::port::messages::NewMessage;
use domain::port::search::MessageQuery;
use domain::{Message, RoomId, UserId};
use port_contracts::{Store, at, new_message};

/// More hits than the index of words is followed to.
const MANY: usize = 5_200;
/// Messages per transaction.
const BATCH: usize = 400;

fn said(room: RoomId, sender: UserId, number: usize) -> NewMessage {
    NewMessage {
        at: at(i64::try_from(number).unwrap()),
        ..new_message(room, sender, &format!("the common word {number}"))
    }
}

/// Posts `MANY` messages, by each of these users in turn.
async fn fill(store: &Store, room: RoomId, people: &[UserId]) {
    let all: Vec<NewMessage> = (0..MANY)
        .zip(people.iter().cycle())
        .map(|(number, sender)| said(room, *sender, number))
        .collect();
    for batch in all.chunks(BATCH) {
        store.messages.append(batch).await.unwrap();
    }
}

async fn search(store: &Store, query: &MessageQuery) -> Vec<Message> {
    store.search.messages(query).await.unwrap()
}

fn numbers(found: &[Message]) -> Vec<i64> {
    found.iter().map(|message| message.seq.get()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_common_word_is_found_newest_first_and_only_where_one_belongs() {
    let store = crate::store().await;
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let strange = store.room(cleo, &[]).await.id;
    fill(&store, room, &[ana, ben]).await;
    store.post(strange, cleo, "the common word").await;

    let last = i64::try_from(MANY).unwrap();
    let mut query = MessageQuery {
        reader: ben,
        words: vec!["common".to_owned(), "the".to_owned()],
        room: None,
        from: None,
        before: None,
        after: None,
        cursor: None,
        limit: 20,
    };
    let first = search(&store, &query).await;
    let newest: Vec<i64> = (last - 19..=last).rev().collect();
    assert_eq!(numbers(&first), newest);
    query.cursor = first.last().map(|message| message.id);
    let second = search(&store, &query).await;
    let next: Vec<i64> = (last - 39..=last - 20).rev().collect();
    assert_eq!(numbers(&second), next);

    // Still more hits than the index is followed to, now in one room.
    query.room = Some(room);
    query.before = Some(at(last - 100));
    query.cursor = None;
    let found = search(&store, &query).await;
    assert_eq!(found[0].seq.get(), last - 100);
    // Few enough for the index again.
    query.from = Some(ana);
    let found = search(&store, &query).await;
    assert!(found.iter().all(|message| message.sender == ana));
    assert_eq!(found[0].seq.get(), last - 101);

    // A later member finds only messages from after they joined, and strangers find nothing.
    let late = store.room_of_joined_history(ana, &[]).await.id;
    fill(&store, late, &[ana]).await;
    store.join(late, ben).await;
    store.post(late, ana, "the last common word").await;
    query.room = Some(late);
    (query.from, query.before) = (None, None);
    assert_eq!(numbers(&search(&store, &query).await), [last + 1]);
    query.reader = cleo;
    assert_eq!(search(&store, &query).await, []);

    // A room that has long been silent while others went on.
    for _ in 0..3 {
        fill(&store, strange, &[cleo]).await;
    }
    (query.reader, query.room) = (ben, Some(room));
    assert_eq!(search(&store, &query).await, first);
}
