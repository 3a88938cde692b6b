//! Posting, editing and deleting messages.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};
use uuid::Uuid;

scenarios![
    a_message_has_its_place,
    a_repeat_stores_nothing,
    repeats_at_once_store_one,
    a_clients_name_means_one_message,
    what_is_said_at_once_has_no_holes,
    its_author_edits_it,
    a_deleted_message_keeps_its_place,
    replies_make_a_thread,
    reactions_are_counted,
    pins_are_kept,
    mentions_are_members,
    texts_have_bounds,
    words_are_found,
];

fn path(message: &Value) -> String {
    format!("/api/messages/{}", message["id"].as_str().unwrap())
}

async fn pair(world: &World) -> (Person, Person, String) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    (ana, ben, room)
}

async fn a_message_has_its_place(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let messages = format!("/api/rooms/{room}/messages");
    let answer = ana.post(&messages, json!({ "content": " Hello. " })).await;
    let location = answer.header("location").to_owned();
    let first = answer.expect(201);
    assert_eq!(location, path(&first));
    assert_eq!(first["content"], "Hello.");
    assert_eq!(first["seq"], 1);
    assert_eq!(first["roomId"], room.as_str());
    assert_eq!(first["senderId"], ana.id.as_str());
    assert_eq!(first["sender"]["username"], "ana");
    assert_eq!(first["status"], "sent");
    assert_eq!(first["pinned"], false);
    for name in ["attachments", "mentions", "reactions"] {
        assert_eq!(first[name], json!([]), "{name}");
    }

    let second = ben.posts(&room, "Hello to you.").await;
    assert_eq!(second["seq"], 2);
    assert_eq!(
        second["rev"].as_i64(),
        first["rev"].as_i64().map(|rev| rev + 1)
    );
    let seen = ana.get(&path(&second)).await.expect(200);
    assert_eq!(seen["content"], "Hello to you.");
    assert!(seen.get("status").is_none(), "of one's own only: {seen}");

    for (name, value) in [("text", "By another name."), ("message", "And another.")] {
        let said = ana
            .post(&messages, json!({ name: value }))
            .await
            .expect(201);
        assert_eq!(said["content"], value);
    }
}

async fn a_repeat_stores_nothing(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let name = Uuid::now_v7();
    let first = ana.posts_as(&room, name, "once").await.expect(201);
    assert_eq!(first["clientId"], name.to_string());
    ana.patch(&path(&first), json!({ "content": "once, mended" }))
        .await
        .expect(200);
    let again = ana.posts_as(&room, name, "once").await.expect(200);
    assert_eq!(again["id"], first["id"]);
    assert_eq!(again["content"], "once, mended", "as it is now");
    // Client ids are per sender.
    ben.posts_as(&room, name, "once").await.expect(201);
    assert_eq!(ana.reads(&room).await, ["once, mended", "once"]);

    ana.delete(&path(&first)).await.expect(200);
    let tombstone = ana.posts_as(&room, name, "once").await.expect(200);
    assert!(tombstone["content"].is_null(), "{tombstone}");
}

async fn repeats_at_once_store_one(world: &mut World) {
    let (ana, _ben, room) = pair(world).await;
    let name = Uuid::now_v7();
    let mut posting = Vec::new();
    for _ in 0..16 {
        let (ana, room) = (ana.clone(), room.clone());
        posting.push(tokio::spawn(async move {
            let answer = ana.posts_as(&room, name, "once").await;
            let status = answer.status;
            (status, answer.expect(status)["id"].clone())
        }));
    }
    let mut answers = Vec::new();
    for answer in posting {
        answers.push(answer.await.unwrap());
    }
    let fresh = answers.iter().filter(|(status, _)| *status == 201).count();
    assert_eq!(fresh, 1, "{answers:?}");
    assert!(
        answers.iter().all(|(_, id)| *id == answers[0].1),
        "{answers:?}"
    );
    assert_eq!(ana.reads(&room).await, ["once"]);
}

