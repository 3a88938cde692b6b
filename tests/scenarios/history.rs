//! Reading history and changes.

use acceptance::{Person, World, scenarios};
use serde_json::{Value, json};

scenarios![
    history_comes_in_pages,
    history_is_read_from_a_place,
    a_cursor_belongs_to_its_room,
    whoever_joined_later_reads_what_came_later,
    changes_are_read_in_their_present_state,
    revs_of_another_store_are_forgotten,
    numbered_pages_count,
];

async fn room_with(world: &World, count: usize) -> (Person, String) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    for number in 1..=count {
        ana.posts(&room, &number.to_string()).await;
    }
    (ana, room)
}

fn seqs(page: &Value) -> Vec<i64> {
    page["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["seq"].as_i64().unwrap())
        .collect()
}

async fn history_comes_in_pages(world: &mut World) {
    let (ana, room) = room_with(world, 7).await;
    let mut seen = Vec::new();
    let mut query = format!("/api/rooms/{room}/messages?limit=3");
    loop {
        let page = ana.get(&query).await.expect(200);
        seen.extend(seqs(&page));
        let Some(cursor) = page["nextCursor"].as_str() else {
            assert!(page["nextCursor"].is_null());
            break;
        };
        query = format!("/api/rooms/{room}/messages?limit=3&cursor={cursor}");
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
}

async fn history_is_read_from_a_place(world: &mut World) {
    let (ana, room) = room_with(world, 9).await;
    let messages = format!("/api/rooms/{room}/messages");
    let read = async |query: &str| seqs(&ana.get(&format!("{messages}?{query}")).await.expect(200));
    assert_eq!(read("after=4&limit=3").await, [5, 6, 7]);
    assert_eq!(read("after=9").await, [0; 0]);
    let around = read("around=5&limit=4").await;
    assert!(around.contains(&5), "{around:?}");
    assert!(
        around.len() <= 5 && around.windows(2).all(|pair| pair[0] > pair[1]),
        "{around:?}"
    );
    for query in ["limit=0", "limit=101", "limit=ten"] {
        assert_eq!(
            ana.get(&format!("{messages}?{query}"))
                .await
                .expect_fields(),
            ["limit"]
        );
    }
    assert_eq!(
        ana.get(&format!("{messages}?after=-1"))
            .await
            .expect_fields(),
        ["after"]
    );
}

async fn a_cursor_belongs_to_its_room(world: &mut World) {
    let (ana, room) = room_with(world, 1).await;
    let other = ana.makes_room("other").await;
    let elsewhere = ana.posts(&other, "elsewhere").await["id"].clone();
    let unknown = uuid::Uuid::now_v7().to_string();
    for cursor in [elsewhere.as_str().unwrap(), &unknown, "no-uuid"] {
        let answer = ana
            .get(&format!("/api/rooms/{room}/messages?cursor={cursor}"))
            .await;
        assert_eq!(answer.expect_fields(), ["cursor"], "{cursor}");
    }
}

async fn whoever_joined_later_reads_what_came_later(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana
        .makes(json!({ "name": "den", "history": "joined" }))
        .await;
    let before = ana.posts(&room, "before").await;
    let joined = ben.joins(&room).await;
    assert_eq!(joined["membership"]["fromSeq"], 1);
    assert_eq!(joined["membership"]["unread"], 0);
    ana.posts(&room, "after").await;

    assert_eq!(ben.reads(&room).await, ["after"]);
    let message = format!("/api/messages/{}", before["id"].as_str().unwrap());
    ben.get(&message).await.expect_problem(404, "not_found");
    ben.get(&format!("{message}/replies"))
        .await
        .expect_problem(404, "not_found");
    ben.get(&format!("{message}/receipts"))
        .await
        .expect_problem(404, "not_found");
    ben.put(&format!("{message}/reactions/%F0%9F%91%8D"))
        .await
        .expect_problem(404, "not_found");
    let found = ben.get("/api/search/messages?q=before").await.expect(200);
    assert_eq!(found["hits"], json!([]));
    let changes = ben
        .get(&format!("/api/rooms/{room}/events?since=0"))
        .await
        .expect(200);
    assert_eq!(seqs(&changes), [2]);
    let reply = json!({ "content": "x", "replyTo": before["id"] });
    let answer = ben
        .post(&format!("/api/rooms/{room}/messages"), reply)
        .await;
    assert_eq!(answer.expect_fields(), ["replyTo"]);
    assert_eq!(ana.reads(&room).await, ["before", "after"]);
}

async fn changes_are_read_in_their_present_state(world: &mut World) {
    let (ana, room) = room_with(world, 3).await;
    let events = async |query: &str| {
        ana.get(&format!("/api/rooms/{room}/events?{query}"))
            .await
            .expect(200)
    };
    let all = events("since=0").await;
    assert_eq!(seqs(&all), [1, 2, 3]);
    assert_eq!(all["more"], false);
    assert_eq!(all["reset"], false);
    let up_to = all["upTo"].as_i64().unwrap();
    let epoch = all["epoch"].as_str().unwrap();
    assert_eq!(ana.sees(&room).await["lastRev"], up_to);

    let first = all["messages"][0]["id"].as_str().unwrap();
    ana.patch(
        &format!("/api/messages/{first}"),
        json!({ "content": "mended" }),
    )
    .await
    .expect(200);
    let later = events(&format!("since={up_to}&epoch={epoch}")).await;
    assert_eq!(seqs(&later), [1]);
    assert_eq!(later["messages"][0]["content"], "mended");
    assert_eq!(later["upTo"].as_i64(), Some(up_to + 1));

    // Nothing is missed when reading in several pages.
    let (mut since, mut seen) = (0, Vec::new());
    loop {
        let step = events(&format!("since={since}&limit=1")).await;
        seen.extend(seqs(&step));
        since = step["upTo"].as_i64().unwrap();
        if step["more"] == false {
            break;
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [1, 2, 3]);
}

async fn revs_of_another_store_are_forgotten(world: &mut World) {
    let (ana, room) = room_with(world, 1).await;
    let events = async |query: &str| {
        ana.get(&format!("/api/rooms/{room}/events?{query}"))
            .await
            .expect(200)
    };
    assert_eq!(events("since=1000").await["reset"], true);
    assert_eq!(events("since=0&epoch=another").await["reset"], true);
    let answer = ana
        .get(&format!("/api/rooms/{room}/events?since=x&limit=1001"))
        .await;
    assert_eq!(answer.expect_fields(), ["limit", "since"]);
}

async fn numbered_pages_count(world: &mut World) {
    let (ana, room) = room_with(world, 5).await;
    let page = ana
        .get(&format!("/api/messages/room/{room}?page=2&limit=2"))
        .await
        .expect(200);
    assert_eq!(seqs(&page), [3, 2]);
    assert_eq!(page["totalPages"], 3);
    assert_eq!(page["currentPage"], 2);
    assert_eq!(page["total"], 5);

    let (ben, carl) = (world.person("ben").await, world.person("carl").await);
    let chat = json!({ "participantIds": [ben.id] });
    let direct = ana.post("/api/chat", chat).await.expect(201)["id"].clone();
    ana.posts(direct.as_str().unwrap(), "psst").await;
    let conversation = format!("/api/messages/conversation/{}/{}", ana.id, ben.id);
    assert_eq!(
        ben.get(&conversation).await.expect(200)["messages"][0]["content"],
        "psst"
    );
    carl.get(&conversation)
        .await
        .expect_problem(403, "forbidden");
}
