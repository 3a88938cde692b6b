//! Summaries without a model, which quote the messages.

use acceptance::{World, scenarios};
use serde_json::json;

use super::scene::{
    cited, deletes, edits, missed, missed_by, put_together, reads_everything, streamed, texts,
};

scenarios![
    who_comes_back_is_told_what_they_missed,
    nothing_new_is_an_empty_list,
    one_is_told_from_where_one_likes,
    the_same_is_there_for_the_next,
    what_changes_is_told_anew_and_what_is_gone_is_gone,
    who_joined_late_is_told_nothing_of_before,
    who_has_left_is_told_nothing,
    pieces_come_as_events,
    what_is_refused_is_refused_before_the_stream,
];

async fn who_comes_back_is_told_what_they_missed(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[&ben]).await;
    let told = missed(&ben, &room, "").await;
    assert_eq!((&told["fromSeq"], &told["toSeq"]), (&json!(1), &json!(6)));
    assert_eq!(told["messageCount"], 6);
    assert_eq!(told["participants"][0]["username"], "ana");
    assert_eq!(
        (&told["cached"], &told["degraded"]),
        (&json!(false), &json!(false))
    );
    assert!(texts(&told).contains("Friday"), "{told}");
    // Messages that mention the reader come first.
    assert_eq!(told["bullets"][0]["seqs"], json!([6]), "{told}");
    assert!(cited(&told).iter().all(|seq| (1..=6).contains(seq)));

    let brief = missed(&ben, &room, "?style=brief").await;
    let bullets = |told: &serde_json::Value| told["bullets"].as_array().unwrap().len();
    assert!(
        !texts(&brief).is_empty() && bullets(&brief) <= bullets(&told),
        "{brief}"
    );
}

async fn nothing_new_is_an_empty_list(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[&ben]).await;
    reads_everything(&ben, &room).await;
    for who in [&ana, &ben] {
        let told = missed(who, &room, "").await;
        assert_eq!(
            (&told["summary"], &told["bullets"]),
            (&json!(""), &json!([]))
        );
        assert_eq!((&told["fromSeq"], &told["toSeq"]), (&json!(7), &json!(6)));
        assert_eq!(told["messageCount"], 0);
    }
}

async fn one_is_told_from_where_one_likes(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[]).await;
    ben.joins(&room).await;
    ana.posts(&room, "Welcome to the room, where we talk of the importer.")
        .await;
    reads_everything(&ben, &room).await;
    for (query, from) in [
        ("?since=join", 7),
        ("?since=0", 1),
        ("?since=3", 4),
        ("?since=9", 8),
    ] {
        let told = missed(&ben, &room, query).await;
        assert_eq!(told["fromSeq"], from, "{query}");
        assert_eq!(told["messageCount"], 8 - from, "{query}");
        assert!(
            cited(&told).iter().all(|seq| *seq >= from),
            "{query}: {told}"
        );
    }
}

async fn the_same_is_there_for_the_next(world: &mut World) {
    let (ana, carl) = (world.person("ana").await, world.person("carl").await);
    let dora = world.person("dora").await;
    let room = missed_by(&ana, &[&carl, &dora]).await;
    let first = missed(&carl, &room, "").await;
    for who in [&carl, &dora] {
        let again = missed(who, &room, "").await;
        assert_eq!(again["cached"], true);
        assert_eq!(again["bullets"], first["bullets"]);
        assert_eq!(again["generatedAt"], first["generatedAt"]);
    }
    ana.posts(&room, "The attachments are back in all three rooms.")
        .await;
    let anew = missed(&dora, &room, "").await;
    assert_eq!(
        (&anew["cached"], &anew["toSeq"]),
        (&json!(false), &json!(7))
    );
}

async fn what_changes_is_told_anew_and_what_is_gone_is_gone(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let wrong = "The password of the backup server is swordfish, write it down.";
    let wrong = ana.posts(&room, wrong).await;
    let late = "The backup server is replaced on Monday by two smaller ones.";
    let late = ana.posts(&room, late).await;
    assert!(texts(&missed(&ben, &room, "").await).contains("swordfish"));
    deletes(&ana, &wrong).await;
    let right = "The backup server is replaced on Tuesday by two smaller ones.";
    edits(&ana, &late, right).await;
    let told = missed(&ben, &room, "").await;
    let all = texts(&told);
    assert!(all.contains("Tuesday"), "{all}");
    assert!(
        !all.contains("swordfish") && !all.contains("Monday"),
        "{all}"
    );
    assert_eq!((cited(&told), &told["messageCount"]), (vec![2], &json!(1)));
}

