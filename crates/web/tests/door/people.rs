//! People.

use serde_json::{Value, json};

use crate::house::{House, PASSWORD};

#[actix_web::test]
async fn one_changes_and_erases_oneself() {
    let house = House::new();
    let ana = house.person("ana").await;
    let path = "/api/users/me";
    let form = json!({
        "displayName": "Ana María", "username": "Ana.M", "bio": "hola",
        "profile": { "colour": "green", "nested": [1, { "a": null }] },
    });
    let told = house.act(&ana, "PATCH", path, form.clone()).await.is(200);
    for field in ["displayName", "username", "bio", "profile"] {
        assert_eq!(told[field], form[field]);
    }
    assert_eq!(told["email"], "ana@example.org");
    assert_eq!(house.read(&ana, path).await.is(200), told);
    assert_eq!(house.read(&ana, "/api/auth/me").await.is(200), told);

    let cleared = json!({ "bio": null, "profile": null });
    let told = house.act(&ana, "PATCH", path, cleared).await.is(200);
    assert_eq!(told["bio"], Value::Null);
    assert_eq!(told["profile"], json!({}));
    let told = house
        .act(&ana, "PATCH", path, json!({ "username": null }))
        .await;
    assert_eq!(told.bad_fields(), ["username type"]);

    let told = house
        .act(&ana, "DELETE", path, json!({ "password": "wrong" }))
        .await;
    told.refuses(403, "wrong_password");
    let told = house
        .act(&ana, "DELETE", path, json!({ "password": PASSWORD }))
        .await;
    told.is(204);
    assert_eq!(house.read(&ana, path).await.status, 401);
}

#[actix_web::test]
async fn others_are_found_by_id_and_by_name() {
    let house = House::new();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let told = house
        .read(&ana, &format!("/api/users/{}", ben.id))
        .await
        .is(200);
    assert_eq!(told["username"], "ben");
    assert_eq!(told["status"], "offline");
    assert_eq!(told.get("email"), None);
    let nobody = "0195b4a0-0000-7000-8000-000000000001";
    let told = house.read(&ana, &format!("/api/users/{nobody}")).await;
    told.refuses(404, "not_found");

    let path = format!("/api/users?ids={},{nobody},{}", ben.id, ana.id);
    let told = house.read(&ana, &path).await.is(200);
    let users = told["users"].as_array().unwrap();
    assert_eq!(users.len(), 2);
    assert_eq!(users[0]["username"], "ben");
    assert_eq!(users[1]["email"], "ana@example.org");

    for path in [
        "/api/users/search?q=be",
        "/api/users/search/be",
        "/api/users/search/%62e",
    ] {
        let told = house.read(&ana, path).await.is(200);
        assert_eq!(told["users"][0]["username"], "ben", "{path}");
    }
    let told = house.read(&ana, "/api/users/search/b%2Fe%25").await.is(200);
    assert_eq!(told["users"], json!([]));
    let told = house.read(&ana, "/api/users/online?limit=10").await.is(200);
    assert_eq!(told, json!({ "users": [], "nextCursor": null }));
}

#[actix_web::test]
async fn a_blocked_person_opens_no_conversation() {
    let house = House::new();
    let (ana, ben) = (house.person("ana").await, house.person("ben").await);
    let path = format!("/api/users/{}/block", ben.id);
    house.act(&ana, "PUT", &path, Value::Null).await.is(204);
    let chat = json!({ "participantIds": [ana.id] });
    let told = house.act(&ben, "POST", "/api/chat", chat.clone()).await;
    told.refuses(403, "blocked");
    house.act(&ana, "DELETE", &path, Value::Null).await.is(204);
    house.act(&ben, "POST", "/api/chat", chat).await.is(201);
    let own = format!("/api/users/{}/block", ana.id);
    house
        .act(&ana, "PUT", &own, Value::Null)
        .await
        .refuses(422, "invalid");
}
