//! Typing indicators.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};

use super::scene::{Pair, is, pair, says};

scenarios![
    who_writes_is_seen_by_the_others,
    it_ends_by_itself,
    only_members_write,
];

fn typing(room: &str, on: bool) -> Value {
    json!({ "type": "typing", "roomId": room, "on": on })
}

fn told(room: &str, who: &Person, on: bool) -> Value {
    json!({ "type": "typing", "roomId": room, "userId": who.id, "on": on })
}

async fn who_writes_is_seen_by_the_others(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    let mut own = ben.clone().at(&world.visitor()).connects().await;
    own.subscribes(&room).await;
    for on in [true, false] {
        b.ask(typing(&room, on)).await.done();
        assert_eq!(a.next("typing").await, told(&room, &ben, on));
    }
    ana.posts(&room, "what?").await;
    for socket in [&mut b, &mut own] {
        socket.hears_no(is("typing"), says("what?")).await;
    }
}

async fn it_ends_by_itself(world: &mut World) {
    let Pair {
        ben,
        room,
        mut a,
        mut b,
        ..
    } = pair(world).await;
    b.tells(typing(&room, true)).await;
    assert_eq!(a.next("typing").await, told(&room, &ben, true));
    let begun = std::time::Instant::now();
    assert_eq!(a.next("typing").await, told(&room, &ben, false));
    let took = begun.elapsed().as_secs_f32();
    assert!(took > 4.0, "after {took} s");
}

async fn only_members_write(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    let carl = world.person("carl").await;
    let mut c = carl.connects().await;
    c.ask(typing(&room, true)).await.refused("forbidden");

    let user = format!("/api/rooms/{room}/users/{}", ben.id);
    let mute = json!({ "mutedUntil": "2999-01-01T00:00:00.000Z" });
    ana.patch(&user, mute).await.expect(200);
    b.ask(typing(&room, true)).await.refused("muted");
    ana.posts(&room, "silence").await;
    a.hears_no(is("typing"), says("silence")).await;
}
