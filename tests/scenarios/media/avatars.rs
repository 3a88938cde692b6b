//! Avatars.

use acceptance::{World, scenarios};
use reqwest::Method;
use serde_json::json;

use super::scene::{fetched, form, looked_at, png, sends};

scenarios![a_picture_of_oneself_is_for_everybody];

async fn a_picture_of_oneself_is_for_everybody(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let mut socket = ana.connects().await;
    let picture = png((200, 100), (200, 100), "");
    let avatar = "/api/users/me/avatar";
    let put = async |bytes: &[u8]| {
        let body = form(&[("me.png", bytes)]);
        sends(&ana, Method::PUT, avatar, body).await
    };
    assert_eq!(put(b"hello").await.expect_fields(), ["file"]);
    let me = put(&picture).await.expect(200);
    let url = me["avatarUrl"].as_str().unwrap().to_owned();
    let id = url.rsplit('/').next().unwrap().to_owned();
    let seen = looked_at(&mut socket, &json!({ "id": id })).await;
    assert_eq!(
        (&seen["status"], &seen["roomId"]),
        (&json!("ready"), &json!(null))
    );
    assert_eq!(fetched(&ben, &url, &[]).await.0, 200);
    assert_eq!(fetched(&ben, &format!("{url}/thumbnail"), &[]).await.0, 200);
    world
        .visitor()
        .get(&url)
        .await
        .expect_problem(401, "unauthenticated");

    // A former avatar is visible to its owner only.
    let none = json!({ "avatarMediaId": null });
    let me = ana.patch("/api/users/me", none).await.expect(200);
    assert!(me["avatarUrl"].is_null());
    ben.get(&url).await.expect_problem(404, "not_found");
    assert_eq!(fetched(&ana, &url, &[]).await.0, 200);

    // A picture that cannot be decoded is not shown.
    let me = put(b"GIF89a").await.expect(200);
    let id = me["avatarUrl"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let seen = looked_at(&mut socket, &json!({ "id": id })).await;
    assert_eq!(seen["status"], "rejected");
    assert!(ana.get("/api/auth/me").await.expect(200)["avatarUrl"].is_null());
}
