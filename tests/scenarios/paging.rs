//! Reading a list page by page while others change it: an entry that exists throughout is seen exactly once.
//!
//! After each page, entries are added to the list (at both ends, if it can grow at both), and the very entry
//! after which the next page starts is removed.

use std::collections::BTreeMap;

use acceptance::{Person, World, scenarios, until};
use serde_json::{Value, json};

scenarios![
    rooms_come_and_go,
    messages_are_posted_and_deleted,
    messages_are_read_forwards_as_they_come,
    messages_are_read_from_the_middle,
    members_join_and_leave,
    pins_are_put_up_and_taken_off,
    replies_are_written_and_deleted,
    words_are_found_while_others_write,
    people_come_and_go,
];

const PAGE: usize = 3;

/// Reads all pages of a list, and makes a change after each but the last. Returns all entries seen, in order.
async fn leaf(reader: &Person, path: &str, mut meanwhile: impl AsyncFnMut(&str)) -> Vec<Value> {
    let mut seen = Vec::new();
    let sign = if path.contains('?') { '&' } else { '?' };
    let first = format!("{path}{sign}limit={PAGE}");
    let mut next = first.clone();
    loop {
        let page = reader.get(&next).await.expect(200);
        let mut fields = page.as_object().unwrap().values();
        let items = fields.find_map(Value::as_array).unwrap();
        assert!(items.len() <= PAGE, "{next}: {page}");
        seen.extend(items.iter().cloned());
        let Some(cursor) = page["nextCursor"].as_str() else {
            return seen;
        };
        assert!(!items.is_empty(), "{next}: {page}");
        assert!(seen.len() < 100, "{path} has no end");
        meanwhile(cursor).await;
        next = format!("{first}&cursor={cursor}");
    }
}

/// How often each entry was seen, by its id.
fn counted(seen: &[Value], name: impl Fn(&Value) -> &Value) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for item in seen {
        *counts.entry(text(name(item))).or_default() += 1;
    }
    counts
}

/// Asserts that each entry that stayed was seen once, and that nothing was seen twice.
fn assert_whole(seen: &[Value], name: impl Fn(&Value) -> &Value, stayed: &[String]) {
    let counts = counted(seen, name);
    for one in stayed {
        assert_eq!(counts.get(one), Some(&1), "{one} among {counts:?}");
    }
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
}

