//! Web Push: notifications on devices without a connection.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use acceptance::{Answer, Browser, Client, Person, Pushed, World, in_world, scenarios, within};
use reqwest::Method;
use serde_json::{Value, json};

const SUBSCRIPTION: &str = "/api/push/subscription";
/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

scenarios![
    with &[
        ("VAPID_PRIVATE_KEY", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        ("VAPID_SUBJECT", "mailto:ana@example.org"),
        ("WEBHOOKS_ALLOW_PRIVATE", "true"),
        ("TERTULIA_NOTIFICATIONS__DELAY", "1s"),
        ("TERTULIA_JOBS__RETRY_FIRST", "1s"),
    ];
    a_device_is_told_and_only_its_browser_can_read_it,
    a_subscription_that_is_gone_is_forgotten,
    a_push_service_that_is_busy_is_asked_again,
    a_subscription_ends_with_its_session,
    a_browser_is_told_what_is_for_whoever_subscribed_last,
    what_is_no_subscription_is_refused,
];

mod where_it_may_not {
    use super::*;

    scenarios![
        with &[("VAPID_PRIVATE_KEY", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")];
        private_addresses_are_refused,
    ];

    async fn private_addresses_are_refused(world: &mut World) {
        let (ana, browser) = (world.person("ana").await, Browser::start());
        let mut subscription = browser.subscription();
        for endpoint in [
            browser.service().url(),
            "https://127.0.0.1/push",
            "https://2130706433/push",
            "https://localhost/push",
            "https://[::ffff:10.0.0.1]/push",
            "https://169.254.169.254/latest",
            "http://203.0.112.7/push",
            "https://ana:hunter2@203.0.112.7/push",
        ] {
            subscription["endpoint"] = json!(endpoint);
            let told = put(&ana, &subscription).await;
            assert_eq!(told.expect_fields(), ["endpoint"], "{endpoint}");
        }
        subscription["endpoint"] = json!("https://203.0.112.7/push");
        put(&ana, &subscription).await.expect_nothing();
    }
}

mod where_it_is_off {
    use super::*;

    // A key that one of several nodes had generated would be unknown to the others.
    in_world![cluster with &[]; there_is_nothing_to_subscribe_to];

    async fn there_is_nothing_to_subscribe_to(world: &mut World) {
        let (ana, browser) = (world.person("ana").await, Browser::start());
        let told = ana.get("/api/push").await.expect(200);
        assert_eq!(told, json!({ "enabled": false }));
        let told = put(&ana, &browser.subscription()).await;
        told.expect_problem(404, "not_found");
        ana.delete(SUBSCRIPTION).await.expect_nothing();
    }
}

async fn put(who: &Client, subscription: &Value) -> Answer {
    who.ask(Method::PUT, SUBSCRIPTION, Some(subscription.clone()))
        .await
}

/// Subscribes a user in a new browser.
async fn subscribed(who: &Person) -> Browser {
    let browser = Browser::start();
    put(who, &browser.subscription()).await.expect_nothing();
    browser
}

/// A room with ana, and with ben, who is away.
async fn scene(world: &World) -> (Person, Person, String) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let garden = ana.makes_room("garden").await;
    ben.joins(&garden).await;
    (ana, ben, garden)
}

fn seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

async fn a_device_is_told_and_only_its_browser_can_read_it(world: &mut World) {
    let (ana, ben, garden) = scene(world).await;
    let offer = ben.get("/api/push").await.expect(200);
    assert_eq!(offer["enabled"], true);
    let browser = subscribed(&ben).await;
    put(&ben, &browser.subscription()).await.expect_nothing();

    let said = ana.posts(&garden, "the beans are up \u{1f331}").await;
    let pushed = browser.hears(1).await.remove(0);
    let expected = [
        ("type", json!("notification")),
        ("userId", json!(ben.id)),
        ("reason", json!("message")),
        ("roomId", json!(garden)),
        ("roomName", json!("garden")),
        ("messageId", said["id"].clone()),
        ("senderId", json!(ana.id)),
        ("preview", said["content"].clone()),
    ];
    for (name, value) in expected {
        assert_eq!(pushed.said[name], value, "{name}");
    }
    assert!(!String::from_utf8_lossy(&pushed.call.body).contains("beans"));
    let header = |name: &str| pushed.call.headers[name].as_str();
    assert_eq!(header("content-encoding"), "aes128gcm");
    assert_eq!(header("urgency"), "normal");
    assert!(header("ttl").parse::<u32>().unwrap() > 0);
    let topic = header("topic").to_owned();
    assert!(topic.len() <= 32 && !topic.contains(&garden));

    let claims = pushed.claims(offer["publicKey"].as_str().unwrap());
    let origin = browser.service().url().strip_suffix("/hook").unwrap();
    assert_eq!(claims["aud"], origin);
    assert_eq!(claims["sub"], "mailto:ana@example.org");
    let left = claims["exp"].as_i64().unwrap() - seconds();
    assert!((1..=24 * 60 * 60).contains(&left), "{left}");

    // There is one notification per room, except for what concerns him, which replaces the other.
    ana.posts(&garden, "all of them").await;
    ana.posts(&garden, "look, @ben").await;
    let mention = browser.hears(2).await.remove(1);
    assert_eq!(mention.said["reason"], "mention");
    assert_eq!(mention.call.headers["urgency"], "high");
    assert_eq!(mention.call.headers["topic"], topic);

    ben.delete(SUBSCRIPTION).await.expect_nothing();
    ben.delete(SUBSCRIPTION).await.expect_nothing();
    let other = subscribed(&ben).await;
    let read = format!("/api/messages/read/{garden}");
    ben.put(&read).await.expect(200);
    ana.posts(&garden, "still here, @ben?").await;
    other.hears(1).await;
    assert_eq!(browser.heard().len(), 2);
}

async fn a_subscription_that_is_gone_is_forgotten(world: &mut World) {
    let (ana, phone, garden) = scene(world).await;
    let laptop = phone.on_another_device().await;
    let (gone, good) = (subscribed(&phone).await, subscribed(&laptop).await);
    gone.service().answers(410);
    ana.posts(&garden, "hello").await;
    gone.hears(1).await;
    good.hears(1).await;
    gone.service().answers(201);
    let read = format!("/api/messages/read/{garden}");
    for number in 2..5 {
        phone.put(&read).await.expect(200);
        ana.posts(&garden, &format!("number {number}")).await;
        good.hears(number).await;
    }
    assert_eq!(gone.heard().len(), 1);
}

async fn a_push_service_that_is_busy_is_asked_again(world: &mut World) {
    let (ana, ben, garden) = scene(world).await;
    let browser = subscribed(&ben).await;
    browser.service().wants_rest(429, Duration::from_secs(2));
    ana.posts(&garden, "hello").await;
    browser.hears(1).await;
    browser.service().answers(500);
    browser.hears(2).await;
    browser.service().answers(201);
    let is_taken = |pushed: &Pushed| pushed.call.status == 201;
    let taken = within(PATIENCE, async || browser.heard().iter().any(is_taken));
    assert!(taken.await.is_some(), "{:?}", browser.heard());
    let heard = browser.heard();
    assert_eq!(heard[0].call.status, 429);
    assert!(heard.iter().all(|pushed| pushed.said == heard[0].said));
    assert_eq!(heard.iter().filter(|pushed| is_taken(pushed)).count(), 1);
}

async fn a_subscription_ends_with_its_session(world: &mut World) {
    let (ana, phone, garden) = scene(world).await;
    let laptop = phone.on_another_device().await;
    let tablet = phone.on_another_device().await;
    let (of_phone, of_laptop) = (subscribed(&phone).await, subscribed(&laptop).await);
    let of_tablet = subscribed(&tablet).await;
    phone
        .post("/api/auth/logout", json!({}))
        .await
        .expect_nothing();
    ana.posts(&garden, "hello").await;
    of_laptop.hears(1).await;
    of_tablet.hears(1).await;

    let new = json!({ "current": acceptance::PASSWORD, "new": "another horse" });
    tablet
        .post("/api/auth/password", new)
        .await
        .expect_nothing();
    ana.posts(&garden, "and you, @ben?").await;
    of_tablet.hears(2).await;
    assert_eq!((of_phone.heard().len(), of_laptop.heard().len()), (0, 1));
    let ended = async || put(&laptop, &of_laptop.subscription()).await.status == 401;
    let ended = within(PATIENCE, ended).await;
    assert!(ended.is_some(), "the laptop is still signed in");
}

async fn a_browser_is_told_what_is_for_whoever_subscribed_last(world: &mut World) {
    let (ana, ben, garden) = scene(world).await;
    let cyd = world.person("cyd").await;
    cyd.joins(&garden).await;
    let shared = subscribed(&ben).await;
    put(&cyd, &shared.subscription()).await.expect_nothing();
    let own = subscribed(&ben).await;
    ana.posts(&garden, "hello").await;
    own.hears(1).await;
    let heard = shared.hears(1).await;
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].said["userId"], json!(cyd.id));
}

