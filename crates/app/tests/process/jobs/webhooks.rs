//! Managing webhooks by commands, while the server is down.

use std::path::Path;
use std::time::Duration;

use acceptance::{Receiver, within};
use serde_json::{Value, json};

use crate::server::{Server, said, tertulia};

const TOKEN: &str = "a token of two and thirty bytes!";
/// A server that comes back waits up to a minute for another's lease on a webhook, and a machine
/// may be busy.
const PATIENCE: Duration = Duration::from_secs(150);
const NOBODY: &str = "0198c5de-0000-7000-8000-000000000000";

fn start(data: &Path) -> Server {
    Server::with(
        data,
        &[
            ("ADMIN_TOKEN", TOKEN),
            ("WEBHOOKS_ALLOW_PRIVATE", "true"),
            ("TERTULIA_JOBS__RETRY_FIRST", "1s"),
            ("TERTULIA_JOBS__TRIES", "1"),
        ],
    )
}

/// The output of a command that must succeed or fail.
fn ask(data: &Path, arguments: &[&str], well: bool) -> String {
    let mut command = tertulia(data);
    let output = command.arg("webhooks").args(arguments).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.success(), well, "{arguments:?}: {said}");
    said
}

#[tokio::test]
async fn what_was_given_up_is_seen_and_told_once_more() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let receiver = Receiver::start();
    receiver.answers(500);
    let server = start(data);
    let admin = server.client().with_token(TOKEN);
    let form = json!({ "url": receiver.url(), "events": ["room.*"] });
    let hook = admin.post("/api/admin/webhooks", form).await.expect(201);
    let hook = hook["id"].as_str().unwrap().to_owned();
    let ana = acceptance::Person::register(server.client(), "ana").await;
    let garden = ana.makes_room("garden").await;
    let log = format!("/api/admin/webhooks/{hook}/deliveries?state=dead");
    let dead = async || {
        let page = admin.get(&log).await.expect(200);
        page["deliveries"].get(0).cloned()
    };
    let given_up = within(PATIENCE, async || dead().await.is_some()).await;
    assert!(given_up.is_some(), "it goes on");
    let event = dead().await.unwrap()["id"].as_str().unwrap().to_owned();
    assert!(server.stop().0);

    let all = ask(data, &["list"], true);
    assert!(
        all.contains(&hook) && all.contains("failing since"),
        "{all}"
    );
    let log = ask(data, &["log", &hook, "--state", "dead"], true);
    assert!(
        log.contains(&event) && log.contains("it answered 500"),
        "{log}"
    );
    let none = ask(data, &["log", &hook, "--state", "delivered"], true);
    assert!(none.contains("there is nothing of this"), "{none}");
    let unknown = ask(data, &["replay", &hook, NOBODY], false);
    assert!(unknown.contains("nothing of that id"), "{unknown}");
    let unknown = ask(data, &["log", NOBODY], false);
    assert!(unknown.contains("no webhook of that id"), "{unknown}");
    ask(data, &["replay", &hook], false);
    let again = ask(data, &["replay", &hook, "--dead"], true);
    assert!(again.contains("1 will be told once more"), "{again}");

    receiver.answers(204);
    let server = start(data);
    let told = |told: &Value| told["room"]["id"] == json!(garden);
    let taken = within(PATIENCE, async || {
        let calls = receiver.calls();
        calls
            .iter()
            .any(|call| call.status == 204 && told(&call.json()))
    });
    assert!(taken.await.is_some(), "it is not told");
    assert!(server.stop().0);
}
