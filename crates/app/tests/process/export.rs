//! Exporting a person's data, and what remains of an erased account.

use std::path::Path;
use std::process::Command;

use acceptance::{Backends, Browser, PASSWORD, Person};
use serde_json::{Value, json};

use crate::server::{Server, said, tertulia};

type Variables<'a> = [(&'a str, &'a str)];

fn export(data: &Path, variables: &Variables<'_>, whom: &str) -> Command {
    let mut command = tertulia(data);
    command.args(["export", "--user", whom]);
    command.envs(variables.iter().copied());
    command
}

/// The lines of an export.
fn lines(data: &Path, variables: &Variables<'_>, whom: &str) -> Vec<Value> {
    let output = export(data, variables, whom).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

fn of<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

/// So that push notifications are on in every setup.
const PUSH: (&str, &str) = (
    "VAPID_PRIVATE_KEY",
    "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
);

#[tokio::test]
async fn all_that_there_is_of_a_person_is_handed_out() {
    is_handed_out(&[PUSH]).await;
}

#[tokio::test]
async fn servers_hand_it_out_as_well() {
    let backends = Backends::empty();
    let settings = backends.settings();
    let settings = settings.iter().map(|(name, it)| (*name, &**it));
    let variables: Vec<_> = settings.chain([PUSH]).collect();
    is_handed_out(&variables).await;
}

async fn is_handed_out(variables: &Variables<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::with(&data, variables);
    let Story {
        ana,
        ben,
        hers,
        gone,
        loved,
    } = happens_at(&server).await;
    assert!(server.stop().0);

    let told = lines(&data, variables, "ana");
    assert_eq!(
        told,
        lines(&data, variables, &ana.email),
        "by name and by address"
    );
    let account = of(&told, "account")[0];
    assert_eq!(account["email"], ana.email);
    assert_eq!(account["bio"], "plants");
    assert_eq!(
        of(&told, "profile")[0]["document"],
        json!({ "likes": "tea" })
    );
    signed_in_on_one_device(&told);
    let memberships = of(&told, "membership");
    assert_eq!(memberships.len(), 2, "{memberships:?}");
    let cellar = memberships
        .iter()
        .find(|it| it["roomName"] == "cellar")
        .unwrap();
    assert!(cellar["leftAt"].is_string(), "{cellar}");
    let messages = of(&told, "message");
    let mut texts: Vec<_> = messages.iter().map(|it| it["content"].clone()).collect();
    texts.retain(|text| *text != gone["content"]);
    let tombstones = texts.iter().filter(|text| text.is_null()).count();
    assert_eq!(tombstones, 1, "{texts:?}");
    texts.retain(|text| !text.is_null());
    assert_eq!(texts, hers, "in their order, and nobody else's");
    assert_eq!(messages.len(), hers.len() + 2);
    let reactions = of(&told, "reaction");
    assert_eq!(reactions.len(), 1, "{reactions:?}");
    assert_eq!(reactions[0]["messageId"], loved["id"]);
    let all = told.iter().map(Value::to_string).collect::<String>();
    assert!(
        !all.contains("password") && !all.contains(PASSWORD),
        "{all}"
    );
    assert!(
        !all.contains("who is there?") && !all.contains(&ben.email),
        "{all}"
    );
}

/// A device that gets push notifications.
fn signed_in_on_one_device(told: &[Value]) {
    let sessions = of(told, "session");
    assert_eq!(sessions.len(), 1);
    let device = json!({
        "type": "push",
        "sessionId": sessions[0]["id"],
        "service": "203.0.112.7",
        "expiresAt": null,
    });
    assert_eq!(of(told, "push"), [&device]);
}

/// What somebody did, from their own view.
struct Story {
    ana: Person,
    ben: Person,
    /// Her messages in the room that she is in.
    hers: Vec<Value>,
    /// Her messages in the room that she left.
    gone: Value,
    /// The messages that she reacted to.
    loved: Value,
}

async fn happens_at(server: &Server) -> Story {
    let ana = Person::register(server.client(), "ana").await;
    let ben = Person::register(server.client(), "ben").await;
    let room = ana.makes_room("garden").await;
    let left = ben
        .makes(json!({ "name": "cellar", "isPrivate": false }))
        .await;
    ben.joins(&room).await;
    ana.joins(&left).await;
    // More than a page of them, of which some are hers.
    let mut hers = Vec::new();
    for number in 0..620 {
        let who = if number % 60 == 0 { &ana } else { &ben };
        let message = who.posts(&room, &format!("line {number}")).await;
        if number % 60 == 0 {
            hers.push(message["content"].clone());
        }
    }
    let gone = ana.posts(&left, "said before leaving").await;
    let deleted = ana.posts(&left, "taken back").await;
    let path = |message: &Value| format!("/api/messages/{}", message["id"].as_str().unwrap());
    ana.delete(&path(&deleted)).await.expect(200);
    let loved = ben.posts(&room, "who is there?").await;
    let react = |emoji: &str| format!("{}/reactions/{emoji}", path(&loved));
    ana.put(&react("❤️")).await.expect(200);
    ben.put(&react("👍")).await.expect(200);
    ana.delete(&format!("/api/rooms/{left}/leave"))
        .await
        .expect_nothing();
    let profile = json!({ "bio": "plants", "profile": { "likes": "tea" } });
    ana.patch("/api/users/me", profile).await.expect(200);
    let mut device = Browser::start().subscription();
    device["endpoint"] = json!("https://203.0.112.7/for-her-browser");
    ana.ask(
        "PUT".parse().unwrap(),
        "/api/push/subscription",
        Some(device),
    )
    .await
    .expect_nothing();
    Story {
        ana,
        ben,
        hers,
        gone,
        loved,
    }
}

#[tokio::test]
async fn nobody_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Server::start(folder.path()).stop().0);
    for whom in [
        "nobody",
        "nobody@example.org",
        "!",
        "0190f5a0-0000-7000-8000-000000000000",
    ] {
        let output = export(folder.path(), &[], whom).output().unwrap();
        let told = said(&output);
        assert!(!output.status.success(), "{told}");
        assert!(told.contains("nobody is called"), "{told}");
    }
}

