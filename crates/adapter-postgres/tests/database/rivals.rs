//! Two servers doing the same thing at the same time.

use std::sync::Arc;

use adapter_postgres::PostgresStore;
use domain::port::users::{ProfileChange, ProfileChanged};
use domain::port::{Upkeep as _, Users as _};
use domain::{Failure, Timestamp, UserId, Username};
use port_contracts::made::{emoji, react};
use port_contracts::{Store, at, unique};
use tokio::task::JoinSet;

use crate::ground::Ground;
use crate::ports::ports;

const ROUNDS: usize = 20;

async fn nodes(ground: &Ground) -> [PostgresStore; 2] {
    [ground.store().await, ground.store().await]
}

fn scene(store: &PostgresStore) -> Store {
    ports(&Arc::new(store.clone()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_goes_to_one_of_those_who_want_it() {
    let ground = Ground::new().await;
    let nodes = nodes(&ground).await;
    let people: [UserId; 2] = scene(&nodes[0]).people().await;
    for _ in 0..ROUNDS {
        let name = Username::parse(unique("n")).unwrap();
        let wish = ProfileChange {
            username: Some(name.clone()),
            ..ProfileChange::default()
        };
        let (one, other) = tokio::join!(
            nodes[0].change_profile(people[0], &wish),
            nodes[1].change_profile(people[1], &wish),
        );
        let answers = [one.unwrap(), other.unwrap()];
        let has = |answer: &ProfileChanged| matches!(answer, ProfileChanged::Changed(_));
        let refused = |answer: &ProfileChanged| *answer == ProfileChanged::UsernameTaken;
        assert_eq!(answers.iter().filter(|it| has(it)).count(), 1);
        assert_eq!(answers.iter().filter(|it| refused(it)).count(), 1);
        let found = nodes[0].find(&people).await.unwrap();
        assert_eq!(found.iter().filter(|it| it.username == name).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saw_the_same_people_waits_in_no_circle() {
    let ground = Ground::new().await;
    let nodes = nodes(&ground).await;
    let people: [UserId; 40] = scene(&nodes[0]).people().await;
    let mut noting = JoinSet::new();
    for round in 0..ROUNDS {
        let forward: Vec<_> = people.iter().map(|id| (*id, moment(round))).collect();
        let backward: Vec<_> = forward.iter().rev().copied().collect();
        noting.spawn(note(nodes[0].clone(), forward));
        noting.spawn(note(nodes[1].clone(), backward));
    }
    for noted in noting.join_all().await {
        noted.unwrap();
    }
    for user in nodes[0].find(&people).await.unwrap() {
        assert_eq!(user.last_seen_at, Some(moment(ROUNDS - 1)));
    }
}

async fn note(node: PostgresStore, seen: Vec<(UserId, Timestamp)>) -> Result<(), Failure> {
    node.seen(&seen).await
}

fn moment(round: usize) -> Timestamp {
    at(i64::try_from(round).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_cleared_by_several_at_once() {
    let ground = Ground::new().await;
    let nodes = nodes(&ground).await;
    let scene = scene(&nodes[0]);
    let [ana, ben] = scene.people().await;
    let mut rows = 0;
    for _ in 0..6 {
        let room = scene.private_room(ana, &[ben]).await.id;
        let posts = scene.posts::<12>(room, ana).await;
        scene.change(&posts[0], ben, react(&emoji(1))).await;
        scene.delete_room(room, ana).await;
        // Messages, a reaction, two members, an invite, and the room.
        rows += 12 + 1 + 2 + 1 + 1;
    }
    let mut clearing = JoinSet::new();
    for node in nodes.iter().cycle().take(6) {
        let node = node.clone();
        clearing.spawn(async move { clear(&node).await });
    }
    let cleared: usize = clearing.join_all().await.into_iter().sum();
    assert_eq!(cleared + clear(&nodes[0]).await, rows);
}

/// Clears in small steps until nothing is left except what others are clearing. Returns the number of
/// rows removed.
async fn clear(node: &PostgresStore) -> usize {
    let mut cleared = 0;
    loop {
        let step = node.clear(at(0), 5).await.unwrap();
        assert!(step <= 5);
        if step == 0 {
            return cleared;
        }
        cleared += step;
    }
}
