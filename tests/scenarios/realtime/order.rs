//! All clients see the same order, and what was acked is kept.

use acceptance::{Heard, Person, Replica, SOON, Socket, World, scenarios};
use serde_json::json;

use super::scene::{id, is};

scenarios![
    everybody_is_told_in_the_same_order,
    who_is_acked_is_in_history_once,
    a_replica_equals_history,
];

const WRITERS: usize = 6;
const EACH: usize = 20;

/// Users in one room, distributed over the nodes.
async fn crowd(world: &World) -> (Vec<Person>, String) {
    let mut people = Vec::new();
    for number in 0..WRITERS {
        people.push(world.person(&format!("person{number}")).await);
    }
    let room = people[0].makes_room("tertulia").await;
    for person in &people[1..] {
        person.joins(&room).await;
    }
    (people, room)
}

/// Posts the texts of one user, half of them over REST, and returns the ids that were acked.
async fn all_write(people: &[Person], room: &str) -> Vec<String> {
    let mut writing = Vec::new();
    for (writer, person) in people.iter().enumerate() {
        let (person, room) = (person.clone(), room.to_owned());
        writing.push(tokio::spawn(async move {
            let mut socket = person.connects().await;
            let mut acked = Vec::new();
            for number in 0..EACH {
                let text = format!("{writer}/{number}");
                acked.push(id(&match number % 2 {
                    0 => person.posts(&room, &text).await,
                    _ => socket.posts(&room, &text).await,
                }));
            }
            acked
        }));
    }
    let mut all = Vec::new();
    for writer in writing {
        all.extend(writer.await.unwrap());
    }
    all
}

async fn everybody_is_told_in_the_same_order(world: &mut World) {
    let (people, room) = crowd(world).await;
    let mut listeners = Vec::new();
    for person in &people {
        let mut socket = person.connects().await;
        socket.subscribes(&room).await;
        listeners.push(socket);
    }
    let (_, heard) = tokio::join!(all_write(&people, &room), async {
        let mut heard = Vec::new();
        for socket in &mut listeners {
            let mut ids = Vec::new();
            for _ in 0..WRITERS * EACH {
                ids.push(id(&socket.next("message").await["message"]));
            }
            heard.push(ids);
        }
        heard
    });
    for other in &heard[1..] {
        assert_eq!(*other, heard[0]);
    }
    let history: Vec<_> = history(&people[0], &room).await;
    assert_eq!(heard[0], history, "and that is the order of history");
}

async fn history(person: &Person, room: &str) -> Vec<String> {
    let mut replica = Replica::of(&[room]);
    replica.reload(room, person).await;
    replica.messages(room).iter().map(id).collect()
}

async fn who_is_acked_is_in_history_once(world: &mut World) {
    let (people, room) = crowd(world).await;
    let mut acked = all_write(&people, &room).await;
    acked.sort();
    for reader in &people {
        let mut kept = history(reader, &room).await;
        kept.sort();
        assert_eq!(kept, acked);
    }
}

async fn a_replica_equals_history(world: &mut World) {
    let (people, room) = crowd(world).await;
    let mut replica = Replica::of(&[&room]);
    let reader = world.person("reader").await;
    reader.joins(&room).await;
    let mut socket = reader.connects().await;
    subscribe(&mut socket, &mut replica).await;

    let (_, ()) = tokio::join!(all_write(&people, &room), async {
        while replica.messages(&room).len() < WRITERS * EACH {
            let Heard::Frame(frame) = socket.hears(SOON).await else {
                panic!("it stands at {:?}", replica.rev(&room));
            };
            replica.take(&frame);
        }
    });
    let first = replica.messages(&room)[0]["id"].clone();
    let delete = json!({ "type": "delete", "messageId": first });
    // She owns the room.
    people[0].connects().await.ask(delete).await.message();
    people[0].posts(&room, "the end").await;
    while replica.messages(&room).last().unwrap()["content"] != "the end" {
        replica.take(&socket.finds("more", |frame| !is("ack")(frame)).await);
    }
    replica.must_equal_history(&room, &reader).await;
    assert_eq!(replica.members(&room).len(), WRITERS + 1);
}

async fn subscribe(socket: &mut Socket, replica: &mut Replica) {
    let ack = socket.ask(replica.subscribe()).await.done();
    for frame in socket.kept() {
        replica.take(&frame);
    }
    replica.subscribed(&ack);
}
