//! Checks the server against its OpenAPI document: Schemathesis generates requests that it allows, and some
//! that it forbids.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use acceptance::{PASSWORD, Person, World, in_world};
use serde_json::json;
use tempfile::TempDir;

in_world![embedded with super::SETTINGS; the_server_is_as_its_document_says];
in_world![production with super::SETTINGS; the_server_is_as_its_document_says];

/// Enables the admin API. The prober gets no token for it: it would make the server call foreign hosts.
const SETTINGS: &[(&str, &str)] = &[("ADMIN_TOKEN", "a token that the prober does not have")];

/// The prober's settings.
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis");
/// The password of the user whose requests are probed.
const OWN_PASSWORD: &str = "a password of her own";

async fn the_server_is_as_its_document_says(world: &mut World) {
    let known = Known::of(world).await;
    let url = world.visitor().url().to_owned();
    let probed = tokio::task::spawn_blocking(move || known.probe(&url));
    let output = probed.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}

/// What exists in the world, so that not every id in a request is unknown.
struct Known {
    asker: Person,
    folder: TempDir,
}

impl Known {
    /// A user who owns one room, is a member of others, and not of another one; and the messages there.
    async fn of(world: &World) -> Self {
        let (ana, ben) = (world.person("ana").await, world.person("ben").await);
        let own = ana.makes_room("tertulia").await;
        let private = json!({ "name": "upstairs", "isPrivate": true });
        let private = ana.makes(private).await;
        let of_another = ben.makes_room("downstairs").await;
        let strange = ben.makes_room("elsewhere").await;
        ben.joins(&own).await;
        ana.joins(&of_another).await;
        let chat = json!({ "participantIds": [ben.id] });
        let direct = ana.post("/api/chat", chat).await.expect(201);
        let direct = direct["id"].as_str().unwrap().to_owned();

        let mut messages = Vec::new();
        for room in [&own, &of_another, &direct] {
            for who in [&ana, &ben] {
                let message = who.posts(room, "Hi @ana and @ben").await;
                messages.push(message["id"].as_str().unwrap().to_owned());
            }
        }
        let invites = format!("/api/rooms/{private}/invites");
        let invite = ana.post(&invites, json!({})).await.expect(201);
        let code = invite["code"].as_str().unwrap().to_owned();

        // The document's examples contain the tests' usual password, also for erasing an account.
        let change = json!({ "current": PASSWORD, "new": OWN_PASSWORD });
        let changed = ana.post("/api/auth/password", change).await;
        changed.expect_nothing();

        let folder = tempfile::tempdir().unwrap();
        let config = Path::new(HERE).join("schemathesis.toml");
        fs::copy(config, folder.path().join("schemathesis.toml")).unwrap();
        let known = Self { asker: ana, folder };
        known.note("rooms", &[own, private, of_another, strange, direct]);
        known.note("messages", &messages);
        known.note("people", &[known.asker.id.clone(), ben.id]);
        known.note("codes", &[code]);
        known
    }

    /// Writes a list to where the prober reads it.
    fn note(&self, name: &str, values: &[String]) {
        let lines: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        fs::write(self.folder.path().join(name), lines.join("\n")).unwrap();
    }

    fn probe(&self, url: &str) -> Output {
        Command::new(program())
            .args(["--config-file", "schemathesis.toml"])
            .args(["run", &format!("{url}/openapi.json")])
            .current_dir(self.folder.path())
            .env("ASKER", &self.asker.email)
            .env("PASSWORD", OWN_PASSWORD)
            .output()
            .unwrap()
    }
}

/// The path where `tests/run` installs Schemathesis.
fn program() -> PathBuf {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from);
    let cache = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")));
    let program = cache
        .unwrap_or_default()
        .join("tertulia/schemathesis/bin/schemathesis");
    assert!(
        program.is_file(),
        "there is no Schemathesis here: run tests/run, which installs it"
    );
    program
}
