//! Messages, history and cursors.

use serde_json::{Value, json};

use crate::house::{House, Person};

struct Talk {
    house: House,
    ana: Person,
    ben: Person,
    room: String,
}

async fn talk() -> Talk {
    let house = House::new();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let room = house.room(&ana, json!({ "name": "Lobby" })).await;
    let join = format!("/api/rooms/{room}/join");
    house.act(&ben, "POST", &join, Value::Null).await.is(200);
    Talk {
        house,
        ana,
        ben,
        room,
    }
}

fn id(message: &Value) -> &str {
    message["id"].as_str().unwrap()
}

fn texts(page: &Value) -> Vec<&str> {
    let messages = page["messages"].as_array().unwrap().iter();
    messages
        .map(|message| message["content"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn a_message_is_posted_once_whatever_it_is_called() {
    let Talk {
        house, ana, room, ..
    } = talk().await;
    let path = format!("/api/rooms/{room}/messages");
    let client = "0195b4a0-0000-7000-8000-000000000001";
    let form = json!({ "content": " hola @ben ", "clientId": client });
    let told = house.act(&ana, "POST", &path, form.clone()).await;
    let message = told.is(201);
    assert_eq!(
        told.header("location"),
        format!("/api/messages/{}", id(&message))
    );
    assert_eq!(message["content"], "hola @ben");
    assert_eq!(message["seq"], 1);
    assert_eq!(message["roomId"], room);
    assert_eq!(message["sender"]["username"], "ana");
    assert_eq!(message["mentions"].as_array().unwrap().len(), 1);
    assert_eq!(message["status"], "sent");
    assert_eq!(message["pinned"], false);

    let again = house.act(&ana, "POST", &path, form).await.is(200);
    assert_eq!(again["id"], message["id"]);
    let other = json!({ "text": "other", "clientId": client });
    let told = house.act(&ana, "POST", &path, other).await;
    told.refuses(409, "conflict");
    for name in ["text", "message"] {
        house
            .act(&ana, "POST", &path, json!({ name: "hi" }))
            .await
            .is(201);
    }
    let told = house
        .act(&ana, "POST", &path, json!({ "text": "x".repeat(8001) }))
        .await;
    assert_eq!(told.bad_fields(), ["text too_long"]);
    let reply = json!({ "content": "hi", "replyTo": client });
    let told = house.act(&ana, "POST", &path, reply).await;
    assert_eq!(told.bad_fields(), ["replyTo unknown"]);
}

#[actix_web::test]
async fn a_message_is_edited_pinned_reacted_to_and_deleted() {
    let Talk {
        house,
        ana,
        ben,
        room,
    } = talk().await;
    let message = house.post(&ben, &room, "hi").await;
    let path = format!("/api/messages/{}", id(&message));
    let edit = json!({ "content": "hello" });
    let told = house.act(&ana, "PATCH", &path, edit.clone()).await;
    told.refuses(403, "forbidden");
    let edited = house.act(&ben, "PATCH", &path, edit).await.is(200);
    assert_eq!(edited["content"], "hello");
    assert!(edited["editedAt"].is_string());

    let heart = format!("{path}/reactions/%E2%9D%A4%EF%B8%8F");
    let told = house.act(&ana, "PUT", &heart, Value::Null).await.is(200);
    let reaction = json!([{ "emoji": "❤️", "count": 1, "mine": true }]);
    assert_eq!(told["reactions"], reaction);
    let told = house.read(&ben, &path).await.is(200);
    assert_eq!(told["reactions"][0]["mine"], false);
    let told = house.act(&ana, "DELETE", &heart, Value::Null).await.is(200);
    assert_eq!(told["reactions"], json!([]));
    let letter = format!("{path}/reactions/x");
    let told = house.act(&ana, "PUT", &letter, Value::Null).await;
    assert_eq!(told.bad_fields(), ["emoji format"]);

    let pin = format!("{path}/pin");
    house
        .act(&ben, "PUT", &pin, Value::Null)
        .await
        .refuses(403, "forbidden");
    house.act(&ana, "PUT", &pin, Value::Null).await.is(200);
    let pins = house
        .read(&ben, &format!("/api/rooms/{room}/pins"))
        .await
        .is(200);
    assert_eq!(texts(&pins), ["hello"]);
    assert_eq!(pins["nextCursor"], Value::Null);
    house.act(&ana, "DELETE", &pin, Value::Null).await.is(200);

    let gone = house.act(&ana, "DELETE", &path, Value::Null).await.is(200);
    assert_eq!(gone["content"], Value::Null);
    assert!(gone["deletedAt"].is_string());
    house.act(&ana, "DELETE", &path, Value::Null).await.is(200);
    let told = house
        .act(&ben, "PATCH", &path, json!({ "content": "x" }))
        .await;
    told.refuses(410, "message_deleted");
}

#[actix_web::test]
async fn history_is_read_in_every_direction() {
    let Talk {
        house,
        ana,
        ben,
        room,
    } = talk().await;
    for text in ["one", "two", "three", "four"] {
        house.post(&ana, &room, text).await;
    }
    let path = format!("/api/rooms/{room}/messages");
    let read = async |query: &str| house.read(&ben, &format!("{path}?{query}")).await;
    let page = read("limit=2").await.is(200);
    assert_eq!(texts(&page), ["four", "three"]);
    let cursor = page["nextCursor"].as_str().unwrap();
    let page = read(&format!("limit=2&cursor={cursor}")).await.is(200);
    assert_eq!(texts(&page), ["two", "one"]);
    assert_eq!(page["nextCursor"], Value::Null);
    assert_eq!(texts(&read("after=2").await.is(200)), ["three", "four"]);
    let around = read("around=2&limit=3").await.is(200);
    assert!(texts(&around).contains(&"two"));
    let told = read("after=2&around=2").await;
    assert_eq!(told.bad_fields(), ["around exclusive"]);

    let elsewhere = house.room(&ana, json!({ "name": "Elsewhere" })).await;
    let foreign = house.post(&ana, &elsewhere, "foreign").await;
    let told = read(&format!("cursor={}", id(&foreign))).await;
    assert_eq!(told.bad_fields(), ["cursor unknown"]);

    let path = format!("/api/messages/room/{room}?page=2&limit=3");
    let page = house.read(&ben, &path).await.is(200);
    assert_eq!(texts(&page), ["one"]);
    assert_eq!(page["totalPages"], 2);
    assert_eq!(page["currentPage"], 2);
    assert_eq!(page["total"], 4);
}

#[actix_web::test]
async fn replies_make_a_thread() {
    let Talk {
        house,
        ana,
        ben,
        room,
    } = talk().await;
    let root = house.post(&ana, &room, "question").await;
    let path = format!("/api/rooms/{room}/messages");
    let reply = json!({ "content": "answer", "replyTo": id(&root) });
    house.act(&ben, "POST", &path, reply).await.is(201);
    let thread = format!("/api/messages/{}/replies", id(&root));
    let page = house.read(&ana, &thread).await.is(200);
    assert_eq!(texts(&page), ["answer"]);
    assert_eq!(page["messages"][0]["replyTo"], root["id"]);
}

#[actix_web::test]
async fn cursors_move_and_are_told() {
    let Talk {
        house,
        ana,
        ben,
        room,
    } = talk().await;
    let message = house.post(&ana, &room, "hi").await;
    house.post(&ana, &room, "there").await;
    let form = json!({ "roomId": room, "messageId": id(&message) });
    let told = house
        .act(&ben, "POST", "/api/messages/delivered", form)
        .await
        .is(200);
    assert_eq!(told, json!({ "readSeq": 0, "deliveredSeq": 1 }));
    let form = json!({ "roomId": room, "seq": 1 });
    let told = house
        .act(&ben, "POST", "/api/messages/read", form)
        .await
        .is(200);
    assert_eq!(told, json!({ "readSeq": 1, "deliveredSeq": 1 }));

    let receipts = format!("/api/messages/{}/receipts", id(&message));
    let told = house.read(&ana, &receipts).await.is(200);
    let ben_alone = json!([{ "userId": ben.id }]);
    assert_eq!(
        told,
        json!({ "deliveredTo": ben_alone, "readBy": ben_alone })
    );
    let path = format!("/api/messages/{}", id(&message));
    assert_eq!(house.read(&ana, &path).await.is(200)["status"], "read");

    let all = format!("/api/messages/read/{room}");
    let told = house.act(&ben, "PUT", &all, Value::Null).await.is(200);
    assert_eq!(told, json!({ "readSeq": 2, "deliveredSeq": 2 }));
    let beyond = json!({ "roomId": room, "seq": 3 });
    let told = house.act(&ben, "POST", "/api/messages/read", beyond).await;
    assert_eq!(told.bad_fields(), ["seq range"]);
    let neither = json!({ "roomId": room });
    let told = house.act(&ben, "POST", "/api/messages/read", neither).await;
    assert_eq!(told.bad_fields(), ["messageId required"]);
}

#[actix_web::test]
async fn messages_are_found_by_their_words() {
    let Talk {
        house,
        ana,
        ben,
        room,
    } = talk().await;
    house.post(&ana, &room, "the release is on Friday").await;
    house.post(&ben, &room, "friday it is").await;
    let path = format!(
        "/api/search/messages?q=FRIDAY&roomId={room}&from={}",
        ana.id
    );
    let page = house.read(&ben, &path).await.is(200);
    assert_eq!(page["hits"].as_array().unwrap().len(), 1);
    let hit = &page["hits"][0];
    assert_eq!(hit["message"]["content"], "the release is on Friday");
    assert_eq!(hit["snippet"]["highlights"], json!([[18, 24]]));
    assert_eq!(page["nextCursor"], Value::Null);
}

#[actix_web::test]
async fn what_changed_is_told_since_a_rev() {
    let Talk {
        house,
        ana,
        ben,
        room,
    } = talk().await;
    let message = house.post(&ana, &room, "hi").await;
    let path = format!("/api/rooms/{room}/events");
    let all = house.read(&ben, &path).await.is(200);
    assert_eq!(all["epoch"], "door");
    assert_eq!(texts(&all), ["hi"]);
    assert_eq!(all["members"].as_array().unwrap().len(), 2);
    assert_eq!(all["more"], false);
    assert_eq!(all["reset"], false);
    assert_eq!(all["upTo"], message["rev"]);

    let since = format!("{path}?since={}&epoch=door", all["upTo"]);
    let nothing = house.read(&ben, &since).await.is(200);
    assert_eq!(nothing["messages"], json!([]));
    assert_eq!(nothing["upTo"], all["upTo"]);
    let other = format!("{path}?since=1&epoch=other");
    assert_eq!(house.read(&ben, &other).await.is(200)["reset"], true);
}

#[actix_web::test]
async fn a_pairs_messages_have_pages_for_the_two() {
    let Talk {
        house, ana, ben, ..
    } = talk().await;
    let pair = json!({ "participantIds": [ben.id] });
    let direct = house.act(&ana, "POST", "/api/chat", pair).await.is(201);
    house.post(&ana, id(&direct), "just us").await;
    let path = format!("/api/messages/conversation/{}/{}", ben.id, ana.id);
    let page = house.read(&ben, &path).await.is(200);
    assert_eq!(texts(&page), ["just us"]);
    let cleo = house.person("cleo").await;
    house.read(&cleo, &path).await.refuses(403, "forbidden");
}
