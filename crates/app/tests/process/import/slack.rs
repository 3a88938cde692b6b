//! Importing an export of Slack.

use std::fs;
use std::path::Path;
use std::time::Duration;

use acceptance::{Backends, Client, within};
use serde_json::{Value, json};

use super::place::Place;
use super::workspace::{export, message, person, with, write};
use crate::server::said;

/// More than the beginning of an import takes.
const PATIENCE: Duration = Duration::from_mins(2);
/// How many messages make an import take a while.
const DAYS: usize = 20;
const A_DAY: usize = 250;

async fn rooms(client: &Client) -> Vec<Value> {
    let rooms = client.get("/api/rooms/mine").await.expect(200)["rooms"].clone();
    rooms.as_array().unwrap().clone()
}

fn named<'a>(rooms: &'a [Value], name: &str) -> &'a Value {
    let found = rooms.iter().find(|room| room["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {rooms:?}"))
}

/// All messages of a room, from the beginning.
async fn messages(client: &Client, room: &Value) -> Vec<Value> {
    let path = format!(
        "/api/rooms/{}/messages?limit=100",
        room["id"].as_str().unwrap()
    );
    let messages = client.get(&path).await.expect(200)["messages"].clone();
    let mut messages = messages.as_array().unwrap().clone();
    messages.sort_by_key(|message| message["seq"].as_i64());
    messages
}

#[tokio::test]
async fn an_export_of_slack_is_brought_in_once() {
    is_brought_in_once(&Place::embedded()).await;
}

#[tokio::test]
async fn an_export_of_slack_is_brought_into_servers_once() {
    let backends = Backends::empty();
    is_brought_in_once(&Place::with_servers(&backends)).await;
}

async fn is_brought_in_once(place: &Place) {
    let from = place.folder.path().join("export");
    export(&from);
    let told = place.brings(&from);
    assert!(told.contains("4 new accounts, 10 new messages"), "{told}");
    assert!(told.contains("2 reactions were left out"), "{told}");
    let told = place.brings(&from);
    assert!(told.contains("0 new accounts, 0 new messages"), "{told}");
    assert!(told.contains("10 messages were there already"), "{told}");

    let (server, ana) = place.sign_in("ana@example.org").await;
    let mine = rooms(&ana).await;
    assert_eq!(mine.len(), 4, "{mine:?}");
    let general = named(&mine, "general");
    assert_eq!(general["membership"]["role"], "owner");
    assert_eq!(general["membership"]["unread"], 0);
    assert_eq!(general["description"], "Everything & more");
    assert_eq!(general["createdAt"], "2020-09-13T12:26:40.000Z");
    what_was_said_is_there(&messages(&ana, general).await);
    let closed = named(&mine, "closed (archived)");
    assert_eq!(messages(&ana, closed).await[0]["content"], "so long");
    assert_eq!(named(&mine, "ana, ben, user")["kind"], "private");
    people_change_what_is_there(&ana, general).await;
    assert!(server.stop().0);

    // What they have done here since is not undone, and a newer export adds what is new.
    let more = json!([message("U2", "and on", "1600180000.000100")]);
    write(&from, "general/2020-09-15.json", &more);
    let told = place.brings(&from);
    assert!(told.contains("0 new accounts, 1 new messages"), "{told}");

    let (server, ben) = place.sign_in("ben@example.org").await;
    let mine = rooms(&ben).await;
    assert_eq!(named(&mine, "secret")["kind"], "private");
    let direct = mine.iter().find(|room| room["kind"] == "direct").unwrap();
    assert_eq!(messages(&ben, direct).await[0]["content"], "between us");
    let history = messages(&ben, named(&mine, "general")).await;
    let texts: Vec<_> = history
        .iter()
        .map(|one| one["content"].as_str().unwrap())
        .collect();
    assert_eq!(texts[0], "hello again");
    assert_eq!(texts[7..], ["said here", "and on"]);
    assert_eq!(history[1]["reactions"], json!([]), "it was taken back");
    assert!(server.stop().0);
}

