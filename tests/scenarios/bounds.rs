//! No list is longer than requested, and no request may exceed the maximum.

use acceptance::{Person, World, scenarios};
use serde_json::json;

scenarios![pages_have_a_size, pages_have_numbers,];

/// Every paged list, with its maximum page size.
async fn lists(ana: &Person) -> Vec<(String, usize)> {
    let room = ana.makes_room("tertulia").await;
    let message = ana.posts(&room, "word").await["id"].clone();
    let message = message.as_str().unwrap().to_owned();
    vec![
        ("/api/rooms?".to_owned(), 100),
        ("/api/users/online?".to_owned(), 100),
        (format!("/api/rooms/{room}/messages?"), 100),
        (format!("/api/rooms/{room}/messages?after=0&"), 100),
        (format!("/api/rooms/{room}/messages?around=1&"), 100),
        (format!("/api/chat/{room}/messages?"), 100),
        (format!("/api/rooms/{room}/users?"), 100),
        (format!("/api/rooms/{room}/users?online=true&"), 100),
        (format!("/api/rooms/{room}/pins?"), 100),
        (format!("/api/rooms/{room}/events?since=0&"), 1000),
        (format!("/api/messages/{message}/replies?"), 100),
        (format!("/api/messages/room/{room}?"), 100),
        (
            format!(
                "/api/messages/conversation/{}/{}?",
                ana.id,
                friend(ana).await
            ),
            100,
        ),
        ("/api/search/messages?q=word&".to_owned(), 100),
        ("/chat/messages?chatRoomName=tertulia&".to_owned(), 100),
    ]
}

async fn friend(ana: &Person) -> String {
    let ben = Person::register(acceptance::Client::of(ana.url()), "ben").await;
    let chat = json!({ "participantIds": [ben.id] });
    ana.post("/api/chat", chat).await.expect(201);
    ben.id
}

async fn pages_have_a_size(world: &mut World) {
    let ana = world.person("ana").await;
    for (list, most) in lists(&ana).await {
        for good in ["1", &most.to_string(), ""] {
            let limit = if good.is_empty() {
                String::new()
            } else {
                format!("limit={good}")
            };
            ana.get(&format!("{list}{limit}")).await.expect(200);
        }
        let more = (most + 1).to_string();
        for bad in [
            "0",
            "-1",
            &more,
            "ten",
            "1.5",
            "%00",
            "99999999999999999999",
        ] {
            let refused = ana.get(&format!("{list}limit={bad}")).await;
            assert_eq!(refused.expect_fields(), ["limit"], "{list}limit={bad}");
        }
    }
}

async fn pages_have_numbers(world: &mut World) {
    let ana = world.person("ana").await;
    let lists = lists(&ana).await;
    let numbered = lists.iter().filter(|(list, _)| {
        list.starts_with("/api/messages/room/") || list.starts_with("/api/messages/conversation/")
    });
    for (list, _) in numbered {
        for bad in ["0", "-1", "one", "1.5"] {
            let refused = ana.get(&format!("{list}page={bad}")).await;
            assert_eq!(refused.expect_fields(), ["page"], "{list}page={bad}");
        }
        let far = ana.get(&format!("{list}page=1000000000")).await.expect(200);
        assert_eq!(far["messages"], json!([]));
    }
}
