//! The output of commands, above all of those that fail.

use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance::{Client, PASSWORD, Person};
use serde_json::{Value, json};

use crate::server::{Server, said, tertulia};

/// A command that must fail with this sentence, and without a backtrace.
fn refuses(command: &mut Command, sentence: &str) {
    let output = command.output().unwrap();
    let said = said(&output);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains(sentence), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

fn succeeds(command: &mut Command, sentence: &str) {
    let output = command.output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains(sentence), "{said}");
}

fn migrate(data: &Path) -> Command {
    let mut command = tertulia(data);
    command.arg("migrate");
    command
}

fn doctor(data: &Path) -> Command {
    let mut command = tertulia(data);
    command.arg("doctor");
    command
}

#[test]
fn a_database_is_made_and_found_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    succeeds(&mut doctor(&data), "will be made at the first start");
    assert!(!data.exists(), "looking makes nothing");
    succeeds(&mut migrate(&data), "applied ");
    let again = migrate(&data).output().unwrap();
    assert!(!said(&again).contains("applied "), "{}", said(&again));
    succeeds(&mut doctor(&data), "is up to date");
}

#[tokio::test]
async fn a_database_from_a_backup_makes_clients_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let restored = || {
        let mut command = tertulia(&data);
        command.arg("restored");
        command
    };
    refuses(&mut restored(), "put the backup there first");
    assert!(!data.exists(), "nothing was made");

    let server = Server::start(&data);
    let ana = Person::register(server.client(), "ana").await;
    let room = ana.makes_room("tertulia").await;
    let events = format!("/api/rooms/{room}/events?since=1");
    let before = ana.get(&events).await.expect(200)["epoch"].clone();
    refuses(&mut restored(), "another program uses the database");
    assert!(server.stop().0);

    succeeds(&mut restored(), "has a new epoch");
    let server = Server::start(&data);
    let ana = ana.at(&server.client());
    let epoch = before.as_str().unwrap();
    let told = ana.get(&format!("{events}&epoch={epoch}")).await;
    let told = told.expect(200);
    assert_eq!(told["reset"], true);
    assert_ne!(told["epoch"], before);
}

#[test]
fn a_database_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    refuses(
        &mut tertulia(folder.path()),
        "another program uses the database",
    );
    refuses(
        &mut migrate(folder.path()),
        "another program uses the database",
    );
    succeeds(&mut doctor(folder.path()), "is up to date");
    assert!(server.stop().0);
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tertulia.db");
    let text = "eggs, milk, bread. ".repeat(100);
    fs::write(&path, &text).unwrap();
    refuses(
        &mut tertulia(folder.path()),
        "is not a database of Tertulia",
    );
    refuses(&mut doctor(folder.path()), "is not a database of Tertulia");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    fs::write(&file, "").unwrap();
    refuses(&mut tertulia(&file.join("deeper")), "data");
    refuses(&mut doctor(&file.join("deeper")), "is a file");
}

#[test]
fn a_name_that_no_setting_has_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, value: &str| {
        let mut command = tertulia(folder.path());
        command.env(name, value);
        command
    };
    refuses(
        &mut with("TERTULIA_HTTP__PROT", "80"),
        "TERTULIA_HTTP__PROT",
    );
    refuses(&mut with("PORT", "eighty"), "PORT");
    for (name, value) in [
        ("DATABASE_URL", "postgres://u:hunter2@db:port/x"),
        ("MONGODB_URL", "mongodb://u:hunter2@db:port"),
        ("REDIS_URL", "redis://:hunter2@db:port"),
    ] {
        refuses(&mut with(name, value), name);
        let output = with(name, value).output().unwrap();
        assert!(!said(&output).contains("hunter2"), "{}", said(&output));
    }
    refuses(with("PORT", "eighty").arg("doctor"), "PORT");
    for filter in ["web=loudly", "loud"] {
        refuses(
            with("TERTULIA_LOG__FILTER", filter).arg("doctor"),
            "TERTULIA_LOG__FILTER",
        );
    }
}

#[test]
fn production_needs_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = tertulia(folder.path());
    refuses(command.env("PROFILE", "production"), "JWT_SECRET");
}

