//! The web client as a browser gets it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::house::House;
use crate::plain_http::Told;

async fn page(house: &House) -> String {
    let told = house.ask("GET", "/").send().await;
    assert_eq!(told.status, 200);
    assert_eq!(told.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(told.body).unwrap()
}

/// The URLs in a page's `src` and `href` attributes.
fn addresses(text: &str) -> Vec<&str> {
    let parts = text
        .split("src=\"")
        .skip(1)
        .chain(text.split("href=\"").skip(1));
    let addresses = parts.filter_map(|rest| rest.split('"').next());
    addresses.filter(|address| *address != "/docs").collect()
}

async fn fetch(house: &House, path: &str, encoding: &str) -> Told {
    let asked = house.ask("GET", path).header("accept-encoding", encoding);
    asked.send().await
}

#[actix_web::test]
async fn the_page_is_asked_for_anew_and_its_files_are_kept_for_ever() {
    let house = House::new();
    let told = house.ask("GET", "/").send().await;
    assert_eq!(told.header("cache-control"), "no-cache");
    let text = page(&house).await;
    let addresses = addresses(&text);
    assert!(
        addresses
            .iter()
            .any(|address| address.ends_with("/script/main.js"))
    );
    assert!(
        addresses
            .iter()
            .any(|address| address.ends_with("/style/tokens.css"))
    );
    for path in addresses {
        assert!(path.starts_with("/client/"), "{path}");
        let told = fetch(&house, path, "identity").await;
        assert_eq!(told.status, 200, "{path}");
        assert_eq!(
            told.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        let kind = match path.rsplit('.').next().unwrap() {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(told.header("content-type"), kind, "{path}");
        let known = house
            .ask("GET", path)
            .header("if-none-match", told.header("etag"));
        assert_eq!(known.send().await.status, 304, "{path}");
    }
}

#[actix_web::test]
async fn every_module_that_is_imported_is_there_and_fetched_at_once() {
    let house = House::new();
    let text = page(&house).await;
    let modules: Vec<&str> = addresses(&text)
        .into_iter()
        .filter(|path| Path::new(path).extension().is_some_and(|kind| kind == "js"))
        .collect();
    assert!(modules.len() > 20, "{modules:?}");
    for path in &modules {
        let told = fetch(&house, path, "identity").await;
        let code = String::from_utf8(told.body).unwrap();
        let folder = path.rsplit_once('/').unwrap().0;
        for line in code.lines().filter(|line| line.starts_with("import ")) {
            let target = line.rsplit('"').nth(1).unwrap();
            let mut parts: Vec<&str> = folder.split('/').collect();
            for step in target.split('/') {
                match step {
                    "." => {}
                    ".." => drop(parts.pop()),
                    name => parts.push(name),
                }
            }
            let whole = parts.join("/");
            assert!(modules.contains(&whole.as_str()), "{path} imports {target}");
        }
    }
}

#[actix_web::test]
async fn files_come_packed_to_those_who_can_unpack_them() {
    let house = House::new();
    let text = page(&house).await;
    let path = addresses(&text)
        .into_iter()
        .find(|path| path.ends_with("/main.js"))
        .unwrap();
    let plain = fetch(&house, path, "identity").await;
    let packed = fetch(&house, path, "gzip, br").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.header("vary").starts_with("accept-encoding"));
    assert!(packed.body.len() < plain.body.len());
    assert_ne!(packed.header("etag"), plain.header("etag"));
    let refused = fetch(&house, path, "gzip;q=0").await;
    assert_eq!(refused.body, plain.body);
}

#[actix_web::test]
async fn files_of_another_version_are_not_served() {
    let house = House::new();
    for path in [
        "/client/0/script/main.js",
        "/client/0",
        "/client/../Cargo.toml",
        "/client/0/tsconfig.json",
    ] {
        let told = house.ask("GET", path).send().await;
        told.refuses(404, "not_found");
    }
    let text = page(&house).await;
    let path = addresses(&text)
        .into_iter()
        .find(|path| path.ends_with("/main.js"))
        .unwrap();
    let other = path.replace("main.js", "nothing.js");
    house
        .ask("GET", &other)
        .send()
        .await
        .refuses(404, "not_found");
    house
        .ask("POST", path)
        .send()
        .await
        .refuses(405, "method_not_allowed");
}

#[actix_web::test]
async fn the_page_may_do_what_it_needs_and_no_more() {
    let house = House::new();
    let told = house.ask("GET", "/").send().await;
    let policy = told.header("content-security-policy");
    for source in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "require-trusted-types-for 'script'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(source), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let text = page(&house).await;
    assert!(!text.contains("<style") && !text.contains("style=") && !text.contains("<script>"));
}

#[actix_web::test]
async fn the_worker_has_an_address_that_stays_and_names_what_it_shows() {
    let house = House::new();
    let told = house.ask("GET", "/worker.js").send().await;
    assert_eq!(
        told.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(told.header("cache-control"), "no-cache");
    let policy = told.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let text = fetch(&house, "/worker.js", "identity").await.body;
    let text = String::from_utf8(text).unwrap();
    let (_, rest) = text.split_once("icon: \"").unwrap();
    let (icon, _) = rest.split_once('"').unwrap();
    let found = fetch(&house, icon, "identity").await;
    assert_eq!(found.header("content-type"), "image/svg+xml");
    assert!(!page(&house).await.contains("worker.js"));
}

/// The client's logic, without network or page, is tested by Node, which runs it as it is.
#[test]
fn the_clients_own_tests_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("client/tests");
    let entries = fs::read_dir(&folder).unwrap();
    let tests: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    assert!(!tests.is_empty());
    let node = Command::new("node").arg("--test").args(tests).output();
    let Ok(output) = node else {
        panic!("there is no node: run tests/run, which installs it");
    };
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
}
