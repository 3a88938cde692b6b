//! A store and a bus that answer.

use std::time::Duration;

use super::script::Kept;
use crate::connection::Ending;
use crate::shard::{Caught, Memory};
use crate::tests::stage::{change, read, rev, room, user};

#[tokio::test(start_paused = true)]
async fn a_room_is_followed_before_it_is_looked_at() {
    Kept::play(async |kept| {
        kept.script.room(room(1), [], 4);
        let connection = kept.stage.connect(1);
        kept.stage.shard.sit(&connection, room(1));
        kept.pass(1).await;
        assert_eq!(kept.script.said(), ["follow [1]", "heads [1]"]);
        kept.stage.hub.offer(room(1), [change(5)]);
        let events = kept.stage.hub.since(room(1), rev(4), false);
        assert_eq!(events.map(|events| events.len()), Some(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn rooms_that_come_together_are_followed_together() {
    Kept::play(async |kept| {
        let connection = kept.stage.connect(1);
        for number in 1..=3 {
            kept.script.room(room(number), [], 0);
            kept.stage.shard.sit(&connection, room(number));
        }
        kept.pass(1).await;
        assert_eq!(kept.script.said(), ["follow [1, 2, 3]", "heads [1, 2, 3]"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_room_that_comes_while_another_is_followed_has_its_turn() {
    Kept::play(async |kept| {
        kept.script.bus_takes(Duration::from_millis(50));
        let connection = kept.stage.connect(1);
        for number in 1..=2 {
            kept.script.room(room(number), [], 0);
            kept.stage.shard.sit(&connection, room(number));
            kept.pass(10).await;
        }
        kept.pass(100).await;
        let said = kept.script.said();
        assert_eq!(said, ["follow [1]", "heads [1]", "follow [2]", "heads [2]"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_only_late_is_not_asked_for() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.stage.hub.offer(room(1), [change(6)]);
        assert_eq!(kept.told(&connection, 10).await, "");
        kept.stage.hub.offer(room(1), [change(5)]);
        assert_eq!(kept.told(&connection, 50).await, "5<4;6<5;");
        assert_eq!(kept.script.said(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_hole_is_filled_after_a_moment() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.script.room(room(1), [6, 7], 7);
        kept.stage.hub.offer(room(1), [change(7)]);
        assert_eq!(kept.told(&connection, 15).await, "");
        assert_eq!(kept.told(&connection, 10).await, "6<4;7<6;");
        assert_eq!(kept.script.said(), ["since 4 [1]"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_large_hole_is_filled_in_parts() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 0).await;
        kept.script.room(room(1), 1..=900, 900);
        kept.stage.hub.offer(room(1), [change(900)]);
        kept.pass(30).await;
        assert_eq!(kept.script.said(), ["since 0 [1]", "since 500 [1]"]);
        let told = read(&connection);
        assert_eq!(told.split_terminator(';').count(), 900);
        assert!(told.ends_with("900<899;"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_no_hint_told_of_is_found_by_looking() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.script.room(room(1), [5, 6], 6);
        assert_eq!(kept.told(&connection, 1_900).await, "");
        assert_eq!(kept.told(&connection, 200).await, "5<4;6<5;");
        assert_eq!(kept.script.said(), ["heads [1]", "since 4 [1]"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_is_in_doubt_looks_at_once_and_once() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.script.room(room(1), [5], 5);
        for _ in 0..10 {
            kept.stage.hub.doubt();
            kept.pass(5).await;
        }
        assert_eq!(kept.told(&connection, 100).await, "5<4;");
        let said = kept.script.said();
        assert_eq!(said[..2], ["heads [1]", "since 4 [1]"]);
        // What was doubted while the first doubt waited may be looked into once more, and no oftener.
        assert!(said.len() <= 3, "{said:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_room_that_is_gone_is_dissolved() {
    Kept::play(async |kept| {
        let staying = kept.listener(1, room(1), 4).await;
        let looking = kept.listener(2, room(2), 4).await;
        let mending = kept.listener(3, room(3), 4).await;
        kept.script.delete(room(2));
        kept.script.delete(room(3));
        kept.stage.hub.offer(room(3), [change(6)]);
        assert_eq!(kept.told(&mending, 30).await, "gone;");
        assert_eq!(kept.told(&looking, 2_100).await, "gone;");
        assert_eq!(kept.stage.hub.rooms_with_listeners(), [room(1)]);
        assert_eq!(read(&staying), "");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_room_without_listeners_is_unfollowed_after_a_while() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.stage.shard.leave(&connection, room(1));
        kept.pass(29_000).await;
        assert_eq!(kept.script.said(), Vec::<String>::new());
        assert!(kept.stage.hub.knows(room(1)));
        kept.pass(10_000).await;
        assert_eq!(kept.script.said(), ["unfollow [1]"]);
        assert!(!kept.stage.hub.knows(room(1)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_while_a_room_is_unfollowed_has_it_followed_again() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 4).await;
        kept.stage.shard.leave(&connection, room(1));
        kept.script.bus_takes(Duration::from_millis(100));
        while kept.stage.hub.knows(room(1)) {
            kept.pass(1).await;
        }
        // It is being unfollowed.
        kept.pass(50).await;
        kept.stage.shard.sit(&connection, room(1));
        kept.pass(400).await;
        let said = kept.script.said();
        let bus: Vec<_> = said.iter().filter(|said| said.contains("follow")).collect();
        assert_eq!(bus, ["unfollow [1]", "follow [1]", "follow [1]"]);
        assert_eq!(said.last().map(String::as_str), Some("heads [1]"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn another_store_ends_all_connections_and_rooms_begin_anew() {
    Kept::play(async |kept| {
        let connection = kept.listener(1, room(1), 100).await;
        kept.pass(2_100).await;
        assert_eq!(connection.ending(), None);
        kept.script.room(room(1), [], 7);
        kept.script.put_back();
        kept.pass(2_100).await;
        assert_eq!(connection.ending(), Some(Ending::Restart));
        kept.stage.shard.disconnect(&connection);
        assert!(!kept.stage.hub.is_here(user(1)));

        let back = kept.stage.listener(2, room(1), 7);
        kept.stage.hub.offer(room(1), [change(8)]);
        assert_eq!(kept.told(&back, 1).await, "8<7;");
        // It is the same store from now on.
        kept.pass(10_000).await;
        assert_eq!(back.ending(), None);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_was_told_by_the_store_meets_what_comes_live() {
    Kept::play(async |kept| {
        let _others = kept.listener(1, room(1), 4).await;
        kept.script.room(room(1), [5, 6], 6);
        let connection = kept.stage.connect(2);
        kept.stage.shard.sit(&connection, room(1));
        kept.stage.hub.reach(room(1), rev(6), None);
        assert!(
            kept.stage
                .shard
                .place(&connection, room(1), crate::tests::stage::place(4))
        );
        let missing = Caught::Missing(rev(4));
        assert_eq!(
            kept.stage
                .shard
                .catch_up(&connection, room(1), Memory::Last),
            missing
        );
        kept.pass(30).await;
        let up = Caught::Up {
            at: rev(6),
            told: 2,
        };
        assert_eq!(
            kept.stage
                .shard
                .catch_up(&connection, room(1), Memory::Last),
            up
        );
    })
    .await;
}
