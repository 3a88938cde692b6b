//! A client that does not read harms only itself, and catches up when it reads again.

use std::time::{Duration, Instant};

use acceptance::{Heard, Person, Replica, SOON, Socket, World, scenarios};
use serde_json::{Value, json};

use super::scene::is;

scenarios![
    who_reads_on_is_whole_again,
    who_missed_too_much_is_told_so,
    the_others_do_not_notice,
];

/// A message of the maximum length, in characters of four bytes.
fn long(number: usize) -> String {
    format!("{number:0>8}{}", "🎈".repeat(7992))
}

/// A room, a slow reader who has subscribed to it from its beginning, and a writer.
struct Slow {
    ana: Person,
    ben: Person,
    room: String,
    a: Socket,
    b: Socket,
    replica: Replica,
}

async fn slow(world: &World) -> Slow {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let a = ana.connects().await;
    let mut b = ben.connects_narrowly().await;
    let mut replica = Replica::of(&[&room]);
    let ack = b.ask(replica.subscribe()).await.done();
    for frame in b.kept() {
        replica.take(&frame);
    }
    replica.subscribed(&ack);
    Slow {
        ana,
        ben,
        room,
        a,
        b,
        replica,
    }
}

/// Posts texts, some at a time.
async fn write(socket: &mut Socket, room: &str, texts: impl Iterator<Item = String>) {
    let mut asked = Vec::new();
    for text in texts {
        let send = json!({ "type": "send", "roomId": room, "content": text });
        asked.push(socket.asks(send).await);
        if asked.len() == 16 {
            for id in asked.drain(..) {
                socket.reply(id, json!("send")).await.done();
            }
        }
    }
    for id in asked {
        socket.reply(id, json!("send")).await.done();
    }
}

impl Slow {
    /// Reads until this text arrives, and returns what else arrived.
    async fn reads_until(&mut self, last: &str) -> Vec<Value> {
        let mut others = Vec::new();
        loop {
            let Heard::Frame(frame) = self.b.hears(Duration::from_secs(30)).await else {
                panic!("it stands at {:?}", self.replica.rev(&self.room));
            };
            self.replica.take(&frame);
            for room in self.replica.stale() {
                self.replica.reload(&room, &self.ben).await;
            }
            if !is("message")(&frame) {
                others.push(frame);
                continue;
            }
            if frame["message"]["content"] == last {
                return others;
            }
        }
    }
}

async fn who_reads_on_is_whole_again(world: &mut World) {
    let mut slow = slow(world).await;
    // Far more than the queue and the system buffer for it, but few enough for a replay.
    write(&mut slow.a, &slow.room, (0..400).map(long)).await;
    let (room, ana) = (slow.room.clone(), slow.ana.clone());
    let heard = tokio::join!(slow.reads_until("the end"), async {
        ana.posts(&room, "the end").await;
    })
    .0;
    let lagging: Vec<_> = heard.iter().filter(|it| is("lagging")(it)).collect();
    let resumed: Vec<_> = heard.iter().filter(|it| is("resumed")(it)).collect();
    assert!(!lagging.is_empty(), "it kept up: {heard:?}");
    assert_eq!(lagging[0]["rooms"], json!([room]));
    assert!(resumed.iter().all(|it| it["reset"] == false));
    slow.replica.must_equal_history(&room, &ana).await;
    // It continues afterwards.
    ana.posts(&room, "live").await;
    slow.reads_until("live").await;
    slow.replica.must_equal_history(&room, &ana).await;
}

async fn who_missed_too_much_is_told_so(world: &mut World) {
    let mut slow = slow(world).await;
    write(&mut slow.a, &slow.room, (0..300).map(long)).await;
    let short = (0..1500).map(|number| format!("short {number}"));
    write(&mut slow.a, &slow.room, short).await;
    let (room, ana) = (slow.room.clone(), slow.ana.clone());
    // A client that is behind receives it once it reads, and only then what follows.
    let heard = {
        let mut others = Vec::new();
        while !others.iter().any(is("resumed")) {
            let Heard::Frame(frame) = slow.b.hears(SOON).await else {
                panic!("{others:?}");
            };
            slow.replica.take(&frame);
            if !is("message")(&frame) {
                others.push(frame);
            }
        }
        others
    };
    let resumed = heard.iter().find(|it| is("resumed")(it)).unwrap();
    assert_eq!(resumed["reset"], true, "{heard:?}");
    slow.replica.reload(&room, &ana).await;
    ana.posts(&room, "the end").await;
    slow.reads_until("the end").await;
    slow.replica.must_equal_history(&room, &ana).await;
}

async fn the_others_do_not_notice(world: &mut World) {
    let mut slow = slow(world).await;
    let carl = world.person("carl").await;
    carl.joins(&slow.room).await;
    let mut c = carl.connects().await;
    c.subscribes(&slow.room).await;
    let mut worst = Duration::ZERO;
    for number in 0..200 {
        let begun = Instant::now();
        let text = long(number);
        slow.a.posts(&slow.room, &text).await;
        let heard = c.next("message").await;
        assert_eq!(heard["message"]["content"], text);
        worst = worst.max(begun.elapsed());
    }
    // The slow client delayed nobody.
    assert!(worst < SOON, "{worst:?}");
    let heard = c.so_far().await;
    assert!(!heard.iter().any(is("lagging")), "{heard:?}");
}
