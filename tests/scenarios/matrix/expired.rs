//! A token that has just expired.

use acceptance::{World, scenarios, until};
use uuid::Uuid;

use super::table::answers;

scenarios![
    with &[("JWT_EXPIRATION", "1")];
    an_expired_token_opens_nothing,
];

/// Tokens are checked before anything else, so the ids in the paths need not exist.
async fn an_expired_token_opens_nothing(world: &mut World) {
    let ana = world.person("ana").await;
    until("the token has expired", async || {
        ana.get("/api/auth/me").await.status == 401
    })
    .await;
    let mut tried = 0;
    for row in answers().into_iter().flat_map(|section| section.rows) {
        if row.cells.contains(&("anonymous", "401")) {
            let body = row.request.body.map(|body| {
                let body = serde_json::from_str(body);
                body.unwrap_or_else(|error| panic!("{}: {error}", row.request.path))
            });
            let path = with_something(row.request.path);
            let answer = ana.ask(row.request.method, &path, body).await;
            answer.expect_problem(401, "token_expired");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried} is not every route");
}

/// A path with an unknown id in place of each parameter.
fn with_something(path: &str) -> String {
    let mut pieces = path.split('{');
    let mut whole = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (_name, rest) = piece.split_once('}').unwrap();
        whole += &Uuid::now_v7().to_string();
        whole += rest;
    }
    whole
}