#[test]
fn where_no_server_was_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut reset = tertulia(&data);
    reset.args(["reset-password", "ana@example.org"]);
    for mut command in [export(&data, &[], "ana"), reset] {
        let output = command.output().unwrap();
        let told = said(&output);
        assert!(!output.status.success(), "{told}");
        assert!(told.contains("set DATA_DIR to its data folder"), "{told}");
        assert!(!data.exists());
    }
}

/// What the documents promise of erasing: identity is removed, messages stay without a name.
#[tokio::test]
async fn of_who_is_erased_nothing_tells_who_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let ana = Person::register(server.client(), "ana").await;
    let ben = Person::register(server.client(), "ben").await;
    let room = ben.makes_room("garden").await;
    ana.joins(&room).await;
    let said_once = ana.posts(&room, "I was here").await;
    let id = said_once["sender"]["id"].as_str().unwrap().to_owned();
    let profile =
        json!({ "bio": "plants", "displayName": "Ana Lima", "profile": { "likes": "tea" } });
    ana.patch("/api/users/me", profile).await.expect(200);
    let path = "/api/users/me";
    let password = Some(json!({ "password": PASSWORD }));
    ana.ask("DELETE".parse().unwrap(), path, password)
        .await
        .expect_nothing();
    let seen = ben.sees(&room).await;
    assert!(!seen.to_string().contains("Ana Lima"), "{seen}");
    assert!(server.stop().0);

    let nobody = export(&data, &[], "ana").output().unwrap();
    assert!(!nobody.status.success(), "nobody has the name any more");
    let told = lines(&data, &[], &id);
    let account = of(&told, "account")[0];
    assert_eq!(account["displayName"], "deleted user");
    for field in ["email", "bio", "avatarMediaId"] {
        assert_eq!(account[field], Value::Null, "{account}");
    }
    assert!(account["erasedAt"].is_string(), "{account}");
    for kind in ["profile", "session", "block"] {
        assert!(of(&told, kind).is_empty(), "{told:?}");
    }
    assert!(
        of(&told, "membership")
            .iter()
            .all(|it| it["leftAt"].is_string())
    );
    assert_eq!(of(&told, "message")[0]["content"], "I was here");
    let all = told.iter().map(Value::to_string).collect::<String>();
    for word in ["Ana Lima", "tea", "plants", ana.email.as_str()] {
        assert!(!all.contains(word), "{word} in {all}");
    }
}
