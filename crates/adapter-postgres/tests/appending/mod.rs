//! Appending messages to the same rooms, under the same client ids, through both servers.

use std::collections::HashMap;

use domain::port::messages::{Appended, Fingerprint, NewMessage, Window};
use domain::{ClientId, Message, MessageId, RoomId, UserId};
use port_contracts::made::{seqs, view};
use port_contracts::{CROWD, ROUNDS, Store, at_once, fresh, new_message};

use crate::Nodes;

const TASKS: usize = 64;
const ROOMS: usize = 6;
/// Fewer than the tasks have messages, so that most find their client id taken.
const NAMES: usize = 96;
const BATCHES: usize = 4;

/// One task's batch: messages for most rooms, out of order, under client ids that other tasks use as
/// well, some of them in other rooms.
fn batch(turn: usize, rooms: &[RoomId], sender: UserId, names: &[ClientId]) -> Vec<NewMessage> {
    let messages = (0..rooms.len()).map(|number| {
        let step = turn * 7 + number * 5;
        let mut new = new_message(rooms[step % rooms.len()], sender, "now");
        if number % 3 > 0 {
            let name = names[(turn + number * 31) % names.len()];
            new.client = Some((name, Fingerprint([1; 32])));
        }
        new
    });
    let mut messages: Vec<NewMessage> = messages.collect();
    if turn.is_multiple_of(2) {
        messages.reverse();
    }
    messages
}

/// Posts batch after batch, and returns each message with its result.
async fn post(node: Store, batches: Vec<Vec<NewMessage>>) -> Vec<(NewMessage, Appended)> {
    let mut answers = Vec::new();
    for batch in batches {
        let answered = node.messages.append(&batch).await.unwrap();
        assert_eq!(answered.len(), batch.len());
        answers.extend(batch.into_iter().zip(answered));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn every_place_is_given_once_and_every_name_taken_once() {
    let nodes = Nodes::new().await;
    let [sender] = nodes.nodes[0].people().await;
    let mut rooms = Vec::new();
    for _ in 0..ROOMS {
        rooms.push(nodes.nodes[0].room(sender, &[]).await.id);
    }
    let names: Vec<ClientId> = (0..NAMES).map(|_| fresh()).collect();

    let answers = at_once(TASKS, |task| {
        let turns = task * BATCHES..(task + 1) * BATCHES;
        let batches = turns.map(|turn| batch(turn, &rooms, sender, &names));
        post(nodes.node(task), batches.collect())
    })
    .await;
    let answers: Vec<(NewMessage, Appended)> = answers.into_iter().flatten().collect();

    let kept = kept(&nodes, &rooms, sender).await;
    let mut takers: HashMap<ClientId, MessageId> = HashMap::new();
    for message in kept.values() {
        if let Some(name) = message.client_id {
            assert_eq!(takers.insert(name, message.id), None, "{name} twice");
        }
    }
    assert_eq!(takers.len(), NAMES);
    let mut stored = 0;
    for (new, answer) in &answers {
        let taker = new.client.map(|(name, _)| takers[&name]);
        match answer {
            Appended::Stored(placed) => {
                stored += 1;
                assert_eq!(kept.get(&new.id), Some(&placed.message));
                assert!(taker.is_none_or(|taker| taker == new.id));
            }
            Appended::Duplicate(first) => {
                assert_eq!(Some(first.id), taker);
                assert_eq!(
                    (first.room, kept.get(&first.id)),
                    (new.room, Some(&**first))
                );
            }
            Appended::Conflict => assert_ne!(kept[&taker.unwrap()].room, new.room),
            other @ (Appended::NoRoom | Appended::Unattachable) => panic!("{other:?}"),
        }
    }
    assert_eq!(stored, kept.len());
}

/// All messages of the rooms, after checking that their seqs have no gaps.
async fn kept(nodes: &Nodes, rooms: &[RoomId], reader: UserId) -> HashMap<MessageId, Message> {
    let mut kept = HashMap::new();
    for room in rooms {
        let view = view(*room, reader);
        let log = nodes.nodes[0].messages.page(&view, Window::Newest, 10_000);
        let log = log.await.unwrap();
        let count = i64::try_from(log.len()).unwrap();
        assert_eq!(seqs(&log), (1..=count).collect::<Vec<_>>());
        // The owner's joining and the room's creation took the first revs.
        assert!(
            log.iter()
                .all(|message| message.rev.get() == message.seq.get() + 2)
        );
        let head = nodes.nodes[1].head(*room).await;
        assert_eq!((head.seq.get(), head.rev.get()), (count, count + 2));
        kept.extend(log.into_iter().map(|message| (message.id, message)));
    }
    kept
}

/// Whether a client id was taken by the first of two messages, rather than refused to both.
fn took(answers: &[(NewMessage, Appended)]) -> bool {
    let answers: Vec<&Appended> = answers.iter().map(|(_, answer)| answer).collect();
    match answers.as_slice() {
        [Appended::Stored(_), Appended::Duplicate(_)] => true,
        [Appended::Conflict, Appended::Conflict] => false,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_a_deleted_room_holds_is_taken_over_once() {
    let nodes = Nodes::new().await;
    let [one, _] = &nodes.nodes;
    let [sender] = one.people().await;
    let named = |room, name| {
        let mut new = new_message(room, sender, "hello");
        new.client = Some((name, Fingerprint([1; 32])));
        new
    };
    for _ in 0..ROUNDS {
        let name: ClientId = fresh();
        let gone = one.room(sender, &[]).await.id;
        one.append(named(gone, name)).await;
        one.delete_room(gone, sender).await;
        let mut rooms = Vec::new();
        for _ in 0..CROWD {
            rooms.push(one.room(sender, &[]).await.id);
        }

        let answers = at_once(CROWD, |task| {
            let batch = vec![named(rooms[task], name), named(rooms[task], name)];
            post(nodes.node(task), vec![batch])
        })
        .await;
        assert_eq!(answers.iter().filter(|answers| took(answers)).count(), 1);
    }
}
