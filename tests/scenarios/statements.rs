//! The number of database queries for a list does not depend on its length: fifty entries take as many as two.

use std::collections::BTreeMap;

use acceptance::{Person, Socket, World, in_world};
use futures::future::join_all;
use futures::{StreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};

// In memory there are no queries, and in a cluster three nodes would be counted at once.
in_world![embedded with &[]; a_list_costs_the_same_however_long_it_is];
in_world![production with &[]; a_list_costs_the_same_however_long_it_is];

const READERS: usize = 3;

/// The maximum number of times that a list is read. What a node does in the background is counted too, but
/// not every time.
const TRIES: usize = 12;

async fn a_list_costs_the_same_however_long_it_is(world: &mut World) {
    let mut town = Town::found(world).await;
    town.grow(world, 0..2).await;
    let few = town.costs(&BTreeMap::new()).await;
    town.grow(world, 2..50).await;
    let many = town.costs(&few).await;
    let mut wrong = Vec::new();
    for (list, many) in many {
        let few = few[&list];
        assert!(many.items > few.items, "{list} has {} of 50", many.items);
        if many.statements > few.statements {
            wrong.push(format!("{list}: {few:?}, {many:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(Clone, Copy, Debug)]
struct Cost {
    items: usize,
    statements: u64,
}

/// A room that all users are in, and the data that grows around it.
struct Town {
    readers: Vec<Person>,
    room: String,
    thread: String,
    people: Vec<Person>,
    connections: Vec<Socket>,
}

impl Town {
    async fn found(world: &World) -> Self {
        let mut readers = Vec::new();
        for number in 0..READERS {
            readers.push(world.person(&format!("reader{number}")).await);
        }
        let room = readers[0].makes_room("town").await;
        for reader in readers.iter().skip(1) {
            reader.joins(&room).await;
            let user = format!("/api/rooms/{room}/users/{}", reader.id);
            let role = json!({ "role": "admin" });
            readers[0].patch(&user, role).await.expect(200);
        }
        let thread = id(&readers[0].posts(&room, "shall we?").await);
        Self {
            readers,
            room,
            thread,
            people: Vec::new(),
            connections: Vec::new(),
        }
    }

    /// Adds one of everything for each of these numbers.
    async fn grow(&mut self, world: &World, numbers: std::ops::Range<usize>) {
        let town = &*self;
        let newcomers = stream::iter(numbers)
            .map(|number| town.takes_in(world, number))
            .buffer_unordered(4);
        let newcomers: Vec<(Person, Socket)> = newcomers.collect().await;
        for (person, socket) in newcomers {
            self.people.push(person);
            self.connections.push(socket);
        }
    }

    async fn takes_in(&self, world: &World, number: usize) -> (Person, Socket) {
        let (reader, room) = (&self.readers[0], &self.room);
        let person = world.person(&format!("neighbour{number}")).await;
        let profile = json!({ "profile": { "number": number } });
        person.patch("/api/users/me", profile).await.expect(200);
        person.joins(room).await;
        self.talks(&person).await;
        self.has_a_room(&person, number).await;

        let gone = world.person(&format!("gone{number}")).await;
        let ban = format!("/api/rooms/{room}/users/{}?ban=true", gone.id);
        reader.delete(&ban).await.expect_nothing();
        let invites = format!("/api/rooms/{room}/invites");
        reader.post(&invites, json!({})).await.expect(201);
        let socket = person.connects().await;
        (person, socket)
    }

    /// Posts a message, reactions to it, and replies.
    async fn talks(&self, person: &Person) {
        let (reader, room) = (&self.readers[0], &self.room);
        let said = id(&person.posts(room, "a word, @reader0 and @reader1").await);
        let message = format!("/api/messages/{said}");
        for reader in &self.readers {
            let thumb = format!("{message}/reactions/%F0%9F%91%8D");
            reader.put(&thumb).await.expect(200);
        }
        reader.put(&format!("{message}/pin")).await.expect(200);
        let reply = json!({ "content": "yes", "replyTo": self.thread });
        let messages = format!("/api/rooms/{room}/messages");
        person.post(&messages, reply).await.expect(201);
    }

    /// Creates another room that the readers join, and a direct room with each of them.
    async fn has_a_room(&self, person: &Person, number: usize) {
        let own = person.makes_room(&format!("house {number}")).await;
        person.posts(&own, "come in, @reader0").await;
        let visit = async |reader: &Person| {
            reader.joins(&own).await;
            let chat = json!({ "participantIds": [person.id] });
            let chat = id(&reader.post("/api/chat", chat).await.expect(201));
            person.posts(&chat, "psst").await;
        };
        join_all(self.readers.iter().map(visit)).await;
    }

    fn lists(&self) -> Vec<String> {
        let (room, thread) = (&self.room, &self.thread);
        let ids: Vec<&str> = self
            .people
            .iter()
            .map(|person| person.id.as_str())
            .collect();
        vec![
            "/api/rooms?limit=100".to_owned(),
            "/api/rooms/mine".to_owned(),
            "/api/chat".to_owned(),
            format!("/api/rooms/{room}/messages?limit=100"),
            format!("/api/rooms/{room}/messages?limit=100&after=0"),
            format!("/api/messages/room/{room}?limit=100"),
            format!("/api/rooms/{room}/users?limit=100"),
            format!("/api/rooms/{room}/users?limit=100&online=true"),
            format!("/api/rooms/{room}/events?since=0&limit=1000"),
            format!("/api/rooms/{room}/pins?limit=100"),
            format!("/api/rooms/{room}/invites"),
            format!("/api/rooms/{room}/bans"),
            format!("/api/messages/{thread}/replies?limit=100"),
            format!("/api/messages/{thread}/receipts"),
            "/api/search/messages?q=word".to_owned(),
            "/api/users/search?q=neighbour".to_owned(),
            "/api/users/online?limit=100".to_owned(),
            format!("/api/users?ids={}", ids.join(",")),
        ]
    }

    /// What each list costs while nothing else happens, by its path.
    async fn costs(&self, enough: &BTreeMap<String, Cost>) -> BTreeMap<String, Cost> {
        let mut costs = BTreeMap::new();
        for list in self.lists() {
            // Ids differ between requests, and are not part of the list's name.
            let name = list.split("ids=").next().unwrap().to_owned();
            let enough = enough.get(&name).map_or(0, |cost| cost.statements);
            let cheapest = self.cheapest(&list, enough).await;
            costs.insert(name, cheapest);
        }
        costs
    }

    /// The lowest cost of a list that was measured; reaching this bound ends the search.
    async fn cheapest(&self, list: &str, enough: u64) -> Cost {
        let mut cheapest: Option<Cost> = None;
        for reader in self.readers.iter().cycle().take(TRIES) {
            let cost = cost(reader, list).await;
            if cheapest.is_none_or(|other| cost.statements < other.statements) {
                cheapest = Some(cost);
            }
            if cost.statements <= enough {
                break;
            }
        }
        cheapest.unwrap()
    }
}

async fn cost(reader: &Person, list: &str) -> Cost {
    let before = statements(reader).await;
    let page = reader.get(list).await.expect(200);
    let after = statements(reader).await;
    assert!(after > before, "{list} asked nobody");
    Cost {
        items: length(&page),
        statements: after - before,
    }
}

/// The length of the longest list in a response.
fn length(page: &Value) -> usize {
    let lists = page
        .as_object()
        .map_or_else(|| vec![page], |fields| fields.values().collect::<Vec<_>>());
    let lists = lists.into_iter().filter_map(Value::as_array);
    lists.map(Vec::len).max().unwrap()
}

/// How many statements and commands the node has sent so far.
async fn statements(reader: &Person) -> u64 {
    let numbers = reader.ask(Method::GET, "/metrics", None).await;
    let counted = numbers.text.lines().filter_map(|line| {
        let rest = line.strip_prefix("tertulia_database_statements_total{")?;
        rest.rsplit_once(' ')?.1.parse::<u64>().ok()
    });
    counted.sum()
}

fn id(shape: &Value) -> String {
    shape["id"].as_str().unwrap().to_owned()
}
