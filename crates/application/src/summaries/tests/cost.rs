//! What a large room costs.

use std::collections::BTreeSet;

use super::scene::{Scene, read};
use crate::Summaries;

const MESSAGES: i64 = 100_000;

#[tokio::test]
async fn a_great_room_is_read_once_and_then_by_its_newest_messages() {
    let scene = Scene::with(|rules| {
        let rates = (rules.of_person, rules.of_room);
        *rules = Summaries {
            of_person: rates.0,
            of_room: rates.1,
            daily_tokens: 0,
            reach: 0,
            patience: std::time::Duration::from_mins(10),
            ..Summaries::default()
        };
    })
    .await;
    let room = scene.talk(MESSAGES).await;
    let (view, first) = scene.everything(room).await;
    assert_eq!((view.messages, view.degraded), (MESSAGES, false));
    let lines = read(&first);
    let once: BTreeSet<i64> = lines.iter().copied().collect();
    assert_eq!(lines.len(), once.len(), "no message is read twice");
    assert_eq!(lines.len(), 100_000);
    let spent: u64 = first.iter().map(|question| question.tokens).sum();

    scene.say(room, MESSAGES + 1, MESSAGES + 20).await;
    let (view, next) = scene.everything(room).await;
    assert_eq!((view.messages, view.degraded), (MESSAGES + 20, false));
    assert_eq!(next.len(), 1);
    assert_eq!(
        next[0].lines,
        (MESSAGES + 1..=MESSAGES + 20).collect::<Vec<_>>()
    );
    assert_eq!(
        next[0].parts, 6,
        "what was gathered before, and nothing else"
    );
    let again: u64 = next.iter().map(|question| question.tokens).sum();
    assert!(again * 500 < spent, "{again} of {spent}");
    println!("a room of {MESSAGES} messages: {spent} tokens at first, {again} after 20 more");
}
