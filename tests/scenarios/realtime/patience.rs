//! Timeouts: these tests wait as long as the server does, so they only run in the worlds where it matters.

use std::time::Duration;

use acceptance::{World, until, within};
use serde_json::{Value, json};

use super::scene::is;

acceptance::in_world![memory with &[]; a_silent_client_is_given_up, who_takes_nothing_is_given_up];
acceptance::in_world![cluster with &[]; a_silent_client_is_given_up];

/// Longer than a server waits for two pongs.
const TWO_PONGS: Duration = Duration::from_secs(100);

async fn a_silent_client_is_given_up(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut a = ana.connects().await;
    a.subscribes(&room).await;
    let mut b = ben.connects().await;
    a.finds("ben", is("presence")).await;
    // He answers no pings while the test does not read, and is closed.
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
    // She has answered her pings.
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
    // What had been sent still arrives, and then the end.
    let code = b.ends().await;
    assert!(matches!(code, Some(4008) | None), "{code:?}");
}
