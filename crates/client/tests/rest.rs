//! REST, against a scripted server.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod stage;

use serde_json::json;
use stage::{Stage, message, problem, room};
use tertulia_client::rest::{SummaryQuery, SummarySince, SummaryStyle};
use tertulia_client::{Draft, Error, ErrorCode, Server, SummaryPiece, Upload, Uuid};

#[tokio::test]
async fn a_wrong_password_is_a_problem_with_its_code() {
    let stage = Stage::new().await;
    let server = Server::at(&stage.url()).unwrap();
    let refusal = problem(401, "bad_credentials");
    let (entered, body) = tokio::join!(
        server.login("ana", "wrong"),
        stage.answers("POST /api/auth/login", 401, refusal)
    );
    let Err(Error::Refused(problem)) = entered else {
        panic!("she is in")
    };
    assert_eq!(
        (problem.code, problem.status),
        (ErrorCode::BadCredentials, Some(401))
    );
    assert_eq!(problem.request_id.as_deref(), Some("r1"));
    assert_eq!(body["email"], "ana");
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_all() {
    let stage = Stage::new().await;
    let account = stage.account();
    let asking = async {
        let (a, b) = tokio::join!(account.message(room()), account.message(room()));
        (a.unwrap(), b.unwrap())
    };
    let serving = async {
        for _ in 0..2 {
            let path = format!("GET /api/messages/{}", room());
            stage
                .answers(&path, 401, problem(401, "token_expired"))
                .await;
        }
        stage.renews("first", "second").await;
        for _ in 0..2 {
            let path = format!("GET /api/messages/{}", room());
            stage.answers(&path, 200, message()).await;
        }
    };
    let ((a, b), ()) = tokio::join!(asking, serving);
    assert_eq!(a, b);
}

#[tokio::test]
async fn what_may_be_repeated_is_repeated_under_the_same_name() {
    let stage = Stage::new().await;
    let account = stage.account();
    let path = format!("POST /api/rooms/{}/messages", room());
    let serving = async {
        let first = stage.answers(&path, 503, problem(503, "unavailable")).await;
        let second = stage.answers(&path, 502, json!("a proxy's page")).await;
        let third = stage.breaks(&path).await;
        let last = stage.answers(&path, 201, message()).await;
        for other in [second, third, last] {
            assert_eq!(other["clientId"], first["clientId"]);
        }
    };
    let (said, ()) = tokio::join!(account.post(room(), Draft::text("once")), serving);
    assert_eq!(said.unwrap().content.as_deref(), Some("once"));
}

#[tokio::test]
async fn what_may_not_be_repeated_is_not() {
    let stage = Stage::new().await;
    let account = stage.account();
    let garden = tertulia_client::room("garden");
    let (made, _) = tokio::join!(
        account.create_room(&garden),
        stage.breaks("POST /api/rooms")
    );
    assert!(matches!(made, Err(Error::Unreachable(_))), "{made:?}");
    let strange = json!("no problem of ours");
    let (made, _) = tokio::join!(
        account.create_room(&garden),
        stage.answers("POST /api/rooms", 418, strange)
    );
    assert!(matches!(made, Err(Error::Stranger(418))), "{made:?}");
    let (made, _) = tokio::join!(
        account.create_room(&garden),
        stage.answers("POST /api/rooms", 201, json!({ "id": 7 }))
    );
    assert!(matches!(made, Err(Error::Unreadable(_))), "{made:?}");
}

#[tokio::test]
async fn pieces_of_paths_are_written_so_that_they_stay_pieces() {
    let stage = Stage::new().await;
    let account = stage.account();
    let path = format!(
        "PUT /api/messages/{}/reactions/a%2Fb%3F%F0%9F%8C%B1",
        room()
    );
    let (reacted, _) = tokio::join!(
        account.react(room(), "a/b?🌱", true),
        stage.answers(&path, 200, message())
    );
    reacted.unwrap();
}

#[tokio::test]
async fn files_travel_in_a_form() {
    let stage = Stage::new().await;
    let account = stage.account();
    let file = json!({
        "id": room(), "ownerId": room(), "fileName": "plan.txt", "contentType": "text/plain", "size": 10,
        "status": "ready", "url": "/api/media/1"
    });
    let path = format!("POST /api/media?roomId={}", room());
    let upload = Upload::new("plan.txt", &b"three rows"[..]);
    let (media, form) = tokio::join!(
        account.upload(Some(room()), upload),
        stage.answers(&path, 201, file)
    );
    assert_eq!(media.unwrap().file_name, "plan.txt");
    let form = form.as_str().unwrap();
    for piece in [
        "filename=\"plan.txt\"",
        "name=\"file\"",
        "\r\n\r\nthree rows\r\n",
    ] {
        assert!(form.contains(piece), "{form}");
    }
}

#[tokio::test]
async fn a_summary_comes_in_pieces() {
    let stage = Stage::new().await;
    let account = stage.account();
    let whole = json!({
        "summary": "Beans.", "bullets": [], "fromSeq": 1, "toSeq": 2, "messageCount": 2,
        "participants": [], "model": "extractive", "cached": false, "degraded": false,
        "generatedAt": "2026-01-02T03:04:05.678Z"
    });
    let events = format!(
        ": alive\n\nevent: delta\ndata: {{\"text\":\"Bea\"}}\n\nevent: done\ndata: {whole}\n\n"
    );
    let path = format!("GET /api/rooms/{}/summary?since=3&style=brief", room());
    let ask = SummaryQuery {
        since: SummarySince::Place(3),
        style: SummaryStyle::Brief,
    };
    let (stream, ()) = tokio::join!(
        account.summary_stream(room(), ask),
        stage.streams(&path, &events)
    );
    let mut stream = stream.unwrap();
    let part = stream.next().await.unwrap();
    assert_eq!(part, Some(SummaryPiece::Part("Bea".into())));
    let Some(SummaryPiece::Whole(summary)) = stream.next().await.unwrap() else {
        panic!("it is whole");
    };
    assert_eq!(summary.summary, "Beans.");
    assert_eq!(stream.next().await.unwrap(), None);
}

#[test]
fn not_every_text_is_an_address() {
    for text in [
        "",
        "localhost:3000",
        "ftp://example.org",
        "data:text/plain,x",
    ] {
        assert!(matches!(Server::at(text), Err(Error::Address(_))), "{text}");
    }
    assert!(Server::at("http://localhost:3000/").is_ok());
}

#[test]
fn drafts_are_what_they_are_told_to_be() {
    let id = Uuid::nil();
    let draft = Draft::text("yes").answering(id).named(id);
    assert_eq!((draft.reply_to, draft.client_id), (Some(id), Some(id)));
}
