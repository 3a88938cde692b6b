//! Tests every cell.

use acceptance::{Answer, Client, World, scenarios};
use serde_json::Value;

use super::cast::Cast;
use super::stage::Stage;
use super::table::{Request, Section, answers};

// Each request depends on the ones before, of which another node may not have been notified yet.
scenarios![alone; anywhere, public, private, direct];

async fn anywhere(world: &mut World) {
    play(world, "anywhere").await;
}

async fn public(world: &mut World) {
    play(world, "public").await;
}

async fn private(world: &mut World) {
    play(world, "private").await;
}

async fn direct(world: &mut World) {
    play(world, "direct").await;
}

/// Tests each cell of a section, and reports all that are not as expected.
async fn play(world: &World, section: &str) {
    let section = answers()
        .into_iter()
        .find(|found| found.name == section)
        .unwrap();
    let mut set = Set::new(world, &section).await;
    let mut wrong = Vec::new();
    for row in &section.rows {
        let Request { method, path, body } = &row.request;
        let body = body.unwrap_or_default();
        for (who, expected) in &row.cells {
            let told = set.ask(&row.request, who).await;
            let others = told.into_iter().filter(|told| told != expected);
            wrong.extend(others.map(|told| {
                format!("{method} {path} {body}: {who} was told {told}, not {expected}")
            }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A stage that is in its initial state for each request.
struct Set<'a> {
    world: &'a World,
    section: &'a Section,
    cast: Cast,
    stage: Stage,
}

impl<'a> Set<'a> {
    async fn new(world: &'a World, section: &'a Section) -> Self {
        let cast = Cast::gather(world).await;
        Self {
            world,
            section,
            stage: Stage::set(world, &cast, section.name).await,
            cast,
        }
    }

    /// The responses to a user, one for each client of theirs.
    async fn ask(&mut self, request: &Request, who: &str) -> Vec<String> {
        let ways = self.cast.clients(self.world, who).len();
        let mut told = Vec::with_capacity(ways);
        for way in 0..ways {
            let (client, unknown) = self.cast.clients(self.world, who).swap_remove(way);
            let answer = self.send(&client, request, who).await;
            assert_dressed(&answer);
            told.push(brief(&answer, unknown));
            // A refused request changes nothing; if it did, later responses would differ.
            if answer.status < 300 && changes(request) {
                self.renew(who).await;
            }
        }
        told
    }

    async fn send(&self, client: &Client, request: &Request, who: &str) -> Answer {
        let path = self.stage.filled(&self.cast, who, request.path);
        let body = request.body.map(|body| {
            let body = self.stage.filled(&self.cast, who, body);
            serde_json::from_str(&body).unwrap_or_else(|error| panic!("{body}: {error}"))
        });
        client.ask(request.method.clone(), &path, body).await
    }

    /// Restores the initial stage. The section `anywhere` only needs that if the user's account is gone.
    async fn renew(&mut self, who: &str) {
        if self.section.name == "anywhere" {
            let who = if who == "anonymous" { "member" } else { who };
            let me = self.cast.get(who).get("/api/auth/me").await;
            if me.status == 200 {
                return;
            }
            self.cast = Cast::gather(self.world).await;
        }
        self.stage = Stage::set(self.world, &self.cast, self.section.name).await;
    }
}

/// Asserts what every response must contain.
fn assert_dressed(answer: &Answer) {
    assert!(!answer.header("x-request-id").is_empty());
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let kind = answer.headers.get("content-type");
    let kind = kind.map_or("", |kind| kind.to_str().unwrap());
    // The server's own documents may be cached if they are revalidated.
    if kind.ends_with("json") && !answer.headers.contains_key("etag") {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
    }
    if answer.status >= 400 {
        assert_eq!(kind, "application/problem+json", "{answer:?}");
    }
    if answer.status == 401 {
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{answer:?}");
    }
    if answer.status == 201 && answer.text.contains("\"id\"") {
        assert!(answer.header("location").starts_with("/api/"), "{answer:?}");
    }
}

/// Whether a successful request changes the stage.
fn changes(request: &Request) -> bool {
    request.method != reqwest::Method::GET || request.path.starts_with("/chat/")
}

/// The status, with the code of an error where it is not the usual one, as the table writes it.
fn brief(answer: &Answer, unknown: &str) -> String {
    if answer.status < 400 {
        return answer.status.to_string();
    }
    let problem: Value =
        serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{answer:?}: {error}"));
    let usual = match answer.status {
        401 => unknown,
        403 => "forbidden",
        404 => "not_found",
        409 => "conflict",
        422 => "invalid",
        _ => "",
    };
    match problem["code"].as_str().unwrap() {
        code if code == usual => answer.status.to_string(),
        code => format!("{}:{code}", answer.status),
    }
}
