//! Presence.

use std::time::{Duration, Instant};

use acceptance::{Person, Socket, World, scenarios, until};
use serde_json::{Value, json};

use super::scene::{Pair, is, pair};

scenarios![
    who_comes_is_seen,
    who_goes_is_missed_after_a_while,
    the_last_connection_counts,
    a_reload_is_no_blink,
    strangers_see_nothing,
    those_who_do_not_listen_are_not_told,
];

/// How long a user counts as online after their last connection has ended, plus the delay of timers.
const GRACE: Duration = Duration::from_secs(9);

fn of<'a>(person: &'a Person, status: &'a str) -> impl Fn(&Value) -> bool + 'a {
    move |frame| {
        frame["type"] == "presence"
            && frame["userId"] == person.id.as_str()
            && frame["status"] == status
    }
}

async fn sees(reader: &Person, person: &Person) -> Value {
    let path = format!("/api/users/{}", person.id);
    reader.get(&path).await.expect(200)
}

/// Ana, connected and subscribed; Ben, a member of her room who is not connected.
async fn waiting(world: &World) -> (Person, Person, String, Socket) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut a = ana.connects().await;
    a.subscribes(&room).await;
    (ana, ben, room, a)
}

async fn who_comes_is_seen(world: &mut World) {
    let (ana, ben, room, mut a) = waiting(world).await;
    assert_eq!(sees(&ana, &ben).await["status"], "offline");
    let _b = ben.connects().await;
    let frame = a.finds("ben", of(&ben, "online")).await;
    assert!(frame.get("roomId").is_none(), "{frame}");
    assert_eq!(sees(&ana, &ben).await["status"], "online");

    let online = ana.get("/api/users/online").await.expect(200);
    let names = |users: &Value, at: &str| -> Vec<String> {
        let users = users["users"].as_array().unwrap().iter();
        users
            .map(|it| it.pointer(at).unwrap().as_str().unwrap().to_owned())
            .collect()
    };
    assert!(names(&online, "/username").contains(&"ben".to_owned()));
    let carl = world.person("carl").await;
    carl.joins(&room).await;
    let path = format!("/api/rooms/{room}/users?online=true");
    let online = ana.get(&path).await.expect(200);
    let mut online = names(&online, "/user/username");
    online.sort();
    assert_eq!(online, ["ana", "ben"]);
}

async fn who_goes_is_missed_after_a_while(world: &mut World) {
    let (ana, ben, _room, mut a) = waiting(world).await;
    let b = ben.connects().await;
    a.finds("ben", of(&ben, "online")).await;
    let left = Instant::now();
    drop(b);
    let gone = a.finds("ben", of(&ben, "offline")).await;
    assert!(left.elapsed() > GRACE, "at once");
    let seen = gone["lastSeenAt"].as_str().unwrap();
    assert!(seen.ends_with('Z'), "{gone}");
    until("it is known when he was here", async || {
        let seen = sees(&ana, &ben).await;
        seen["status"] == "offline" && seen["lastSeenAt"].is_string()
    })
    .await;
}

async fn the_last_connection_counts(world: &mut World) {
    let (_ana, ben, _room, mut a) = waiting(world).await;
    let phone = ben.clone().at(&world.visitor());
    let (one, two) = (ben.connects().await, phone.connects().await);
    a.finds("ben", of(&ben, "online")).await;
    one.leaves().await;
    // A user who leaves after him is reported before him.
    let (carl, c) = passer_by(world, &mut a).await;
    c.leaves().await;
    a.hears_no(of(&ben, "offline"), of(&carl, "offline")).await;
    two.leaves().await;
    a.finds("ben", of(&ben, "offline")).await;
}

/// Carl, whom Ana sees come online.
async fn passer_by(world: &World, a: &mut Socket) -> (Person, Socket) {
    let carl = world.person("carl").await;
    let rooms = carl.get("/api/rooms").await.expect(200);
    carl.joins(rooms["rooms"][0]["id"].as_str().unwrap()).await;
    let c = carl.connects().await;
    a.finds("carl", of(&carl, "online")).await;
    (carl, c)
}

async fn a_reload_is_no_blink(world: &mut World) {
    let (_ana, ben, _room, mut a) = waiting(world).await;
    let b = ben.connects().await;
    a.finds("ben", of(&ben, "online")).await;
    b.leaves().await;
    let _b = ben.connects().await;
    let (carl, c) = passer_by(world, &mut a).await;
    c.leaves().await;
    let of_ben = |frame: &Value| of(&ben, "offline")(frame) || of(&ben, "online")(frame);
    a.hears_no(of_ben, of(&carl, "offline")).await;
}

async fn strangers_see_nothing(world: &mut World) {
    let (ana, ben, _room, mut a) = waiting(world).await;
    let dora = world.person("dora").await;
    let own = dora.makes_room("own").await;
    let mut d = dora.connects().await;
    d.subscribes(&own).await;
    let _b = ben.connects().await;
    a.hears_no(of(&dora, "online"), of(&ben, "online")).await;
    assert_eq!(sees(&dora, &ben).await["status"], "offline");
    let online = dora.get("/api/users/online").await.expect(200);
    assert!(!online.to_string().contains(&ben.id), "{online}");

    let emil = world.person("emil").await;
    emil.joins(&own).await;
    let _e = emil.connects().await;
    d.hears_no(of(&ben, "online"), of(&emil, "online")).await;
    drop(ana);
}

async fn those_who_do_not_listen_are_not_told(world: &mut World) {
    let Pair {
        ana, room, mut a, ..
    } = pair(world).await;
    let mut deaf = ana.connects().await;
    let carl = world.person("carl").await;
    carl.joins(&room).await;
    let _c = carl.connects().await;
    a.finds("carl", of(&carl, "online")).await;
    // She uses her own connection for this.
    deaf.ask(json!({ "type": "ping" })).await.of("pong");
    let heard = deaf.so_far().await;
    assert!(!heard.iter().any(is("presence")), "{heard:?}");
}
