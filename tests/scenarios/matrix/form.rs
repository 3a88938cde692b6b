//! Invalid requests are refused before anything is looked up.

use acceptance::{Client, World, scenarios};

use super::cast::Cast;
use super::stage::Stage;
use super::table::{Request, halves, lines};

scenarios![alone; bad_forms_are_told_before_what_is_stored];

/// An invalid request.
struct Bad {
    section: &'static str,
    request: Request,
    fields: Vec<&'static str>,
}

fn forms() -> Vec<Bad> {
    let mut section = "";
    let mut forms = Vec::new();
    for line in lines(include_str!("forms.txt")) {
        if let Some(heading) = line.strip_prefix('[') {
            section = heading.strip_suffix(']').unwrap();
        } else {
            let (request, fields) = halves(line);
            forms.push(Bad {
                section,
                request,
                fields: fields.split_whitespace().collect(),
            });
        }
    }
    forms
}

/// The requests with a body.
pub(super) fn bodies() -> Vec<Request> {
    let requests = forms().into_iter().map(|bad| bad.request);
    requests.filter(|request| request.body.is_some()).collect()
}

async fn bad_forms_are_told_before_what_is_stored(world: &mut World) {
    let cast = Cast::gather(world).await;
    let stage = Stage::set(world, &cast, "private").await;
    let stranger = cast.get("stranger");
    for bad in forms() {
        let Request { method, path, body } = &bad.request;
        let path = stage.filled(&cast, "stranger", path);
        let asks = async |client: &Client, kind: &str, body: &str| {
            let request = client.request(method.clone(), &path);
            let request = request.header("content-type", kind).body(body.to_owned());
            client.send(request).await
        };
        let body = body.unwrap_or_default();
        let body = stage.filled(&cast, "stranger", body);
        let told = asks(stranger, "application/json", &body).await;
        assert_eq!(told.expect_fields(), bad.fields, "{method} {path} {body}");
        if bad.section != "open" {
            let told = asks(&world.visitor(), "application/json", &body).await;
            told.expect_problem(401, "unauthenticated");
        }
        if body.is_empty() {
            continue;
        }
        for (kind, body, status, code) in [
            ("application/json", "{", 400, "malformed"),
            ("text/plain", body.as_str(), 415, "unsupported_media_type"),
            ("application/json", &large(), 413, "too_large"),
        ] {
            asks(stranger, kind, body)
                .await
                .expect_problem(status, code);
            if bad.section != "open" {
                let told = asks(&world.visitor(), kind, body).await;
                told.expect_problem(401, "unauthenticated");
            }
        }
    }
    assert_eq!(
        stranger.get("/api/auth/me").await.expect(200)["id"],
        stranger.id.as_str()
    );
}

/// A body of more than 256 KiB that is otherwise valid.
fn large() -> String {
    format!("{{\"x\":\"{}\"}}", "x".repeat(256 * 1024))
}
