//! Webhooks.

use std::time::Duration;

use acceptance::{Call, Client, Person, Receiver, World, scenarios, within};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

/// The administrators' token.
const TOKEN: &str = "a token of two and thirty bytes!";
/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

scenarios![
    with &[
        ("ADMIN_TOKEN", super::TOKEN),
        ("WEBHOOKS_ALLOW_PRIVATE", "true"),
        ("TERTULIA_JOBS__RETRY_FIRST", "1s"),
        ("TERTULIA_JOBS__TRIES", "3"),
    ];
    what_is_said_is_told_and_signed,
    who_comes_is_told_and_told_again_when_asked,
    one_that_refuses_ends_among_the_dead_and_holds_up_nobody,
    webhooks_are_for_administrators,
];

mod where_it_may_not {
    use super::{TOKEN, World, admin, json, scenarios};

    scenarios![
        with &[("ADMIN_TOKEN", super::super::TOKEN)];
        private_addresses_are_refused,
    ];

    async fn private_addresses_are_refused(world: &mut World) {
        let admin = admin(world);
        let public = json!({ "url": "https://203.0.112.7/hook", "events": ["room.*"] });
        let made = admin.post("/api/admin/webhooks", public).await.expect(201);
        let path = format!("/api/admin/webhooks/{}", made["id"].as_str().unwrap());
        for url in [
            "http://127.0.0.1:8080/",
            "http://2130706433/",
            "https://localhost/hook",
            "http://[::1]/",
            "http://10.1.2.3/",
            "http://169.254.169.254/latest/meta-data/",
            "https://ana:hunter2@203.0.112.7/",
            "ftp://203.0.112.7/",
        ] {
            let form = json!({ "url": url, "events": ["message.*"] });
            let told = admin.post("/api/admin/webhooks", form).await;
            assert_eq!(told.expect_fields(), ["url"], "{url}");
            let told = admin.patch(&path, json!({ "url": url })).await;
            assert_eq!(told.expect_fields(), ["url"], "{url}");
        }
        let all = admin.get("/api/admin/webhooks").await.expect(200);
        assert_eq!(all["webhooks"].as_array().unwrap().len(), 1);
        assert!(!all.to_string().contains(TOKEN));
    }
}

fn admin(world: &World) -> Client {
    world.visitor().with_token(TOKEN)
}

/// Creates a webhook.
async fn hook(admin: &Client, receiver: &Receiver, events: &[&str]) -> Value {
    let form = json!({ "url": receiver.url(), "events": events });
    admin.post("/api/admin/webhooks", form).await.expect(201)
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

/// The deliveries of a webhook that are in this state.
async fn log(admin: &Client, hook: &Value, state: &str) -> Vec<Value> {
    let path = format!(
        "/api/admin/webhooks/{}/deliveries?state={state}",
        text(hook, "id")
    );
    let page = admin.get(&path).await.expect(200);
    page["deliveries"].as_array().unwrap().clone()
}

/// Posts until a message is delivered: every node learns of a webhook within a second.
async fn is_known(speaker: &Person, room: &str, receivers: &[&Receiver]) {
    let known = within(PATIENCE, async || {
        speaker.posts(room, "is anybody there?").await;
        receivers.iter().all(|it| !it.calls().is_empty())
    });
    assert!(known.await.is_some(), "nobody is told");
}

/// Verifies a signature as a receiver does.
fn verify(call: &Call, secret: &str) {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.unwrap()).unwrap();
    let header = |name: &str| call.headers[name].as_str();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&call.body);
    let signature = header("webhook-signature").strip_prefix("v1,").unwrap();
    mac.verify_slice(&STANDARD.decode(signature).unwrap())
        .unwrap();
}