async fn who_joined_late_is_told_nothing_of_before(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = json!({ "name": "since then", "history": "joined" });
    let room = ana.makes(room).await;
    ana.posts(&room, "The password of the backup server is swordfish.")
        .await;
    ana.posts(
        &room,
        "Nobody else may know the password of the backup server.",
    )
    .await;
    missed(&ana, &room, "?since=0").await;
    ben.joins(&room).await;
    ana.posts(
        &room,
        "Welcome, the backup server is explained in the handbook.",
    )
    .await;
    for query in ["", "?since=join", "?since=0"] {
        let told = missed(&ben, &room, query).await;
        assert_eq!(
            (&told["fromSeq"], &told["messageCount"]),
            (&json!(3), &json!(1))
        );
        assert!(!told.to_string().contains("swordfish"), "{told}");
    }
}

async fn who_has_left_is_told_nothing(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[&ben]).await;
    missed(&ben, &room, "").await;
    ben.delete(&format!("/api/rooms/{room}/leave"))
        .await
        .expect_nothing();
    let path = format!("/api/rooms/{room}/summary");
    ben.get(&path).await.expect_problem(403, "forbidden");
}

async fn pieces_come_as_events(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[&ben]).await;
    let (text, whole) = put_together(streamed(&ben, &room).await);
    assert_eq!(text, whole["summary"].as_str().unwrap());
    assert_eq!(whole["messageCount"], 6);
    // A cached summary is streamed in pieces, too.
    let (text, again) = put_together(streamed(&ben, &room).await);
    assert_eq!(text, again["summary"].as_str().unwrap());
    assert_eq!(
        (&again["cached"], &again["bullets"]),
        (&json!(true), &whole["bullets"])
    );
    reads_everything(&ben, &room).await;
    let events = streamed(&ben, &room).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].1["bullets"], json!([]));
}

async fn what_is_refused_is_refused_before_the_stream(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[]).await;
    let ask = async |query: &str| {
        let path = format!("/api/rooms/{room}/summary{query}");
        let request = ben.request(reqwest::Method::GET, &path);
        ben.send(request.header("accept", "text/event-stream"))
            .await
    };
    ask("").await.expect_problem(403, "forbidden");
    assert_eq!(
        ask("?since=yesterday&style=long").await.expect_fields(),
        ["since", "style"]
    );
}

/// A world with stretches that are short enough for a test to fill.
mod long {
    use super::super::scene::long_talk;
    use super::{World, cited, json, missed, scenarios};

    scenarios![
        with &[("TERTULIA_SUMMARIES__STRETCH", "10")];
        what_mentions_whoever_asks_is_found_however_long_ago_it_was_said,
    ];

    async fn what_mentions_whoever_asks_is_found_however_long_ago_it_was_said(world: &mut World) {
        let (ana, ben) = (world.person("ana").await, world.person("ben").await);
        let carl = world.person("carl").await;
        let (room, place) = long_talk(&ana, &[&ben, &carl]).await;
        // It does not concern the other reader.
        let theirs = missed(&carl, &room, "").await;
        assert!(!cited(&theirs).contains(&place), "{theirs}");
        let told = missed(&ben, &room, "").await;
        assert_eq!(told["bullets"][0]["seqs"], json!([place]), "{told}");
        assert_eq!(told["messageCount"], theirs["messageCount"]);
    }
}

/// A world in which few summaries may be requested.
mod limited {
    use super::{World, json, missed, missed_by, scenarios};

    scenarios![
        with &[("TERTULIA_LIMITS__SUMMARY", "3/600")];
        one_asks_so_often,
    ];

    async fn one_asks_so_often(world: &mut World) {
        let (ana, ben) = (world.person("ana").await, world.person("ben").await);
        let room = missed_by(&ana, &[&ben]).await;
        let path = format!("/api/rooms/{room}/summary");
        for left in (0..3).rev() {
            let answer = ben.get(&path).await;
            let policy = answer.header("ratelimit-policy");
            assert!(policy.contains("\"summary\";q=3;w=600"), "{policy}");
            let told = answer.header("ratelimit");
            assert!(told.contains(&format!("\"summary\";r={left};")), "{told}");
            answer.expect(200);
        }
        let refused = ben.get(&path).await;
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=600).contains(&wait), "{wait}");
        refused.expect_problem(429, "rate_limited");
        let told = missed(&ana, &room, "?since=0").await;
        assert_eq!(told["messageCount"], json!(6));
    }
}
