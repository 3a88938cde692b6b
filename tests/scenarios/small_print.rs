//! Limits that are rarely reached, and times in the past.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};

scenarios![
    a_message_mentions_fifty_at_most,
    a_message_takes_twenty_different_emoji,
    a_mute_that_has_ended_is_none,
    a_silence_that_has_ended_is_none,
    around_is_within_the_room,
    nothing_before_joining_is_told_in_any_way,
    who_joins_again_begins_again,
    head_and_options_are_answered,
    a_standing_invite_is_told_to_few,
    what_is_found_is_what_stands,
    a_search_is_narrowed,
];

async fn pair(world: &World) -> (Person, Person, String) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    (ana, ben, room)
}

fn path(message: &Value) -> String {
    format!("/api/messages/{}", message["id"].as_str().unwrap())
}

async fn a_message_mentions_fifty_at_most(world: &mut World) {
    let (ana, _ben, room) = pair(world).await;
    let (mut names, mut ids) = (Vec::new(), Vec::new());
    for number in 0..52 {
        let person = world.person(&format!("person{number}")).await;
        person.joins(&room).await;
        names.push(format!("@{}", person.username));
        ids.push(person.id);
    }
    let text = names.join(" ");
    let said = ana.posts(&room, &text).await;
    ids.truncate(50);
    assert_eq!(said["mentions"], json!(ids), "{said}");
    assert_eq!(said["content"], text);
}

async fn a_message_takes_twenty_different_emoji(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let said = ana.posts(&room, "well?").await;
    // 😀 and the code points after it.
    let reaction = |number: u8| format!("{}/reactions/%F0%9F%98%{:X}", path(&said), 0x80 + number);
    for number in 0..20 {
        ben.put(&reaction(number)).await.expect(200);
    }
    let refused = ben.put(&reaction(20)).await;
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    refused.expect_problem(429, "too_many");
    // An existing emoji does not count again, and removing one makes room.
    let seen = ana.put(&reaction(0)).await.expect(200);
    assert_eq!(seen["reactions"].as_array().unwrap().len(), 20);
    ben.delete(&reaction(1)).await.expect(200);
    ben.put(&reaction(20)).await.expect(200);
}

async fn a_mute_that_has_ended_is_none(world: &mut World) {
    let (_ana, ben, room) = pair(world).await;
    let mute = format!("/api/rooms/{room}/mute");
    let mutes = async |until: &str| {
        let until = json!({ "until": until });
        let muted = ben.ask(reqwest::Method::PUT, &mute, Some(until)).await;
        muted.expect_nothing();
        ben.sees(&room).await["membership"].clone()
    };
    let future = mutes("2999-01-01T00:00:00+01:00").await;
    assert_eq!(future["muted"], true);
    assert_eq!(future["mutedUntil"], "2998-12-31T23:00:00.000Z");
    let past = mutes("1999-01-01T00:00:00Z").await;
    assert_eq!(past["muted"], false, "{past}");
}

async fn a_silence_that_has_ended_is_none(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let user = format!("/api/rooms/{room}/users/{}", ben.id);
    let silence = json!({ "mutedUntil": "1999-01-01T00:00:00Z" });
    ana.patch(&user, silence).await.expect(200);
    ben.posts(&room, "I may").await;
}

