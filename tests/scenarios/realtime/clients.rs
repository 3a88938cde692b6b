//! The client library. Whatever breaks, every client receives everything, once and in order, and nothing that
//! was acked is lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use acceptance::{Bridge, Dice, PASSWORD, World, scenarios, until};
use client::{
    Account, CloseCode, Draft, Ending, Error, ErrorCode, Event, Events, Gone, Live, Options,
    Patience, Secret, Server, Since, Standing, Uuid, rest,
};
use futures::TryStreamExt as _;
use tertulia_client as client;
use tokio::task::JoinHandle;

scenarios![
    everybody_hears_everything_once_however_often_it_breaks,
    what_was_missed_is_told_by_another_connection_too,
    who_left_a_room_meanwhile_is_told_and_hears_the_others,
    a_session_that_ends_is_the_end_and_a_password_must_be_right,
];

mod restarted {
    use acceptance::{World, scenarios};

    scenarios![kept; everybody_hears_everything_once_over_a_restart];

    async fn everybody_hears_everything_once_over_a_restart(world: &mut World) {
        super::over_a_restart(world).await;
    }
}

const PEOPLE: usize = 4;
const EACH: usize = 25;
const ALL: usize = PEOPLE * EACH;

/// A user of the client library, on their own bridge.
struct Guest {
    bridge: Bridge,
    account: Account,
}

impl Guest {
    async fn come(world: &World, node: usize, name: &str) -> Self {
        let bridge = Bridge::to(&world.visitor_at(node)).await;
        let account = rest::Register {
            email: format!("{name}@example.org"),
            password: Secret::new(PASSWORD),
            username: Some(name.to_owned()),
            display_name: name.to_owned(),
        };
        let server = Server::at(bridge.url()).unwrap();
        let account = server.register(&account).await.unwrap();
        Self { bridge, account }
    }

    /// Reconnects quickly, so that tests need not wait.
    fn live(&self, from: Standing) -> (Live, Events) {
        let patience = Patience {
            first: Duration::from_millis(10),
            longest: Duration::from_millis(200),
        };
        let options = Options::default().with_patience(patience);
        self.account.live_with(from, options)
    }

    /// Receives a room from its beginning, until everything has been posted.
    async fn listens(&self, room: Uuid) -> (Live, JoinHandle<Vec<Uuid>>) {
        let (live, mut events) = self.live(Standing::default());
        let asking = live.clone();
        let hearing = tokio::spawn(async move { heard(&mut events, room, ALL).await });
        asking.subscribe(room, Since::Rev(0)).await.unwrap();
        (live, hearing)
    }
}

/// The next messages of a room, which must arrive in order and once each.
async fn heard(events: &mut Events, room: Uuid, count: usize) -> Vec<Uuid> {
    let (mut ids, mut last) = (Vec::new(), None);
    while ids.len() < count {
        let event = events.next().await.expect("there is more to come");
        assert!(!matches!(event, Event::Reset { .. }), "{event:?}");
        let Event::Posted {
            room: of, message, ..
        } = event
        else {
            continue;
        };
        assert_eq!(of, room);
        assert!(
            last.is_none_or(|last| message.seq == last + 1),
            "{last:?}, {message:?}"
        );
        last = Some(message.seq);
        ids.push(message.id);
    }
    ids
}

/// Users in one room, distributed over the nodes.
async fn company(world: &World) -> (Vec<Guest>, Uuid) {
    let mut guests = Vec::new();
    for number in 0..PEOPLE {
        let name = format!("guest{number}");
        guests.push(Guest::come(world, number % world.nodes(), &name).await);
    }
    let garden = client::room("tertulia");
    let room = guests[0].account.create_room(&garden).await.unwrap().id;
    for guest in &guests[1..] {
        guest.account.join(room).await.unwrap();
    }
    (guests, room)
}

/// A user who posts.
struct Talker {
    number: usize,
    live: Live,
    dice: Dice,
    /// The bridges to cut.
    bridges: Arc<[Bridge]>,
    acked: Arc<AtomicUsize>,
}

