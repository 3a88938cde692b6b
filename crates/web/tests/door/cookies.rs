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

/// The response to a page that sends the cookie with these headers.
async fn from_page(house: &House, path: &str, cookie: &str, headers: &[(&str, &str)]) -> Told {
    let asked = house.ask("POST", path).header("cookie", cookie);
    let asked = headers
        .iter()
        .fold(asked, |asked, (name, value)| asked.header(name, value));
    asked.send().await
}

#[actix_web::test]
async fn pages_of_other_origins_cannot_use_the_cookie() {
    let mut plan = Plan::new();
    plan.options.public_url = Some("https://tertulia.example.org/chat".to_owned());
    let house = plan.open();
    let ana = house.person("ana").await;
    let cookie = format!("tertulia_refresh={}", ana.refresh);
    let foreign: [&[(&str, &str)]; 5] = [
        &[("origin", "https://evil.example.org")],
        &[("origin", "null")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "null")],
        &[("origin", "https://tertulia.example")],
    ];
    for headers in foreign {
        for path in ["/api/auth/refresh", "/api/auth/logout"] {
            let told = from_page(&house, path, &cookie, headers).await;
            told.refuses(403, "forbidden");
            assert!(told.all("set-cookie").is_empty(), "{headers:?}");
        }
    }

    let own = format!("http://{}", house.address);
    let welcome: [&[(&str, &str)]; 5] = [
        &[],
        &[("origin", &own)],
        &[("origin", "https://tertulia.example.org")],
        &[
            ("origin", "https://chat.example.org"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[
            ("origin", "http://behind.a.proxy"),
            ("sec-fetch-site", "same-origin"),
        ],
    ];
    for headers in welcome {
        let told = from_page(&house, "/api/auth/refresh", &cookie, headers).await;
        told.is(200);
    }
}

#[actix_web::test]
async fn pages_of_other_origins_cannot_sign_a_browser_in() {
    let house = House::new();
    house.person("ana").await;
    let form = json!({ "email": "ana", "password": PASSWORD });
    let sign_in = |path: &str| {
        let asked = house.ask("POST", path).json(&form);
        asked.header("sec-fetch-site", "same-site").send()
    };
    let told = sign_in("/api/auth/login?cookie=true").await;
    told.refuses(403, "forbidden");
    assert!(told.all("set-cookie").is_empty());
    sign_in("/api/auth/login").await.is(200);
}
