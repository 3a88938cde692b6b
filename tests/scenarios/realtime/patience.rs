//! What takes its time: these wait as long as the server does, so they run where it matters and not
//! everywhere.

use std::time::Duration;

use acceptance::{World, until, within};
use serde_json::{Value, json};

use super::scene::is;

acceptance::in_world![memory with &[]; a_silent_client_is_given_up, who_takes_nothing_is_given_up];
acceptance::in_world![cluster with &[]; a_silent_client_is_given_up];

/// What a server waits at most for two pongs, and some more.
const TWO_PONGS: Duration = Duration::from_secs(100);

async fn a_silent_client_is_given_up(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut a = ana.connects().await;
    a.subscribes(&room).await;
    let mut b = ben.connects().await;
    a.finds("ben", is("presence")).await;
    // He answers no ping as long as nothing is read here, and is missed.
    let gone = |frame: &Value| is("presence")(frame) && frame["status"] == "offline";
    let waiting = async {
        loop {
            if let acceptance::Heard::Frame(frame) = a.hears(TWO_PONGS).await
                && gone(&frame)
            {
                return;
            }
        }
    };
    tokio::time::timeout(TWO_PONGS, waiting).await.unwrap();
    b.ends().await;
    // She has answered hers.
    assert!(a.pings() >= 2, "{}", a.pings());
    a.so_far().await;
}

async fn who_takes_nothing_is_given_up(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut b = ben.connects_narrowly().await;
    b.subscribes(&room).await;
    let text = "🎈".repeat(8000);
    for _ in 0..300 {
        ana.posts(&room, &text).await;
    }
    let presence = json!({ "type": "presence", "roomId": room });
    let mut a = ana.connects().await;
    let mut count = async || a.ask(presence.clone()).await.done()["count"].clone();
    until("he is there", async || count().await == 2).await;
    let gone = within(Duration::from_secs(70), async || count().await != 2).await;
    assert!(gone.is_some(), "he is not given up after 30 seconds");
    // What was on its way still comes, and then the end.
    let code = b.ends().await;
    assert!(matches!(code, Some(4008) | None), "{code:?}");
}