async fn what_is_no_subscription_is_refused(world: &mut World) {
    let (ana, browser) = (world.person("ana").await, Browser::start());
    let good = browser.subscription();
    let beside =
        "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let cases = [
        (json!({ "endpoint": "ftp://203.0.112.7/" }), "endpoint"),
        (json!({ "endpoint": "http://203.0.112.7/" }), "endpoint"),
        (json!({ "endpoint": "push" }), "endpoint"),
        (json!({ "expirationTime": 7 }), "expirationTime"),
        (json!({ "p256dh": "AAAA" }), "keys.p256dh"),
        (json!({ "p256dh": beside }), "keys.p256dh"),
        (json!({ "p256dh": "%" }), "keys.p256dh"),
        (json!({ "auth": "AAAA" }), "keys.auth"),
    ];
    for (change, field) in cases {
        let mut bad = good.clone();
        for (name, value) in change.as_object().unwrap() {
            let within = if name == "p256dh" || name == "auth" {
                &mut bad["keys"]
            } else {
                &mut bad
            };
            within[name] = value.clone();
        }
        let told = put(&ana, &bad).await;
        assert_eq!(told.expect_fields(), [field], "{bad}");
    }
    let all = json!({
        "endpoint": "push", "expirationTime": -1, "keys": { "p256dh": "AAAA", "auth": "%" },
    });
    let fields = ["endpoint", "expirationTime", "keys.auth", "keys.p256dh"];
    assert_eq!(put(&ana, &all).await.expect_fields(), fields);
    put(&ana, &good).await.expect_nothing();
}