impl Talker {
    /// Posts everything, and cuts a bridge now and then.
    async fn talks(mut self, room: Uuid) -> Vec<Uuid> {
        let mut said = Vec::new();
        for line in 0..EACH {
            let words = Draft::text(format!("{}/{line}", self.number));
            said.push(self.live.send(room, words).await.unwrap().id);
            self.acked.fetch_add(1, Ordering::Relaxed);
            if self.dice.once_in(3) {
                self.dice.one(&self.bridges).cut();
            }
        }
        said
    }
}

/// All users post, while something happens to the world.
async fn all_talk(guests: &[Guest], room: Uuid, meanwhile: impl AsyncFnOnce(&AtomicUsize)) {
    let bridges: Arc<[_]> = guests.iter().map(|guest| guest.bridge.clone()).collect();
    let acked = Arc::new(AtomicUsize::new(0));
    let (mut talking, mut hearing) = (Vec::new(), Vec::new());
    let mut lives = Vec::new();
    let dice = Dice::new(0x7e27);
    for (number, guest) in guests.iter().enumerate() {
        let (live, heard) = guest.listens(room).await;
        hearing.push(heard);
        lives.push(live.clone());
        let talker = Talker {
            number,
            live,
            dice: dice.of(number.try_into().unwrap()),
            bridges: Arc::clone(&bridges),
            acked: Arc::clone(&acked),
        };
        talking.push(tokio::spawn(talker.talks(room)));
    }
    meanwhile(&acked).await;
    let mut said = BTreeSet::new();
    for talking in talking {
        said.extend(talking.await.unwrap());
    }
    let history = guests[0].account.all_history(room, 0);
    let history: Vec<_> = history
        .map_ok(|message| message.id)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(history.len(), ALL);
    assert_eq!(history.iter().copied().collect::<BTreeSet<_>>(), said);
    for hearing in hearing {
        assert_eq!(hearing.await.unwrap(), history);
    }
    for live in lives {
        live.close().await;
    }
}

async fn half_is_said(acked: &AtomicUsize) {
    until("half of it is said", async || {
        acked.load(Ordering::Relaxed) >= ALL / 2
    })
    .await;
}

async fn everybody_hears_everything_once_however_often_it_breaks(world: &mut World) {
    let (guests, room) = company(world).await;
    all_talk(&guests, room, async |acked| {
        half_is_said(acked).await;
        if world.nodes() > 1 {
            // Nothing that the node sends arrives any longer, as if it had been killed.
            let elsewhere = world.visitor_at(1);
            let there = guests.iter().step_by(world.nodes());
            there.for_each(|guest| guest.bridge.turn(&elsewhere));
            world.stop_node(0).await;
        }
    })
    .await;
}

async fn over_a_restart(world: &mut World) {
    let (guests, room) = company(world).await;
    all_talk(&guests, room, async |acked| {
        half_is_said(acked).await;
        world.restart().await;
        for (number, guest) in guests.iter().enumerate() {
            guest.bridge.turn(&world.visitor_at(number % world.nodes()));
        }
    })
    .await;
}

async fn what_was_missed_is_told_by_another_connection_too(world: &mut World) {
    let (guests, room) = company(world).await;
    let (ana, ben) = (&guests[0], &guests[1]);
    let (live, mut events) = ben.live(Standing::default());
    let stand = live.subscribe(room, Since::Now).await.unwrap();
    ana.account.post(room, Draft::text("one")).await.unwrap();
    heard(&mut events, room, 1).await;
    live.close().await;
    // As it would be stored on disk.
    let kept = serde_json::to_string(events.standing()).unwrap();
    let kept: Standing = serde_json::from_str(&kept).unwrap();
    assert!(
        kept.revs[&room] > stand.rev && kept.epoch.is_some(),
        "{kept:?}"
    );

    let mut missed = Vec::new();
    for words in ["two", "three"] {
        missed.push(ana.account.post(room, Draft::text(words)).await.unwrap());
    }
    let changed = ana
        .account
        .edit(missed[1].id, "three, or four")
        .await
        .unwrap();
    let (_live, mut events) = ben.live(kept);
    assert_eq!(heard(&mut events, room, 1).await, [missed[0].id]);
    let told = finds(&mut events, |event| matches!(event, Event::Changed { .. })).await;
    let Event::Changed { message, .. } = told else {
        panic!("{told:?}");
    };
    assert_eq!(message.content, changed.content);
    ana.account.react(missed[0].id, "🌱", true).await.unwrap();
    let reacted = finds(&mut events, |event| matches!(event, Event::Reacted { .. })).await;
    let Event::Reacted { message, by, .. } = reacted else {
        panic!("{reacted:?}");
    };
    assert_eq!((message.id, by.on), (missed[0].id, true));
    assert_eq!(Some(by.user_id), ana.account.id());
}

