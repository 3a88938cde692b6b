//! Webhooks, for administrators of the deployment.

use serde_json::{Value, json};

use crate::house::{ADMIN_TOKEN, House};

#[actix_web::test]
async fn a_webhook_is_made_shown_changed_and_removed() {
    let house = House::new();
    let ask = |method: &str, path: &str| house.ask(method, path).token(ADMIN_TOKEN);
    let form =
        json!({ "url": "https://hook.example.org/", "events": ["room.*", "message.created"] });
    let told = ask("POST", "/api/admin/webhooks").json(&form).send().await;
    let made = told.is(201);
    let place = told.header("location").to_owned();
    assert_eq!(
        place,
        format!("/api/admin/webhooks/{}", made["id"].as_str().unwrap())
    );
    let secret = made["secret"].as_str().unwrap();
    assert!(
        secret.starts_with("whsec_") && secret.len() == 50,
        "{secret}"
    );

    let shown = ask("GET", &place).send().await.is(200);
    let mut expected = made.clone();
    expected.as_object_mut().unwrap().remove("secret");
    assert_eq!(shown, expected);
    assert_eq!(shown["events"], json!(["message.created", "room.*"]));
    let all = ask("GET", "/api/admin/webhooks").send().await.is(200);
    assert_eq!(all["webhooks"], json!([expected]));

    let change = json!({ "events": ["member.*"], "enabled": false });
    let changed = ask("PATCH", &place).json(&change).send().await.is(200);
    assert_eq!(changed["events"], json!(["member.*"]));
    assert_eq!(
        (&changed["enabled"], &changed["url"]),
        (&json!(false), &made["url"])
    );
    let ping = format!("{place}/ping");
    ask("POST", &ping).send().await.refuses(409, "conflict");
    let change = json!({ "enabled": true });
    ask("PATCH", &place).json(&change).send().await.is(200);
    let pinged = ask("POST", &ping).send().await.is(200);
    let log = format!("{place}/deliveries");
    let logged = ask("GET", &log).send().await.is(200);
    assert_eq!(
        logged,
        json!({ "deliveries": [pinged], "nextCursor": Value::Null })
    );
    let of_dead = format!("{log}?state=dead");
    let dead = ask("GET", &of_dead).send().await.is(200);
    assert_eq!(dead["deliveries"], json!([]));
    let replay = format!("{log}/{}/replay", pinged["id"].as_str().unwrap());
    assert_eq!(ask("POST", &replay).send().await.status, 204);

    assert_eq!(ask("DELETE", &place).send().await.status, 204);
    for (method, path) in [("DELETE", &place), ("GET", &place), ("POST", &replay)] {
        ask(method, path).send().await.refuses(404, "not_found");
    }
}

#[actix_web::test]
async fn only_the_token_lets_anybody_in() {
    let house = House::new();
    let path = "/api/admin/webhooks";
    house
        .ask("GET", path)
        .send()
        .await
        .refuses(401, "unauthenticated");
    for token in ["a token of two and thirty bytes?", "a token", ""] {
        let told = house.ask("GET", path).token(token).send().await;
        told.refuses(401, "unauthenticated");
    }
    house
        .ask("GET", path)
        .token(ADMIN_TOKEN)
        .send()
        .await
        .is(200);
}

#[actix_web::test]
async fn what_may_not_be_called_is_refused_by_its_field() {
    let house = House::new();
    for (url, why) in [
        ("https://forbidden.example.org/", "url unusable"),
        ("ftp://example.org/", "url format"),
        ("example.org", "url format"),
    ] {
        let form = json!({ "url": url, "events": ["room.*"] });
        let asked = house.ask("POST", "/api/admin/webhooks").token(ADMIN_TOKEN);
        let told = asked.json(&form).send().await;
        assert_eq!(told.bad_fields(), [why], "{url}");
    }
}
