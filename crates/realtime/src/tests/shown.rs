//! What shows a room as a whole.

use super::stage::{Stage, change, read, rev, room, said};

#[test]
fn what_shows_a_room_does_not_hide_what_is_newer() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    let before = stage.hub.position(room(1));
    assert_eq!(before, Some(rev(4)));
    stage.hub.offer(room(1), [change(5)]);
    assert!(!stage.hub.show(room(1), before, &said("old;")));
    let now = stage.hub.position(room(1));
    assert!(stage.hub.show(room(1), now, &said("new;")));
    stage.deliver();
    assert_eq!(read(&connection), "5<4;new;");
}

#[test]
fn who_has_no_place_for_what_shows_a_room_falls_behind() {
    let mut stage = Stage::narrow(2);
    let connection = stage.listener(1, room(1), 4);
    assert_eq!(stage.shard.behind_at(&connection, room(1)), None);
    stage.hub.offer(room(1), [change(5), change(6)]);
    assert!(stage.hub.show(room(1), Some(rev(6)), &said("list;")));
    stage.deliver();
    assert_eq!(read(&connection), "5<4;6<5;");
    assert_eq!(connection.fallen(), [room(1)]);
    let position = stage.shard.behind_at(&connection, room(1));
    assert_eq!(position, Some(rev(6)));
}