/// The entries that were not removed.
fn left(all: Vec<String>, gone: &[String]) -> Vec<String> {
    let stayed: Vec<String> = all.into_iter().filter(|one| !gone.contains(one)).collect();
    assert!(gone.len() > 1 && stayed.len() > PAGE, "{gone:?} went");
    stayed
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn own_id(item: &Value) -> &Value {
    &item["id"]
}

async fn rooms_come_and_go(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let mut rooms = Vec::new();
    for number in 0..10 {
        rooms.push(ana.makes_room(&format!("room {number}")).await);
    }
    let mut gone = Vec::new();
    let seen = leaf(&ben, "/api/rooms", async |cursor| {
        ben.makes_room("another").await;
        ana.delete(&format!("/api/rooms/{cursor}"))
            .await
            .expect_nothing();
        gone.push(cursor.to_owned());
    })
    .await;
    assert_whole(&seen, own_id, &left(rooms, &gone));
}

/// A room with a message of ana's, to which others can reply.
struct Talk {
    ana: Person,
    ben: Person,
    room: String,
}

impl Talk {
    async fn begin(world: &World) -> Self {
        let (ana, ben) = (world.person("ana").await, world.person("ben").await);
        let room = ana.makes_room("tertulia").await;
        ben.joins(&room).await;
        Self { ana, ben, room }
    }

    async fn posts(&self, count: usize) -> Vec<Value> {
        let mut posted = Vec::new();
        for number in 1..=count {
            posted.push(self.ana.posts(&self.room, &format!("word {number}")).await);
        }
        posted
    }

    async fn deletes(&self, message: &str) {
        let path = format!("/api/messages/{message}");
        self.ana.delete(&path).await.expect(200);
    }

    fn messages(&self) -> String {
        format!("/api/rooms/{}/messages", self.room)
    }
}

fn ids(messages: &[Value]) -> Vec<String> {
    messages
        .iter()
        .map(|message| text(&message["id"]))
        .collect()
}

fn seqs(messages: &[Value]) -> Vec<i64> {
    let seqs = messages
        .iter()
        .map(|message| message["seq"].as_i64().unwrap());
    seqs.collect()
}

async fn messages_are_posted_and_deleted(world: &mut World) {
    let talk = Talk::begin(world).await;
    talk.posts(10).await;
    let seen = leaf(&talk.ben, &talk.messages(), async |cursor| {
        talk.posts(2).await;
        talk.deletes(cursor).await;
    })
    .await;
    // A tombstone keeps its place.
    assert_eq!(seqs(&seen), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

async fn messages_are_read_forwards_as_they_come(world: &mut World) {
    let talk = Talk::begin(world).await;
    talk.posts(7).await;
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("{}?limit={PAGE}&after={after}", talk.messages());
        let page = talk.ben.get(&path).await.expect(200);
        let messages = page["messages"].as_array().unwrap();
        let Some(last) = messages.last() else { break };
        after = last["seq"].as_i64().unwrap();
        seen.extend(seqs(messages));
        if seen.len() < 12 {
            talk.posts(1).await;
            talk.deletes(&text(&last["id"])).await;
        }
    }
    assert!(seen.len() > 7, "{seen:?}");
    let whole: Vec<i64> = (1..).take(seen.len()).collect();
    assert_eq!(seen, whole);
}

async fn messages_are_read_from_the_middle(world: &mut World) {
    let talk = Talk::begin(world).await;
    talk.posts(9).await;
    let around = format!("{}?around=5&limit=4", talk.messages());
    let middle = talk.ben.get(&around).await.expect(200);
    let mut seen = middle["messages"].as_array().unwrap().clone();
    let (newest, oldest) = (seqs(&seen)[0], seen.last().unwrap()["id"].clone());
    talk.posts(2).await;
    talk.deletes(oldest.as_str().unwrap()).await;
    let older = format!("{}?cursor={}", talk.messages(), text(&oldest));
    let newer = format!("{}?after={newest}", talk.messages());
    for path in [older, newer] {
        let page = talk.ben.get(&path).await.expect(200);
        seen.extend(page["messages"].as_array().unwrap().iter().cloned());
    }
    let mut seen = seqs(&seen);
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
}

async fn members_join_and_leave(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let mut people = BTreeMap::new();
    for number in 0..9 {
        let person = world.person(&format!("person{number}")).await;
        person.joins(&room).await;
        people.insert(person.id.clone(), person);
    }
    let (mut gone, mut come) = (Vec::new(), 0);
    let users = format!("/api/rooms/{room}/users");
    let seen = leaf(&ana, &users, async |cursor| {
        let newcomer = world.person(&format!("newcomer{come}")).await;
        newcomer.joins(&room).await;
        come += 1;
        // Everybody but the owner may leave.
        if let Some(person) = people.get(cursor) {
            let leave = format!("/api/rooms/{room}/leave");
            person.delete(&leave).await.expect_nothing();
            gone.push(cursor.to_owned());
        }
    })
    .await;
    let all = people.into_keys().collect();
    assert_whole(&seen, |member| &member["user"]["id"], &left(all, &gone));
}

async fn pins_are_put_up_and_taken_off(world: &mut World) {
    let talk = Talk::begin(world).await;
    let pinned = ids(&talk.posts(10).await);
    let pin = |message: &str| format!("/api/messages/{message}/pin");
    for message in &pinned {
        talk.ana.put(&pin(message)).await.expect(200);
    }
    let mut gone = Vec::new();
    let pins = format!("/api/rooms/{}/pins", talk.room);
    let seen = leaf(&talk.ben, &pins, async |cursor| {
        let another = ids(&talk.posts(1).await);
        talk.ana.put(&pin(&another[0])).await.expect(200);
        // Unpinned, or deleted altogether.
        if gone.len() % 2 == 0 {
            talk.ana.delete(&pin(cursor)).await.expect(200);
        } else {
            talk.deletes(cursor).await;
        }
        gone.push(cursor.to_owned());
    })
    .await;
    assert_whole(&seen, own_id, &left(pinned, &gone));
}

async fn replies_are_written_and_deleted(world: &mut World) {
    let talk = Talk::begin(world).await;
    let thread = ids(&talk.posts(1).await).remove(0);
    let reply = async |number: usize| {
        let body = json!({ "content": format!("answer {number}"), "replyTo": thread });
        text(&talk.ana.post(&talk.messages(), body).await.expect(201)["id"])
    };
    let mut replies = Vec::new();
    for number in 0..10 {
        replies.push(reply(number).await);
    }
    let path = format!("/api/messages/{thread}/replies");
    let mut more = 0;
    let seen = leaf(&talk.ben, &path, async |cursor| {
        if more < 2 {
            reply(more).await;
        }
        more += 1;
        talk.deletes(cursor).await;
    })
    .await;
    // Tombstones keep their places, and what was posted meanwhile is at the end.
    let first: Vec<String> = ids(&seen).into_iter().take(10).collect();
    assert_eq!(first, replies);
    assert_eq!(seen.len(), 12);
}

async fn words_are_found_while_others_write(world: &mut World) {
    let talk = Talk::begin(world).await;
    let posted = ids(&talk.posts(10).await);
    let mut gone = Vec::new();
    let seen = leaf(&talk.ben, "/api/search/messages?q=word", async |cursor| {
        talk.posts(1).await;
        talk.deletes(cursor).await;
        gone.push(cursor.to_owned());
    })
    .await;
    assert_whole(&seen, |hit| &hit["message"]["id"], &left(posted, &gone));
}

async fn people_come_and_go(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let mut sockets = BTreeMap::new();
    for number in 0..10 {
        let person = world.person(&format!("person{number}")).await;
        person.joins(&room).await;
        sockets.insert(person.id.clone(), person.connects().await);
    }
    until("all of them are online", async || {
        let online = ana.get("/api/users/online").await.expect(200);
        online["users"].as_array().unwrap().len() == 10
    })
    .await;
    let all: Vec<String> = sockets.keys().cloned().collect();
    let mut gone = Vec::new();
    let mut come = Vec::new();
    let seen = leaf(&ana, "/api/users/online", async |cursor| {
        let newcomer = world.person(&format!("newcomer{}", come.len())).await;
        newcomer.joins(&room).await;
        come.push(newcomer.connects().await);
        // A user who leaves the room is no longer visible.
        let kick = format!("/api/rooms/{room}/users/{cursor}");
        ana.delete(&kick).await.expect_nothing();
        sockets.remove(cursor);
        gone.push(cursor.to_owned());
    })
    .await;
    assert_whole(&seen, own_id, &left(all, &gone));
}