async fn what_is_said_is_told_and_signed(world: &mut World) {
    let ana = world.person("ana").await;
    let (admin, receiver) = (admin(world), Receiver::start());
    let garden = ana.makes_room("garden").await;
    let hook = hook(&admin, &receiver, &["message.*"]).await;
    let path = format!("/api/admin/webhooks/{}", text(&hook, "id"));
    let read = admin.get(&path).await.expect(200);
    assert_eq!(read["secret"], Value::Null);
    is_known(&ana, &garden, &[&receiver]).await;

    let said = ana.posts(&garden, "the beans are up \u{1f331}").await;
    let id = said["id"].clone();
    let of = |kind: &'static str| {
        let id = id.clone();
        move |told: &Value| told["type"] == kind && told["message"]["id"] == id
    };
    let call = receiver.hears_of(of("message.created")).await;
    let told = call.json();
    for name in ["id", "seq", "roomId", "content", "senderId", "createdAt"] {
        assert_eq!(told["message"][name], said[name], "{name}");
    }
    assert_eq!(told["roomId"], json!(garden));
    assert_eq!(call.headers["webhook-id"], text(&told, "id"));
    verify(&call, &text(&hook, "secret"));

    let message = format!("/api/messages/{}", id.as_str().unwrap());
    let edit = json!({ "content": "all of them" });
    ana.patch(&message, edit).await.expect(200);
    let told = receiver.hears_of(of("message.edited")).await.json();
    assert_eq!(told["message"]["content"], "all of them");
    ana.delete(&message).await;
    let told = receiver.hears_of(of("message.deleted")).await.json();
    assert_eq!(told["message"]["content"], Value::Null);
}

async fn who_comes_is_told_and_told_again_when_asked(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let (admin, receiver) = (admin(world), Receiver::start());
    let garden = ana.makes_room("garden").await;
    let hook = hook(&admin, &receiver, &["message.*", "member.*", "room.*"]).await;
    let path = format!("/api/admin/webhooks/{}", text(&hook, "id"));
    is_known(&ana, &garden, &[&receiver]).await;

    ben.joins(&garden).await;
    let joined = |told: &Value| told["type"] == "member.joined";
    let call = receiver.hears_of(joined).await;
    assert_eq!(call.json()["member"]["user"]["id"], json!(ben.id));
    let name = json!({ "name": "orchard" });
    let room = format!("/api/rooms/{garden}");
    ana.patch(&room, name).await.expect(200);
    let updated = |told: &Value| told["type"] == "room.updated";
    let told = receiver.hears_of(updated).await.json();
    assert_eq!(told["room"]["name"], "orchard");

    // A redelivery has the same `webhook-id`. It is asked for once the first delivery is noted, which
    // would otherwise undo it.
    let event = call.headers["webhook-id"].clone();
    let noted = async || {
        let delivered = log(&admin, &hook, "delivered").await;
        delivered.iter().any(|one| one["id"] == json!(event))
    };
    let is_noted = within(PATIENCE, async || noted().await).await;
    assert!(is_noted.is_some(), "it is not noted");
    let count = || {
        let calls = receiver.calls().into_iter();
        let of_event = calls.filter(|call| call.headers["webhook-id"] == event);
        of_event.count()
    };
    let before = count();
    let replay = format!("{path}/deliveries/{event}/replay");
    admin.post(&replay, json!({})).await.expect_nothing();
    let again = within(PATIENCE, async || count() > before).await;
    assert!(again.is_some(), "it is not told again");
    let is_noted = within(PATIENCE, async || noted().await).await;
    assert!(is_noted.is_some(), "it is not noted again");

    admin.delete(&path).await.expect_nothing();
    admin.get(&path).await.expect_problem(404, "not_found");
}

