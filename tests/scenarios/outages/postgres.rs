//! Without Postgres: nothing is accepted, and what was accepted is neither lost nor duplicated.

use std::time::Duration;

use acceptance::{Answer, Person, World};
use servers::Postgres;
use tokio::time::sleep;
use uuid::Uuid;

use super::{Fate, login, until_health};

/// The number of writers, and of messages per writer.
const WRITERS: usize = 8;
const EACH: usize = 25;

#[test]
fn killed() {
    play(Fate::Killed);
}

#[test]
fn frozen() {
    play(Fate::Frozen);
}

fn play(fate: Fate) {
    let mut postgres = Postgres::start();
    World::production()
        .with("DATABASE_URL", &postgres.url())
        .run(async |world| {
            until_health(world, 200, "store", "ok").await;
            let ana = world.person("ana").await;
            let room = ana.makes_room("tertulia").await;
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| tokio::spawn(writes(ana.clone(), room.clone(), writer)))
                .collect();
            // While they are writing.
            while ana.reads(&room).await.len() < WRITERS * 2 {
                tokio::task::yield_now().await;
            }

            fate.strike(&mut postgres);
            expect_refusal(ana.tries_to_post(&room, "into the void").await);
            expect_refusal(login(world, &ana).await);
            until_health(world, 503, "store", "down").await;

            fate.mend(&mut postgres);
            until_health(world, 200, "store", "ok").await;
            for writer in writers {
                writer.await.unwrap();
            }
            all_is_there(&ana, &room).await;
        });
}

/// Posts texts one after another, and retries each until it is accepted.
async fn writes(person: Person, room: String, writer: usize) {
    for number in 0..EACH {
        let name = Uuid::now_v7();
        let text = format!("{writer}/{number}");
        loop {
            let answer = person.posts_as(&room, name, &text).await;
            if matches!(answer.status, 200 | 201) {
                break;
            }
            expect_refusal(answer);
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Asserts that a request was refused because the store is down, even if it had been queued behind others.
fn expect_refusal(answer: Answer) {
    let problem = answer.expect(503);
    assert_eq!(problem["code"], "unavailable", "{problem}");
}

/// Asserts that each text was stored once, and those of each writer in order.
async fn all_is_there(person: &Person, room: &str) {
    let mut kept = person.reads_all(room).await;
    // A refused message may have been stored nevertheless.
    kept.retain(|text| text != "into the void");
    assert_eq!(kept.len(), WRITERS * EACH);
    for writer in 0..WRITERS {
        let mine = format!("{writer}/");
        let said: Vec<_> = kept.iter().filter(|text| text.starts_with(&mine)).collect();
        let expected: Vec<_> = (0..EACH)
            .map(|number| format!("{writer}/{number}"))
            .collect();
        assert_eq!(said, expected.iter().collect::<Vec<_>>());
    }
}