fn what_was_said_is_there(history: &[Value]) {
    let texts: Vec<_> = history
        .iter()
        .map(|one| one["content"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts[..5],
        [
            "hello @ben & all 🎉",
            "hi",
            "a guest",
            "better",
            "build 7 failed"
        ]
    );
    assert_eq!(texts[5].len(), 8_000);
    assert_eq!(texts[6], "x\n[file: plan.pdf]");
    let (hello, hi, guest, better) = (&history[0], &history[1], &history[2], &history[3]);
    assert_eq!(hello["createdAt"], "2020-09-13T12:26:42.000Z");
    assert_eq!(hello["reactions"][0]["count"], 1);
    assert_eq!(hello["mentions"].as_array().unwrap().len(), 1);
    assert_eq!(hello["mentions"][0], hi["sender"]["id"]);
    assert_eq!(hi["replyTo"], hello["id"]);
    assert_eq!(hi["pinned"], true);
    assert_eq!(guest["replyTo"], Value::Null);
    assert_eq!(guest["sender"]["displayName"], "x");
    assert_eq!(better["editedAt"], "2020-09-13T12:27:45.000Z");
    assert_eq!(history[4]["sender"]["displayName"], "Builds");
}

async fn people_change_what_is_there(ana: &Client, general: &Value) {
    let history = messages(ana, general).await;
    let hello = format!("/api/messages/{}", history[0]["id"].as_str().unwrap());
    let change = json!({ "content": "hello again" });
    ana.patch(&hello, change).await.expect(200);
    let path = format!("/api/rooms/{}/messages", general["id"].as_str().unwrap());
    let said = json!({ "content": "said here" });
    ana.post(&path, said).await.expect(201);
}

#[tokio::test]
async fn who_was_shown_out_stays_out() {
    let place = Place::embedded();
    let from = place.folder.path().join("export");
    export(&from);
    place.brings(&from);
    let (server, ana) = place.sign_in("ana@example.org").await;
    let mine = rooms(&ana).await;
    assert!(mine.iter().all(|room| room["name"] != "secret"), "{mine:?}");
    // Nobody can sign in with an unknown password.
    let guess = json!({ "email": "ben@example.org", "password": "password" });
    let guessed = server.client().post("/api/auth/login", guess).await;
    guessed.expect_problem(401, "bad_credentials");
}

#[tokio::test]
async fn whoever_joins_there_later_joins_here_and_whoever_left_here_does_not() {
    let place = Place::embedded();
    let from = place.folder.path().join("export");
    export(&from);
    place.brings(&from);
    let (server, ben) = place.sign_in("ben@example.org").await;
    let room = named(&rooms(&ben).await, "general")["id"].clone();
    let path = format!("/api/rooms/{}/leave", room.as_str().unwrap());
    ben.delete(&path).await.expect_nothing();
    assert!(server.stop().0);

    let users = [
        person("U1", "ana"),
        person("U2", "ben"),
        person("U4", "eva"),
    ];
    write(&from, "users.json", &json!(users));
    let general = json!({ "id": "C1", "name": "general", "created": 1_600_000_000,
        "creator": "U1", "members": ["U1", "U2", "U4"] });
    write(&from, "channels.json", &json!([general]));
    let told = place.brings(&from);
    assert!(told.contains("1 new accounts, 0 new messages"), "{told}");
    let (server, eva) = place.sign_in("eva@example.org").await;
    assert_eq!(named(&rooms(&eva).await, "general")["memberCount"], 2);
    assert!(server.stop().0);
}

/// An import that was killed is complete after being repeated.
#[tokio::test]
async fn a_fall_in_the_middle_costs_nothing_and_doubles_nothing() {
    let place = Place::embedded();
    let from = place.folder.path().join("export");
    export(&from);
    much_is_said(&from);
    is_killed_in_the_middle(&place, &from).await;
    let told = place.brings(&from);
    assert!(told.contains("0 new accounts"), "{told}");
    let count = |words: &str| -> usize {
        let (before, _) = told.split_once(words).unwrap_or_else(|| panic!("{told}"));
        before.split_whitespace().last().unwrap().parse().unwrap()
    };
    let new = count(" new messages");
    let known = count(" messages were there already");
    assert!(new > 0 && known > 1_000, "{told}");
    assert_eq!(new + known, DAYS * A_DAY + 10);

    let (server, ana) = place.sign_in("ana@example.org").await;
    let general = named(&rooms(&ana).await, "general").clone();
    assert_eq!(general["lastSeq"], 7 + DAYS * A_DAY);
    assert_eq!(general["membership"]["unread"], 0);
    all_of_it_is_there(&ana, &general).await;
    assert!(server.stop().0);
}

/// Adds many messages to the channel that everybody is in.
fn much_is_said(from: &Path) {
    for day in 0..DAYS {
        let said = (0..A_DAY).map(|number| {
            let ts = format!("{}.{number:06}", 1_600_200_000 + day * 86_400 + number);
            with(
                message("U1", "and on", &ts),
                json!({ "reactions": [{ "name": "+1", "users": ["U2"] }] }),
            )
        });
        let name = format!("general/2021-01-{:02}.json", day + 1);
        write(from, &name, &Value::Array(said.collect()));
    }
}

async fn is_killed_in_the_middle(place: &Place, from: &Path) {
    let mut import = place.import(from).spawn().unwrap();
    let progress = place
        .folder
        .path()
        .join("data/imports/slack/channel-C1.json");
    // Half of it, somewhere between two commits.
    let half_done = within(PATIENCE, async || {
        assert!(import.try_wait().unwrap().is_none(), "it ended by itself");
        fs::read_to_string(&progress).is_ok_and(|it| it.contains(r#""up_to":"1601"#))
    });
    assert!(half_done.await.is_some(), "it does not get on");
    import.kill().unwrap();
    assert!(!import.wait().unwrap().success(), "it was killed");
}

async fn all_of_it_is_there(ana: &Client, general: &Value) {
    let path = format!(
        "/api/rooms/{}/messages?limit=100",
        general["id"].as_str().unwrap()
    );
    let (mut cursor, mut seen) = (String::new(), 0);
    loop {
        let page = ana.get(&format!("{path}{cursor}")).await.expect(200);
        let messages = page["messages"].as_array().unwrap().iter();
        for message in messages.filter(|it| it["content"] == "and on") {
            assert_eq!(message["reactions"][0]["count"], 1, "{message}");
            seen += 1;
        }
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, DAYS * A_DAY);
}

#[test]
fn what_is_no_export_is_told_so() {
    let place = Place::embedded();
    let folder = place.folder.path();
    let refuses = |from: &Path, sentences: &[&str]| {
        let output = place.import(from).output().unwrap();
        let told = said(&output);
        assert!(
            !output.status.success() && !told.contains("panicked"),
            "{told}"
        );
        for sentence in sentences {
            assert!(told.contains(sentence), "{sentence} in {told}");
        }
    };
    refuses(&folder.join("export.zip"), &["is packed"]);
    refuses(&folder.join("nowhere"), &["is it an export of Slack?"]);
    let from = folder.join("export");
    export(&from);
    for (name, text, sentences) in [
        (
            "users.json",
            "[\n{}]",
            ["users.json cannot be read", "missing field `id` at line 2"],
        ),
        (
            "channels.json",
            "[",
            ["channels.json cannot be read", "line 1"],
        ),
        (
            "channels.json",
            r#"[{"id":"C1","name":"../../up"}]"#,
            ["channels.json", "\"../../up\" cannot be a channel"],
        ),
        (
            "general/2020-09-14.json",
            "[\n{\"type\":\"message\",\n\"ts\":\"soon\"}]",
            [
                "2020-09-14.json cannot be read",
                "\"soon\" is not the time of a message at line 3",
            ],
        ),
        (
            "general/2020-09-14.json",
            "{\"type\":\"message\"}",
            ["2020-09-14.json cannot be read", "line 1"],
        ),
    ] {
        let good = fs::read(from.join(name)).unwrap();
        fs::write(from.join(name), text).unwrap();
        refuses(&from, &sentences);
        fs::write(from.join(name), good).unwrap();
    }
    assert!(!folder.join("data").exists(), "nothing was made");
}