async fn finds(events: &mut Events, so: impl Fn(&Event) -> bool) -> Event {
    loop {
        let event = events.next().await.expect("there is more to come");
        if so(&event) {
            return event;
        }
    }
}

async fn who_left_a_room_meanwhile_is_told_and_hears_the_others(world: &mut World) {
    let (guests, room) = company(world).await;
    let (ana, ben) = (&guests[0], &guests[1]);
    let other = ana
        .account
        .create_room(&client::room("other"))
        .await
        .unwrap()
        .id;
    ben.account.join(other).await.unwrap();
    let (live, mut events) = ben.live(Standing::default());
    for room in [room, other] {
        live.subscribe(room, Since::Now).await.unwrap();
    }
    ben.bridge.close();
    finds(&mut events, |event| {
        matches!(event, Event::Disconnected { .. })
    })
    .await;
    ana.account
        .kick(room, ben.account.id().unwrap())
        .await
        .unwrap();
    ana.account
        .post(room, Draft::text("without him"))
        .await
        .unwrap();
    let said = ana
        .account
        .post(other, Draft::text("with him"))
        .await
        .unwrap();

    ben.bridge.turn(&world.visitor());
    let (mut lost, mut told) = (None, None);
    while lost.is_none() || told.is_none() {
        let event = events.next().await.expect("there is more to come");
        if let Event::Lost { room, why } = event {
            lost = Some((room, why));
        } else if let Event::Posted { message, .. } = event {
            told = Some(message.id);
        }
    }
    assert_eq!(lost, Some((room, Gone::Refused(ErrorCode::Forbidden))));
    assert_eq!(told, Some(said.id));
    let refused = live.send(room, Draft::text("let me in")).await;
    assert_eq!(refused.unwrap_err().code(), Some(ErrorCode::Forbidden));
    assert_eq!(
        events.standing().revs.keys().copied().collect::<Vec<_>>(),
        [other]
    );
}

async fn a_session_that_ends_is_the_end_and_a_password_must_be_right(world: &mut World) {
    let ana = Guest::come(world, 0, "ana").await;
    let server = Server::at(ana.bridge.url()).unwrap();
    let wrong = server.login("ana", "wrong horse").await.unwrap_err();
    assert_eq!(wrong.code(), Some(ErrorCode::BadCredentials));
    let other = server.login("ana", PASSWORD).await.unwrap();

    let (live, mut events) = ana.live(Standing::default());
    live.ping().await.ok();
    finds(&mut events, |event| {
        matches!(event, Event::Connected { .. })
    })
    .await;
    let here = ana.account.tokens().unwrap().session_id;
    other.end_session(here).await.unwrap();
    let gone = finds(&mut events, |event| {
        matches!(event, Event::Disconnected { .. })
    })
    .await;
    let Event::Disconnected { why, again } = gone else {
        panic!("{gone:?}");
    };
    assert!(again.is_none(), "{why}");
    assert!(
        matches!(why, Ending::Closed(CloseCode::SessionRevoked)),
        "{why}"
    );
    assert!(events.next().await.is_none());
    assert!(matches!(live.ping().await, Err(Error::Closed)));
    let refused = ana.account.me().await.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::SessionRevoked));
    assert!(ana.account.tokens().is_none());
}
