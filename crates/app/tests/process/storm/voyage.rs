//! The storm, and proof that it leaves no trace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use acceptance::{Dice, Person, Replica, until};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::harbour::{Harbour, Signs};
use super::orders::Orders;
use super::sailor::{Sailor, Tally};

pub(super) const SAILORS: usize = 50;
const ROOMS: usize = 5;
/// In how many rooms each sailor is.
const EACH: usize = 2;
/// How many messages are acknowledged between two kills.
const GUST: usize = 120;
/// How long everybody may take to know everything, once nobody writes, on a busy machine.
const CONVERGENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_leaves_everybody_with_the_same() {
    let mut harbour = Harbour::build();
    let mut dice = Dice::new(4);
    let signs = harbour.signs();
    let captain = Person::register(signs.any(&mut dice), "captain").await;
    let crew = muster(&captain, &signs, &mut dice).await;
    let tally = Arc::new(Tally::default());
    let (give, orders) = watch::channel(Orders::Storm);
    let sailing: Vec<_> = (0_u64..)
        .zip(crew)
        .map(|(number, (person, rooms))| {
            let (dice, signs) = (dice.of(number), signs.clone());
            let sailor = Sailor::new(person, rooms, dice, signs, Arc::clone(&tally));
            tokio::spawn(sailor.sail(orders.clone()))
        })
        .collect();
    drop(orders);

    storm(&mut harbour, &tally).await;
    give.send(Orders::Calm).unwrap();
    until("all is acknowledged", async || {
        tally.quiet.load(Ordering::Relaxed) == SAILORS
    })
    .await;

    let begun = Instant::now();
    let reader = captain.at(&signs.any(&mut dice));
    let revs = Arc::new(last_revs(&reader).await);
    give.send(Orders::Over(revs)).unwrap();
    let crew = home(sailing).await;
    eprintln!("everybody knew everything after {:?}", begun.elapsed());

    must_agree(&crew, &reader).await;
    harbour.close();
}

/// Everybody, registered and in their rooms.
async fn muster(captain: &Person, signs: &Signs, dice: &mut Dice) -> Vec<(Person, Vec<String>)> {
    let mut rooms = Vec::new();
    for number in 0..ROOMS {
        rooms.push(captain.makes_room(&number.to_string()).await);
    }
    let mut crew = Vec::new();
    for number in 0..SAILORS {
        let name = format!("sailor{number}");
        let person = Person::register(signs.any(dice), &name).await;
        let own: Vec<_> = (0..EACH)
            .map(|step| rooms[(number + step) % ROOMS].clone())
            .collect();
        for room in &own {
            person.joins(room).await;
        }
        crew.push((person, own));
    }
    crew
}

/// Kills servers: the next one once everybody has recovered from the last one.
pub(super) async fn storm(harbour: &mut Harbour, tally: &Tally) {
    let goes_on = async || {
        let before = tally.acked.load(Ordering::Relaxed);
        until("messages are acknowledged", async || {
            tally.acked.load(Ordering::Relaxed) >= before + GUST
        })
        .await;
    };
    goes_on().await;
    harbour.kill(1);
    goes_on().await;
    harbour.start(1);
    goes_on().await;
    harbour.redis.kill();
    goes_on().await;
    // Both at once.
    harbour.kill(2);
    goes_on().await;
    harbour.start(2);
    harbour.redis.restart();
    goes_on().await;
}

async fn last_revs(reader: &Person) -> BTreeMap<String, i64> {
    let mine = reader.get("/api/rooms/mine").await.expect(200);
    let rooms = mine["rooms"].as_array().unwrap().iter();
    rooms
        .map(|room| {
            let id = room["id"].as_str().unwrap().to_owned();
            (id, room["lastRev"].as_i64().unwrap())
        })
        .collect()
}

/// Waits for those that have seen everything, and for the others no longer than is promised.
async fn home(sailing: Vec<JoinHandle<Sailor>>) -> Vec<Sailor> {
    let all = async {
        let mut crew = Vec::new();
        for sailor in sailing {
            crew.push(sailor.await.unwrap());
        }
        crew
    };
    let in_time = timeout(CONVERGENCE, all).await;
    assert!(in_time.is_ok(), "not everybody knows everything in time");
    in_time.unwrap()
}

async fn must_agree(crew: &[Sailor], reader: &Person) {
    let mut kept = BTreeSet::new();
    for room in last_revs(reader).await.keys() {
        let mut history = Replica::of(&[room]);
        history.reload(room, reader).await;
        let history = history.messages(room);
        for (seq, message) in (1..).zip(&history) {
            assert_eq!(message["seq"], seq, "no holes");
            let id = message["id"].as_str().unwrap().to_owned();
            assert!(kept.insert(id), "{message} is there twice");
        }
        for sailor in crew.iter().filter(|it| it.rooms.contains(room)) {
            assert_eq!(
                sailor.replica.faults(),
                [""; 0],
                "{}",
                sailor.person.username
            );
            assert_eq!(sailor.replica.messages(room), history);
        }
    }
    let (mut acked, mut voyages) = (0, 0);
    for sailor in crew {
        assert_eq!(sailor.faults, [""; 0], "{}", sailor.person.username);
        for id in sailor.acked.values() {
            assert!(kept.contains(id), "{id} was acknowledged");
        }
        acked += sailor.acked.len();
        voyages += sailor.voyages;
    }
    // Every text was sent until it was acknowledged, so that there are no others.
    assert_eq!(kept.len(), acked);
    eprintln!("{acked} messages and {voyages} connections of {SAILORS} people");
}
