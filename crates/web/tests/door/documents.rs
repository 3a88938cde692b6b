//! The machine-readable descriptions of the API.

use crate::house::House;

/// The page at `/docs` and the files that it loads.
const PARTS: [(&str, &str); 4] = [
    ("/docs", "text/html; charset=utf-8"),
    ("/docs/start.js", "text/javascript; charset=utf-8"),
    ("/docs/swagger-ui.css", "text/css; charset=utf-8"),
    (
        "/docs/swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
    ),
];

#[actix_web::test]
async fn the_routes_are_described() {
    let house = House::new();
    let told = house.ask("GET", "/openapi.json").send().await;
    assert_eq!(told.header("content-type"), "application/json");
    let document = told.is(200);
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/rooms/{id}"]["get"].is_object());
    assert!(!document.to_string().contains("http://"));
}

#[actix_web::test]
async fn what_is_known_already_is_not_sent_again() {
    let house = House::new();
    let documents = ["/openapi.json", "/asyncapi.json"].map(|path| (path, "no-store"));
    let parts = PARTS.map(|(path, _)| (path, "no-cache"));
    for (path, keeping) in documents.into_iter().chain(parts) {
        let told = house.ask("GET", path).send().await;
        assert_eq!(told.status, 200, "{path}");
        assert_eq!(told.header("cache-control"), keeping);
        let tag = told.header("etag").to_owned();
        for known in [tag.as_str(), "*", &format!("\"other\", W/{tag}")] {
            let asked = house.ask("GET", path).header("if-none-match", known);
            let told = asked.send().await;
            assert_eq!((told.status, told.body.len()), (304, 0), "{path}");
            assert_eq!(told.header("etag"), tag);
        }
        let asked = house.ask("GET", path).header("if-none-match", "\"other\"");
        assert_eq!(asked.send().await.status, 200, "{path}");
    }
}

#[actix_web::test]
async fn the_page_to_read_them_comes_from_here_alone() {
    let house = House::new();
    for (path, kind) in PARTS {
        let told = house.ask("GET", path).send().await;
        assert_eq!(told.status, 200, "{path}");
        assert_eq!(told.header("content-type"), kind);
        assert!(!told.body.is_empty(), "{path}");
        let head = house.ask("HEAD", path).send().await;
        assert_eq!(head.header("content-length"), told.header("content-length"));
        house
            .ask("POST", path)
            .send()
            .await
            .refuses(405, "method_not_allowed");
    }
    let page = house.ask("GET", "/docs").send().await;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let fetched = text.split("src=\"").chain(text.split("href=\"")).skip(1);
    for address in fetched.filter_map(|rest| rest.split('"').next()) {
        assert!(!address.contains("//"), "{address}");
    }
    for (path, _) in &PARTS[1..] {
        assert!(text.contains(path), "{path}");
    }
    let policy = page.header("content-security-policy");
    for source in [
        "default-src 'none'",
        "script-src 'self';",
        "connect-src 'self'",
    ] {
        assert!(policy.contains(source), "{policy}");
    }
}