async fn around_is_within_the_room(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    for number in 1..=9 {
        ana.posts(&room, &number.to_string()).await;
    }
    let seqs = async |query: &str| -> Vec<i64> {
        let path = format!("/api/rooms/{room}/messages?{query}");
        let page = ben.get(&path).await.expect(200);
        let messages = page["messages"].as_array().unwrap().iter();
        messages
            .map(|message| message["seq"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(seqs("around=5&limit=1").await, [5]);
    let three = seqs("around=5&limit=3").await;
    assert_eq!(three, [6, 5, 4]);
    for (at, nearest) in [
        ("0", 1),
        ("1", 1),
        ("9", 9),
        ("10", 9),
        ("9007199254740991", 9),
    ] {
        let near = seqs(&format!("around={at}&limit=4")).await;
        assert!((1..=4).contains(&near.len()), "{at}: {near:?}");
        assert!(near.contains(&nearest), "{at}: {near:?}");
        assert!(
            near.windows(2).all(|pair| pair[0] == pair[1] + 1),
            "{at}: {near:?}"
        );
    }
}

async fn nothing_before_joining_is_told_in_any_way(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana
        .makes(json!({ "name": "den", "history": "joined" }))
        .await;
    let before = ana.posts(&room, "an old secret").await;
    ana.put(&format!("{}/pin", path(&before))).await.expect(200);
    let ben = world.person("ben").await;
    let joined = ben.joins(&room).await;
    assert!(
        joined.get("lastMessage").is_none_or(Value::is_null),
        "{joined}"
    );

    // A reply to an earlier message reveals nothing of it.
    let body = json!({ "content": "as I said", "replyTo": before["id"] });
    let messages = format!("/api/rooms/{room}/messages");
    let reply = ana.post(&messages, body).await.expect(201);
    ben.get(&format!("{}/replies", path(&reply)))
        .await
        .expect(200);
    let read = json!({ "roomId": room, "messageId": before["id"] });
    let told = ben.post("/api/messages/read", read).await;
    assert_eq!(told.expect_fields(), ["messageId"]);
    for list in [
        "/api/rooms/mine".to_owned(),
        "/api/rooms".to_owned(),
        format!("/api/rooms/{room}"),
        messages.clone(),
        format!("{messages}?around=1"),
        format!("{messages}?after=0"),
        format!("/api/rooms/{room}/events?since=0"),
        format!("/api/rooms/{room}/pins"),
        format!("/api/messages/room/{room}"),
        "/api/search/messages?q=secret".to_owned(),
        format!("/api/search/messages?q=secret&roomId={room}"),
    ] {
        let told = ben.get(&list).await.expect(200).to_string();
        assert!(!told.contains("secret"), "{list}: {told}");
    }
    let cursor = format!("{messages}?cursor={}", before["id"].as_str().unwrap());
    assert_eq!(ben.get(&cursor).await.expect_fields(), ["cursor"]);
    let numbered = ben
        .get(&format!("/api/messages/room/{room}"))
        .await
        .expect(200);
    assert_eq!(numbered["total"], 1);
}

async fn who_joins_again_begins_again(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana
        .makes(json!({ "name": "den", "history": "joined" }))
        .await;
    ben.joins(&room).await;
    ana.posts(&room, "first").await;
    assert_eq!(ben.reads(&room).await, ["first"]);
    let leave = format!("/api/rooms/{room}/leave");
    ben.delete(&leave).await.expect_nothing();
    ana.posts(&room, "second").await;
    let again = ben.joins(&room).await;
    assert_eq!(again["membership"]["fromSeq"], 2);
    ana.posts(&room, "third").await;
    assert_eq!(ben.reads(&room).await, ["third"]);
}

async fn head_and_options_are_answered(world: &mut World) {
    let (ana, _ben, room) = pair(world).await;
    let ask = async |method: reqwest::Method, path: &str| ana.ask(method, path, None).await;
    let path = format!("/api/rooms/{room}");
    let whole = ana.get(&path).await;
    let head = ask(reqwest::Method::HEAD, &path).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-type"), whole.header("content-type"));
    let missing = ask(reqwest::Method::HEAD, "/api/rooms/x").await;
    assert_eq!((missing.status, missing.text.as_str()), (404, ""));
    let options = ask(reqwest::Method::OPTIONS, &path).await;
    assert_eq!(options.status, 204);
    for method in ["GET", "PATCH", "DELETE"] {
        assert!(options.header("allow").contains(method), "{options:?}");
    }
    let nowhere = ask(reqwest::Method::OPTIONS, "/api/nothing").await;
    assert_eq!(nowhere.status, 404);
}

async fn a_standing_invite_is_told_to_few(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let carl = world.person("carl").await;
    let room = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let invite = ana.sees(&room).await;
    let code = invite["inviteCode"].as_str().unwrap();
    assert!(invite["inviteUrl"].as_str().unwrap().contains(code));
    for person in [&ben, &carl] {
        let body = json!({ "inviteCode": code });
        let joined = person.post("/api/rooms/join", body).await.expect(200);
        assert!(!joined.to_string().contains(code), "{joined}");
    }
    let role = json!({ "role": "admin" });
    let user = format!("/api/rooms/{room}/users/{}", ben.id);
    ana.patch(&user, role).await.expect(200);
    for list in [
        format!("/api/rooms/{room}"),
        format!("/api/rooms/{room}/events?since=0"),
        "/api/rooms".to_owned(),
        "/api/rooms/mine".to_owned(),
        "/api/chat".to_owned(),
    ] {
        let tells =
            async |who: &Person| who.get(&list).await.expect(200).to_string().contains(code);
        assert!(!tells(&carl).await, "{list}");
        // Changes are the same for all readers.
        if !list.contains("events") {
            assert!(tells(&ana).await && tells(&ben).await, "{list}");
        }
    }
    // A public room needs no invite, and the one that it had is revoked.
    let opened = json!({ "isPrivate": false });
    let room_path = format!("/api/rooms/{room}");
    let opened = ana.patch(&room_path, opened).await.expect(200);
    assert!(opened.get("inviteCode").is_none(), "{opened}");
    let preview = world.visitor().get(&format!("/api/invites/{code}")).await;
    preview.expect_problem(410, "invite_expired");
}

/// The texts that a search finds, in its order.
async fn finds(who: &Person, query: &str) -> Vec<String> {
    let found = who
        .get(&format!("/api/search/messages?{query}"))
        .await
        .expect(200);
    let hits = found["hits"].as_array().unwrap().iter();
    hits.map(|hit| hit["message"]["content"].as_str().unwrap().to_owned())
        .collect()
}

async fn what_is_found_is_what_stands(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let said = ana.posts(&room, "an early draft").await;
    let mended = json!({ "content": "a late answer" });
    ana.patch(&path(&said), mended).await.expect(200);
    assert_eq!(finds(&ben, "q=draft").await, [""; 0]);
    assert_eq!(finds(&ben, "q=answer").await, ["a late answer"]);

    // Positions are counted in characters, whatever their encoding.
    ana.posts(&room, "👩‍🚀 ñandú <b>Kites</b> & more").await;
    let found = ben.get("/api/search/messages?q=kites").await.expect(200);
    let snippet = &found["hits"][0]["snippet"];
    let text: Vec<char> = snippet["text"].as_str().unwrap().chars().collect();
    let places = snippet["highlights"].as_array().unwrap();
    let place = |end: usize| usize::try_from(places[0][end].as_u64().unwrap()).unwrap();
    let marked: String = text[place(0)..place(1)].iter().collect();
    assert_eq!((marked.as_str(), places.len()), ("Kites", 1), "{snippet}");
}

async fn a_search_is_narrowed(world: &mut World) {
    let (ana, ben, room) = pair(world).await;
    let other = ana.makes_room("other").await;
    let first = ana.posts(&room, "first word").await;
    let second = ben.posts(&room, "second word").await;
    ana.posts(&other, "third word").await;
    let at = |message: &Value| message["createdAt"].as_str().unwrap().replace('+', "%2B");

    assert_eq!(
        finds(&ana, "q=word").await,
        ["third word", "second word", "first word"]
    );
    assert_eq!(finds(&ben, "q=word").await, ["second word", "first word"]);
    let in_room = format!("q=word&roomId={room}");
    assert_eq!(finds(&ana, &in_room).await, ["second word", "first word"]);
    let from = format!("q=word&from={}", ana.id);
    assert_eq!(finds(&ana, &from).await, ["third word", "first word"]);
    let since = format!("q=word&roomId={room}&after={}", at(&second));
    assert!(
        !finds(&ana, &since).await.contains(&"first word".to_owned()) || at(&first) == at(&second)
    );
    let until = format!("q=word&before={}", at(&first));
    assert_eq!(finds(&ana, &until).await, [""; 0]);
}
