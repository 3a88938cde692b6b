//! What a node remembers of a room, for listeners that missed it.

use std::rc::Rc;

use super::stage::{Stage, change, changes, message, place, post, read, rev, room};
use crate::connection::Connection;
use crate::room::LARGE;
use crate::shard::{Caught, Memory};

/// How many events are remembered of a small room.
const FEW: i64 = 128;

/// What a listener catches up on that has everything up to a rev.
fn catch_up(stage: &Stage, connection: &Rc<Connection>, position: i64) -> Caught {
    stage.shard.sit(connection, room(1));
    assert!(stage.shard.place(connection, room(1), place(position)));
    stage.shard.catch_up(connection, room(1), Memory::Last)
}

#[test]
fn a_part_has_nothing_of_what_a_message_once_said() {
    let stage = Stage::narrow(4);
    let _others = stage.listener(1, room(1), 0);
    let posts = [(1, 10), (2, 20), (3, 30), (4, 40)].map(|(number, id)| post(number, id));
    stage.hub.offer(room(1), posts);
    stage.hub.offer(room(1), [message(5, 4), message(6, 1)]);
    let connection = stage.connect(2);
    assert_eq!(catch_up(&stage, &connection, 0), Caught::Part { told: 3 });
    assert_eq!(read(&connection), "2<0;3<2;5<3;");
    let up = Caught::Up {
        at: rev(6),
        told: 1,
    };
    let rest = stage.shard.catch_up(&connection, room(1), Memory::Last);
    assert_eq!(rest, up);
    assert_eq!(read(&connection), "6<5;");
}

#[test]
fn of_a_large_room_more_is_remembered() {
    let stage = Stage::new();
    let mut people = vec![stage.listener(1, room(1), 0)];
    stage.hub.offer(room(1), changes(1..=FEW + 1));
    let late = stage.connect(2);
    assert_eq!(catch_up(&stage, &late, 0), Caught::Missing(rev(0)));
    let others = (3..).take(LARGE - 2);
    people.extend(others.map(|number| stage.listener(number, room(1), FEW + 1)));
    stage.hub.offer(room(1), changes(FEW + 2..=2 * FEW + 1));
    let missed = usize::try_from(2 * FEW).unwrap();
    let up = Caught::Up {
        at: rev(2 * FEW + 1),
        told: missed,
    };
    assert_eq!(catch_up(&stage, &late, 1), up);
}

#[test]
fn what_is_old_is_forgotten() {
    let stage = Stage::new();
    let _others = stage.listener(1, room(1), 0);
    stage.hub.offer(room(1), changes(1..=2));
    stage.hub.forget_old_events();
    stage.hub.offer(room(1), [change(3)]);
    let connection = stage.connect(2);
    let up = |told| Caught::Up { at: rev(3), told };
    assert_eq!(catch_up(&stage, &connection, 0), up(3));
    stage.hub.forget_old_events();
    assert_eq!(catch_up(&stage, &connection, 1), Caught::Missing(rev(1)));
    assert_eq!(catch_up(&stage, &connection, 2), up(1));
    stage.hub.forget_old_events();
    assert_eq!(catch_up(&stage, &connection, 2), Caught::Missing(rev(2)));
    assert_eq!(catch_up(&stage, &connection, 3), up(0));
}
