//! A store and a bus that do not answer, for a while.

use super::script::Kept;
use crate::tests::stage::{change, read, room};

#[tokio::test(start_paused = true)]
async fn a_bus_that_would_not_follow_is_asked_again() {
    Kept::play(async |kept| {
        kept.script.room(room(1), [], 4);
        kept.script.bus_is_away(true);
        let connection = kept.stage.connect(1);
        kept.stage.shard.sit(&connection, room(1));
        kept.pass(1).await;
        // Where the room stands is known all the same.
        assert_eq!(kept.script.said(), ["follow [1]", "heads [1]"]);
        kept.pass(2_100).await;
        assert!(kept.script.said().contains(&"follow [1]".to_owned()));
        kept.script.bus_is_away(false);
        kept.pass(2_100).await;
        assert!(kept.script.said().contains(&"follow [1]".to_owned()));
        kept.pass(4_200).await;
        assert!(!kept.script.said().contains(&"follow [1]".to_owned()));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn rooms_that_a_panic_left_unfollowed_are_followed_after_it() {
    Kept::play(async |kept| {
        kept.script.room(room(1), [], 4);
        kept.script.break_bus();
        let connection = kept.stage.connect(1);
        kept.stage.shard.sit(&connection, room(1));
        kept.pass(1).await;
        assert!(kept.script.said().is_empty());
        // Before the heads are read anyway.
        kept.pass(1_000).await;
        assert_eq!(kept.script.said(), ["follow [1]", "heads [1]"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_say_where_rooms_stand_is_asked_again() {
    Kept::play(async |kept| {
        kept.script.room(room(1), [], 4);
        kept.script.store_is_away(true);
        let connection = kept.stage.connect(1);
        kept.stage.shard.sit(&connection, room(1));
        kept.pass(5_000).await;
        assert_eq!(kept.stage.hub.torn_at(room(1)), None);
        // No connection is ended for it.
        assert!(kept.stage.shard.sits(&connection, room(1)));
        assert_eq!(
            (connection.ending(), read(&connection)),
            (None, String::new())
        );
        kept.script.store_is_away(false);
        kept.stage.hub.offer(room(1), [change(5)]);
        kept.pass(2_100).await;
        let events = kept
            .stage
            .hub
            .since(room(1), crate::tests::stage::rev(4), false);
        assert_eq!(events.map(|events| events.len()), Some(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_hole_that_was_not_filled_is_tried_again() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.script.room(room(1), [5, 6], 6);
        kept.script.store_is_away(true);
        kept.stage.hub.offer(room(1), [change(6)]);
        assert_eq!(kept.told(&connection, 5_000).await, "");
        kept.script.store_is_away(false);
        assert_eq!(kept.told(&connection, 2_100).await, "5<4;6<5;");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_not_asked_about_every_room() {
    Kept::play(async |kept| {
        let connection = kept.stage.connect(1);
        for number in 0..1_500 {
            kept.stage.shard.sit(&connection, room(number));
        }
        kept.script.store_is_away(true);
        kept.pass(100).await;
        kept.script.said();
        kept.pass(2_000).await;
        let said = kept.script.said();
        assert_eq!(
            said.iter().filter(|said| said.starts_with("heads")).count(),
            1
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_hint_of_what_the_store_does_not_have_is_not_asked_for_ever() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.stage.hub.offer(room(1), [change(9)]);
        kept.pass(10_000).await;
        let asked = kept.script.said();
        let asked = asked.iter().filter(|said| said.starts_with("since"));
        // Once for the hint, and once each time the room's head is read.
        assert!(asked.count() <= 6);
        assert_eq!(read(&connection), "");
    })
    .await;
}