async fn a_clients_name_means_one_message(world: &mut World) {
    let (ana, _ben, room) = pair(world).await;
    let other = ana.makes_room("other").await;
    let name = Uuid::now_v7();
    ana.posts_as(&room, name, "one thing").await.expect(201);
    ana.posts_as(&room, name, "another")
        .await
        .expect_problem(409, "conflict");
    ana.posts_as(&other, name, "one thing")
        .await
        .expect_problem(409, "conflict");
    let no_uuid = json!({ "content": "x", "clientId": "mine" });
    let messages = format!("/api/rooms/{room}/messages");
    assert_eq!(
        ana.post(&messages, no_uuid).await.expect_fields(),
        ["clientId"]
    );
}

async fn what_is_said_at_once_has_no_holes(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let mut posting = Vec::new();
    for number in 0..60 {
        let who = if number % 2 == 0 {
            ana.clone()
        } else {
            ben.clone()
        };
        let room = room.clone();
        posting.push(tokio::spawn(async move {
            let said = who.posts(&room, &number.to_string()).await;
            (said["seq"].as_i64().unwrap(), said["rev"].as_i64().unwrap())
        }));
    }
    let mut places = Vec::new();
    for place in posting {
        places.push(place.await.unwrap());
    }
    places.sort_unstable();
    let seqs: Vec<i64> = places.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(seqs, (1..=60).collect::<Vec<i64>>());
    assert!(
        places.windows(2).all(|pair| pair[0].1 + 1 == pair[1].1),
        "revs rise by one: {places:?}"
    );
}

async fn its_author_edits_it(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let said = ana.posts(&room, "helo").await;
    let edit = json!({ "content": "hello" });
    ben.patch(&path(&said), edit.clone())
        .await
        .expect_problem(403, "forbidden");
    let edited = ana.patch(&path(&said), edit).await.expect(200);
    assert_eq!(edited["content"], "hello");
    assert_eq!(edited["seq"], said["seq"]);
    assert!(edited["editedAt"].is_string(), "{edited}");
    assert!(edited["rev"].as_i64() > said["rev"].as_i64(), "{edited}");
    assert_eq!(
        ana.patch(&path(&said), json!({ "content": " " }))
            .await
            .expect_fields(),
        ["content"]
    );
}

async fn a_deleted_message_keeps_its_place(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let said = ben.posts(&room, "oops").await;
    let tombstone = ana.delete(&path(&said)).await.expect(200);
    assert!(tombstone["content"].is_null(), "{tombstone}");
    assert!(tombstone["deletedAt"].is_string(), "{tombstone}");
    assert_eq!(tombstone["seq"], said["seq"]);
    assert!(tombstone.get("status").is_none(), "of one's own only");
    let again = ben.delete(&path(&said)).await.expect(200);
    assert_eq!(again["rev"], tombstone["rev"], "deleted once");
    assert_eq!(again["status"], said["status"]);
    let read = ben.get(&path(&said)).await.expect(200);
    assert_eq!(read["status"], said["status"]);

    ben.patch(&path(&said), json!({ "content": "x" }))
        .await
        .expect_problem(410, "message_deleted");
    ben.put(&format!("{}/reactions/%F0%9F%91%8D", path(&said)))
        .await
        .expect_problem(410, "message_deleted");
    ana.put(&format!("{}/pin", path(&said)))
        .await
        .expect_problem(410, "message_deleted");
    let other = ana.posts(&room, "mine").await;
    ben.delete(&path(&other))
        .await
        .expect_problem(403, "forbidden");
}

async fn replies_make_a_thread(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let opening = ana.posts(&room, "root").await;
    let messages = format!("/api/rooms/{room}/messages");
    let reply = async |who: &Person, to: &Value, content: &str| {
        who.post(
            &messages,
            json!({ "content": content, "replyTo": to["id"] }),
        )
        .await
    };
    let first = reply(&ben, &opening, "first").await.expect(201);
    reply(&ana, &first, "second").await.expect(201);

    let thread = ana
        .get(&format!("{}/replies", path(&opening)))
        .await
        .expect(200);
    let texts: Vec<&str> = thread["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["content"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        ["first", "second"],
        "oldest first, a reply to a reply too"
    );
    let seen = ana.get(&path(&opening)).await.expect(200);
    assert_eq!(seen["replyCount"], 2);
    assert!(
        seen["rev"].as_i64() > opening["rev"].as_i64(),
        "the root has a rev as well"
    );

    let other = ana.makes_room("other").await;
    let elsewhere = ana.posts(&other, "elsewhere").await;
    assert_eq!(
        reply(&ana, &elsewhere, "x").await.expect_fields(),
        ["replyTo"]
    );
    ana.delete(&path(&opening)).await.expect(200);
    reply(&ben, &opening, "too late")
        .await
        .expect_problem(410, "message_deleted");
}

