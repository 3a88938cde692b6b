//! Token rotation, and the end of sessions.

use acceptance::{Person, World, scenarios, until};
use reqwest::Method;
use serde_json::{Value, json};

scenarios![
    a_refresh_token_rotates,
    many_refreshes_at_once_agree,
    a_stolen_refresh_token_ends_the_session,
    sessions_are_listed_and_ended,
    logging_out_ends_one_session,
    logging_out_everywhere_ends_all,
    a_cookie_keeps_the_refresh_token,
    what_is_no_token_is_not_believed,
];

async fn refresh(person: &Person, token: &str) -> acceptance::Answer {
    let body = json!({ "refreshToken": token });
    acceptance::Client::of(person.url())
        .post("/api/auth/refresh", body)
        .await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn a_refresh_token_rotates(world: &mut World) {
    let ana = world.person("ana").await;
    let first = refresh(&ana, &ana.refresh_token).await.expect(200);
    assert_ne!(first["refreshToken"], ana.refresh_token.as_str());
    // A client that lost the response retries and gets the same tokens.
    let again = refresh(&ana, &ana.refresh_token).await.expect(200);
    assert_eq!(again["refreshToken"], first["refreshToken"]);
    assert_eq!(again["sessionId"], first["sessionId"]);

    let renewed = world
        .visitor()
        .with_token(first["accessToken"].as_str().unwrap());
    renewed.get("/api/auth/me").await.expect(200);
}

async fn many_refreshes_at_once_agree(world: &mut World) {
    let ana = world.person("ana").await;
    let mut asking = Vec::new();
    for _ in 0..20 {
        let ana = ana.clone();
        asking.push(tokio::spawn(async move {
            let tokens = refresh(&ana, &ana.refresh_token).await.expect(200);
            text(&tokens["refreshToken"])
        }));
    }
    let mut given = Vec::new();
    for answer in asking {
        given.push(answer.await.unwrap());
    }
    given.dedup();
    assert_eq!(given.len(), 1, "{given:?}");
}

async fn a_stolen_refresh_token_ends_the_session(world: &mut World) {
    let ana = world.person("ana").await;
    let first = refresh(&ana, &ana.refresh_token).await.expect(200);
    let second = refresh(&ana, &text(&first["refreshToken"]))
        .await
        .expect(200);

    // The replacement has been spent, so a client that shows the first one is a thief, or was robbed.
    refresh(&ana, &ana.refresh_token)
        .await
        .expect_problem(401, "refresh_reused");
    let answer = refresh(&ana, &text(&second["refreshToken"])).await;
    assert_eq!(answer.status, 401, "{}", answer.text);
    ana.get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
}

async fn sessions_are_listed_and_ended(world: &mut World) {
    let ana = world.person("ana").await;
    let phone = ana.on_another_device().await;
    let sessions = async |person: &Person| {
        person.get("/api/auth/sessions").await.expect(200)["sessions"]
            .as_array()
            .unwrap()
            .clone()
    };
    let seen = sessions(&ana).await;
    assert_eq!(seen.len(), 2);
    assert_eq!(
        seen.iter()
            .filter(|session| session["current"] == true)
            .count(),
        1
    );
    let other = seen
        .iter()
        .find(|session| session["current"] == false)
        .unwrap();
    for name in ["id", "createdAt", "lastUsedAt", "expiresAt"] {
        assert!(other[name].is_string(), "{other}");
    }

    let path = format!("/api/auth/sessions/{}", text(&other["id"]));
    let ben = world.person("ben").await;
    ben.delete(&path).await.expect_problem(404, "not_found");
    ana.delete(&path).await.expect_nothing();
    ana.delete(&path).await.expect_problem(404, "not_found");
    phone
        .get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
    assert_eq!(sessions(&ana).await.len(), 1);
}

async fn logging_out_ends_one_session(world: &mut World) {
    let ana = world.person("ana").await;
    let phone = ana.on_another_device().await;
    ana.post("/api/auth/logout", json!({}))
        .await
        .expect_nothing();
    ana.get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
    phone.get("/api/auth/me").await.expect(200);

    // A signed-in client need not send a valid refresh token.
    let tablet = ana.on_another_device().await;
    let nobodys = json!({ "refreshToken": "abc" });
    tablet
        .post("/api/auth/logout", nobodys.clone())
        .await
        .expect_nothing();
    world
        .visitor()
        .post("/api/auth/logout", nobodys)
        .await
        .expect_problem(401, "unauthenticated");

    // A refresh token is enough.
    let body = json!({ "refreshToken": phone.refresh_token });
    world
        .visitor()
        .post("/api/auth/logout", body)
        .await
        .expect_nothing();
    // The phone may be on another node, which has to be notified first.
    until("the session is over", async || {
        phone.get("/api/auth/me").await.status != 200
    })
    .await;
    phone
        .get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
    world
        .visitor()
        .post("/api/auth/logout", json!({}))
        .await
        .expect_problem(401, "unauthenticated");
}

async fn logging_out_everywhere_ends_all(world: &mut World) {
    let ana = world.person("ana").await;
    let phone = ana.on_another_device().await;
    phone
        .post("/api/auth/logout-all", json!({}))
        .await
        .expect_nothing();
    for device in [&ana, &phone] {
        device
            .get("/api/auth/me")
            .await
            .expect_problem(401, "session_revoked");
        assert_eq!(refresh(device, &device.refresh_token).await.status, 401);
    }
}

async fn a_cookie_keeps_the_refresh_token(world: &mut World) {
    world.person("ana").await;
    let visitor = world.visitor();
    let credentials = json!({ "email": "ana", "password": acceptance::PASSWORD });
    let answer = visitor
        .post("/api/auth/login?cookie=true", credentials)
        .await;
    let cookie = answer.header("set-cookie").to_owned();
    for part in [
        "tertulia_refresh=",
        "HttpOnly",
        "SameSite=Strict",
        "Path=/api/auth",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let tokens = answer.expect(200);
    assert!(tokens.get("refreshToken").is_none(), "{tokens}");

    let kept = cookie.split(';').next().unwrap().to_owned();
    let with_cookie = |method, path| visitor.request(method, path).header("cookie", &kept);
    let answer = visitor
        .send(with_cookie(Method::POST, "/api/auth/refresh?cookie=true"))
        .await;
    let renewed = answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert_ne!(renewed, kept);
    assert_eq!(answer.expect(200)["sessionId"], tokens["sessionId"]);

    let request = visitor
        .request(Method::POST, "/api/auth/logout")
        .header("cookie", &renewed);
    visitor.send(request).await.expect_nothing();
    let ana = visitor
        .clone()
        .with_token(tokens["accessToken"].as_str().unwrap());
    ana.get("/api/auth/me")
        .await
        .expect_problem(401, "session_revoked");
}

async fn what_is_no_token_is_not_believed(world: &mut World) {
    let ana = world.person("ana").await;
    let mut parts: Vec<&str> = ana.token.split('.').collect();
    // {"alg":"none","typ":"JWT"}
    parts[0] = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    let other_key = format!("{}.{}.{}", parts[0], parts[1], parts[2]);
    for token in ["", "x", "a.b.c", &unsigned, &other_key, &ana.refresh_token] {
        let answer = world.visitor().with_token(token).get("/api/auth/me").await;
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{token}");
        answer.expect_problem(401, "unauthenticated");
    }
    world
        .visitor()
        .get("/api/auth/me")
        .await
        .expect_problem(401, "unauthenticated");
}
