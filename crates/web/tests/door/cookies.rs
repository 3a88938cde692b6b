//! The refresh token in a cookie.

use serde_json::{Value, json};

use crate::house::{House, PASSWORD, Plan};
use crate::plain_http::Told;

fn held(told: &Told) -> String {
    let cookie = told.header("set-cookie");
    let (pair, rest) = cookie.split_once("; ").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/auth", "Expires="] {
        assert!(rest.contains(part), "{part} in {rest}");
    }
    pair.strip_prefix("tertulia_refresh=").unwrap().to_owned()
}

#[actix_web::test]
async fn a_browser_keeps_its_token_in_a_cookie() {
    let house = House::new();
    house.person("ana").await;
    let form = json!({ "email": "ana", "password": PASSWORD });
    let asked = house.ask("POST", "/api/auth/login?cookie=true");
    let told = asked.json(&form).send().await;
    assert_eq!(told.is(200)["refreshToken"], Value::Null);
    assert!(!told.header("set-cookie").contains("Secure"));
    let first = held(&told);

    let cookie = format!("tertulia_refresh={first}");
    let asked = house.ask("POST", "/api/auth/refresh");
    let told = asked.header("cookie", &cookie).send().await;
    assert_eq!(told.is(200)["refreshToken"], Value::Null);
    let second = held(&told);
    assert_ne!(first, second);

    let cookie = format!("tertulia_refresh={second}");
    let asked = house.ask("POST", "/api/auth/logout");
    let told = asked.header("cookie", &cookie).send().await;
    told.is(204);
    assert!(told.header("set-cookie").contains("Max-Age=0"));
    let asked = house.ask("POST", "/api/auth/refresh");
    let told = asked.header("cookie", &cookie).send().await;
    assert_eq!(told.status, 401);
}

#[actix_web::test]
async fn behind_tls_the_cookie_is_for_tls() {
    let mut plan = Plan::new();
    plan.options.tls_terminated = true;
    let house = plan.open();
    let form = json!({ "email": "a@example.org", "password": PASSWORD, "name": "ana" });
    let asked = house.ask("POST", "/api/auth/register?cookie=true");
    let told = asked.json(&form).send().await;
    told.is(201);
    assert!(told.header("set-cookie").contains("Secure"));
}

#[actix_web::test]
async fn a_wish_must_be_yes_or_no() {
    let house = House::new();
    let form = json!({ "email": "ana", "password": PASSWORD });
    let asked = house.ask("POST", "/api/auth/login?cookie=perhaps");
    assert_eq!(asked.json(&form).send().await.bad_fields(), ["cookie type"]);
}
