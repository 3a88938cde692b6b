//! A token that was good until a moment ago.

use acceptance::{World, scenarios, until};

use super::cast::Cast;
use super::stage::Stage;
use super::table::answers;

scenarios![
    with &[("JWT_EXPIRATION", "2")];
    an_expired_token_opens_nothing,
];

async fn an_expired_token_opens_nothing(world: &mut World) {
    let cast = Cast::gather(world).await;
    let stage = Stage::set(world, &cast, "public").await;
    let member = cast.get("member");
    until("the token has expired", async || {
        member.get("/api/auth/me").await.status == 401
    })
    .await;
    let mut tried = 0;
    for row in answers().into_iter().flat_map(|section| section.rows) {
        if !row.cells.contains(&("anonymous", "401")) || row.request.path.contains("{other}") {
            continue;
        }
        let shown = |text| stage.filled(&cast, "member", text);
        let body = row.request.body.map(shown);
        let body = body.map(|body| serde_json::from_str(&body).unwrap());
        let path = shown(row.request.path);
        let answer = member.ask(row.request.method, &path, body).await;
        answer.expect_problem(401, "token_expired");
        tried += 1;
    }
    assert!(tried > 100, "{tried} is not every route");
}