#[test]
fn the_copy_of_the_rest_interface_is_what_the_server_says() {
    let folder = tempfile::tempdir().unwrap();
    let printed = tertulia(folder.path()).arg("openapi").output().unwrap();
    assert!(printed.status.success(), "{}", said(&printed));
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    assert!(
        fs::read(kept).unwrap() == printed.stdout,
        "docs/openapi.json is out of date: cargo run -- openapi > docs/openapi.json"
    );
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(Server::start(&data).stop().0);
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for name in ["tertulia.db", "jwt.key"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }

    fs::set_permissions(data.join("jwt.key"), fs::Permissions::from_mode(0o644)).unwrap();
    refuses(&mut tertulia(&data), "jwt.key");
}

fn demo(data: &Path) -> Command {
    let mut command = tertulia(data);
    command.arg("demo");
    command
}

/// Signs in with the address and the password that the demo printed.
async fn sign_in(client: Client, told: &str) -> Client {
    let mut words = told
        .split_whitespace()
        .map(|word| word.trim_end_matches('.'));
    let email = words.find(|word| word.contains('@')).unwrap().to_owned();
    let password = words.skip_while(|word| *word != "password").nth(1).unwrap();
    let body = json!({ "email": email, "password": password });
    let signed_in = client.post("/api/auth/login", body).await.expect(200);
    client.with_token(signed_in["token"].as_str().unwrap())
}

#[tokio::test]
async fn the_demonstration_is_what_one_has_missed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = demo(&data).output().unwrap();
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    refuses(&mut demo(&data), "there is somebody called robin already");

    let server = Server::start(&data);
    let robin = sign_in(server.client(), &told).await;
    let rooms = robin.get("/api/rooms/mine").await.expect(200)["rooms"].clone();
    let rooms = rooms.as_array().unwrap();
    let kinds: Vec<_> = rooms.iter().map(|room| &room["kind"]).collect();
    assert_eq!(
        kinds,
        ["direct", "public", "public", "private"],
        "the latest first"
    );
    for room in rooms {
        assert!(room["membership"]["unread"].as_i64().unwrap() > 0, "{room}");
    }
    let launch = &rooms[1];
    assert_eq!(launch["membership"]["readSeq"], 9);
    assert_eq!(launch["membership"]["mentions"], 2);

    // It was posted over days, not all at once.
    let path = format!(
        "/api/rooms/{}/messages?limit=100",
        launch["id"].as_str().unwrap()
    );
    let messages = robin.get(&path).await.expect(200)["messages"].clone();
    let times: Vec<_> = messages
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["createdAt"])
        .rev()
        .collect();
    let day = |time: &Value| time.as_str().unwrap().split_once('T').unwrap().0.to_owned();
    assert_eq!(times.len(), 51);
    assert!(times.iter().is_sorted_by_key(|time| time.as_str()));
    assert!(day(times[0]) < day(times[50]), "{times:?}");
    // The sessions of the cast have ended.
    let sessions = robin.get("/api/auth/sessions").await.expect(200)["sessions"].clone();
    assert_eq!(sessions.as_array().unwrap().len(), 1);
}

#[test]
fn who_asks_is_told_whether_the_server_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let ask = |port: &str| {
        let mut command = tertulia(folder.path());
        command.arg("ready").env("PORT", port);
        command
    };
    let url = server.client().url().to_owned();
    let port = url.rsplit(':').next().unwrap();
    succeeds(&mut ask(port), r#""status":"ok""#);
    refuses(&mut ask("0"), "where the server listens is unknown");
    drop(server.kill());
    refuses(&mut ask(port), "no server answers at");
}

#[tokio::test]
async fn whoever_lost_their_password_is_given_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let reset = |email: &str| {
        let mut command = tertulia(&data);
        command.args(["reset-password", email]);
        command
    };
    let server = Server::start(&data);
    let ana = Person::register(server.client(), "ana").await;
    refuses(&mut reset(&ana.email), "another program uses the database");
    assert!(server.stop().0);

    refuses(&mut reset("nobody@example.org"), "nobody has the address");
    refuses(&mut reset("ana"), "is no e-mail address");
    let output = reset(&ana.email).output().unwrap();
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    let mut words = told.split_whitespace().skip_while(|word| *word != "with");
    let password = words.nth(1).unwrap();

    let server = Server::start(&data);
    let login = |password: &str| json!({ "email": ana.email, "password": password });
    let client = server.client();
    let old = client.post("/api/auth/login", login(PASSWORD)).await;
    old.expect_problem(401, "bad_credentials");
    client
        .post("/api/auth/login", login(password))
        .await
        .expect(200);
    let before = ana.at(&client).get("/api/users/me").await;
    before.expect_problem(401, "session_revoked");
}