async fn reactions_are_counted(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let said = ana.posts(&room, "good news").await;
    let thumb = format!("{}/reactions/%F0%9F%91%8D", path(&said));
    ana.put(&thumb).await.expect(200);
    let seen = ben.put(&thumb).await.expect(200);
    assert_eq!(
        seen["reactions"],
        json!([{ "emoji": "👍", "count": 2, "mine": true }])
    );
    let again = ben.put(&thumb).await.expect(200);
    assert_eq!(again["rev"], seen["rev"], "twice is once");
    let seen = ben.delete(&thumb).await.expect(200);
    assert_eq!(seen["reactions"][0]["count"], 1);
    assert_ne!(seen["reactions"][0]["mine"], true);
    let answer = ben.put(&format!("{}/reactions/word", path(&said))).await;
    assert_eq!(answer.expect_fields(), ["emoji"]);
}

async fn pins_are_kept(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let said = ben.posts(&room, "the plan").await;
    let pin = format!("{}/pin", path(&said));
    ben.put(&pin).await.expect_problem(403, "forbidden");
    assert_eq!(ana.put(&pin).await.expect(200)["pinned"], true);
    let pins = format!("/api/rooms/{room}/pins");
    let kept = ben.get(&pins).await.expect(200);
    assert_eq!(kept["messages"][0]["id"], said["id"]);
    assert_eq!(ana.delete(&pin).await.expect(200)["pinned"], false);
    assert_eq!(ben.get(&pins).await.expect(200)["messages"], json!([]));
}

async fn mentions_are_members(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    world.person("carl").await;
    let said = ana
        .posts(&room, "@ben, @Ben. and @carl, @ana: dinner?")
        .await;
    assert_eq!(said["mentions"], json!([ben.id]));
    let membership = &ben.sees(&room).await["membership"];
    assert_eq!(membership["mentions"], 1);
    assert_eq!(membership["unread"], 1);
}

async fn texts_have_bounds(world: &mut World) {
    let (ana, _ben, room) = pair(world).await;
    ana.posts(&room, &"é".repeat(8000)).await;
    for text in ["", "   ", &"é".repeat(8001), "a\u{0}b"] {
        assert_eq!(
            ana.tries_to_post(&room, text).await.expect_fields(),
            ["content"]
        );
    }
}

async fn words_are_found(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    ana.posts(&room, "The quick brown fox").await;
    let gone = ana.posts(&room, "A quick goodbye").await;
    ana.delete(&path(&gone)).await.expect(200);
    let found = ben
        .get("/api/search/messages?q=QUICK%20fox")
        .await
        .expect(200);
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 1, "{found}");
    assert_eq!(hits[0]["message"]["content"], "The quick brown fox");
    let snippet = &hits[0]["snippet"];
    assert!(
        snippet["text"].as_str().unwrap().contains("quick"),
        "{snippet}"
    );
    assert!(
        !snippet["highlights"].as_array().unwrap().is_empty(),
        "{snippet}"
    );

    let stranger = world.person("carl").await;
    let nothing = stranger
        .get("/api/search/messages?q=quick")
        .await
        .expect(200);
    assert_eq!(nothing["hits"], json!([]));
    let elsewhere = format!("/api/search/messages?q=quick&roomId={room}");
    stranger
        .get(&elsewhere)
        .await
        .expect_problem(403, "forbidden");
    for odd in [
        "%22",
        "quick*",
        "AND",
        "a%20OR%20b",
        "%27%3B--",
        "NEAR(",
        "%F0%9F%91%8D",
    ] {
        let answer = ben.get(&format!("/api/search/messages?q={odd}")).await;
        assert_eq!(answer.status, 200, "{odd}: {}", answer.text);
    }
    assert_eq!(ben.get("/api/search/messages").await.expect_fields(), ["q"]);
}