async fn one_that_refuses_ends_among_the_dead_and_holds_up_nobody(world: &mut World) {
    let ana = world.person("ana").await;
    let admin = admin(world);
    let (refusing, taking) = (Receiver::start(), Receiver::start());
    refusing.answers(500);
    let garden = ana.makes_room("garden").await;
    let bad = hook(&admin, &refusing, &["message.created"]).await;
    let good = hook(&admin, &taking, &["message.created"]).await;
    is_known(&ana, &garden, &[&taking, &refusing]).await;
    for number in 0..5 {
        let said = ana.posts(&garden, &format!("number {number}")).await;
        let id = said["id"].clone();
        taking.hears_of(|told| told["message"]["id"] == id).await;
    }
    assert_eq!(log(&admin, &good, "dead").await, Vec::<Value>::new());

    let given_up = async || !log(&admin, &bad, "dead").await.is_empty();
    assert!(within(PATIENCE, given_up).await.is_some(), "it goes on");
    let dead = log(&admin, &bad, "dead").await.remove(0);
    assert_eq!(dead["attempts"], 3);
    assert_eq!(dead["lastAttempt"]["status"], 500);
    let path = format!("/api/admin/webhooks/{}", text(&bad, "id"));
    let failing = admin.get(&path).await.expect(200);
    assert!(failing["failingSince"].is_string(), "{failing}");

    refusing.answers(204);
    let replay = format!("{path}/deliveries/{}/replay", text(&dead, "id"));
    admin.post(&replay, json!({})).await.expect_nothing();
    let told = async || {
        let delivered = log(&admin, &bad, "delivered").await;
        delivered.iter().any(|one| one["id"] == dead["id"])
    };
    assert!(within(PATIENCE, told).await.is_some(), "it is not told");
    let working = admin.get(&path).await.expect(200);
    assert_eq!(working["failingSince"], Value::Null);
}

async fn webhooks_are_for_administrators(world: &mut World) {
    let ana = world.person("ana").await;
    let (admin, receiver) = (admin(world), Receiver::start());
    let form = json!({ "url": receiver.url(), "events": ["room.*"] });
    let made = admin.post("/api/admin/webhooks", form.clone()).await;
    let id = text(&made.expect(201), "id");
    let path = format!("/api/admin/webhooks/{id}");
    let wrong = world
        .visitor()
        .with_token("a token of two and thirty bytes?");
    for client in [&world.visitor(), &wrong, &*ana] {
        for told in [
            client.get("/api/admin/webhooks").await,
            client.post("/api/admin/webhooks", form.clone()).await,
            client.get(&path).await,
            client.patch(&path, json!({ "enabled": false })).await,
            client.delete(&path).await,
            client.post(&format!("{path}/ping"), json!({})).await,
            client.get(&format!("{path}/deliveries")).await,
            client
                .post(&format!("{path}/deliveries/{id}/replay"), json!({}))
                .await,
        ] {
            told.expect_problem(401, "unauthenticated");
        }
    }
    // The token opens nothing else.
    admin
        .get("/api/users/me")
        .await
        .expect_problem(401, "unauthenticated");

    for url in [json!(7), json!("x")] {
        let bad = json!({ "url": url, "events": ["*"], "roomId": "x" });
        let told = admin.post("/api/admin/webhooks", bad).await;
        assert_eq!(told.expect_fields(), ["events", "roomId", "url"]);
    }
    let bad = json!({ "url": "", "events": [], "enabled": 1 });
    let told = admin.patch(&path, bad).await;
    assert_eq!(told.expect_fields(), ["enabled", "events", "url"]);

    let ping = admin
        .post(&format!("{path}/ping"), json!({}))
        .await
        .expect(200);
    let told = receiver.hears(1).await;
    assert_eq!(
        (&told[0]["type"], &told[0]["id"]),
        (&json!("ping"), &ping["id"])
    );
    let off = admin.patch(&path, json!({ "enabled": false })).await;
    assert_eq!(off.expect(200)["enabled"], false);
    let told = admin.post(&format!("{path}/ping"), json!({})).await;
    told.expect_problem(409, "conflict");
    let unknown = format!("/api/admin/webhooks/{}", ana.id);
    admin.get(&unknown).await.expect_problem(404, "not_found");
    let replay = format!("{path}/deliveries/{}/replay", ana.id);
    admin
        .post(&replay, json!({}))
        .await
        .expect_problem(404, "not_found");
}
