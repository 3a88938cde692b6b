//! Where imports go.

use std::path::Path;
use std::process::{Command, Output};

use acceptance::{Backends, Client};
use serde_json::json;

use crate::server::{Server, said, tertulia};

/// The target of an import: a data folder, and possibly servers.
pub(super) struct Place {
    pub(super) folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Place {
    pub(super) fn embedded() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    pub(super) fn with_servers(backends: &Backends) -> Self {
        Self {
            variables: backends.settings().to_vec(),
            ..Self::embedded()
        }
    }

    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = tertulia(&self.folder.path().join("data"));
        let variables = self.variables.iter().map(|(name, value)| (*name, value));
        command.envs(variables).args(words);
        command
    }

    pub(super) fn import(&self, from: &Path) -> Command {
        self.command(&["import", "slack", from.to_str().unwrap()])
    }

    pub(super) fn brings(&self, from: &Path) -> String {
        succeeds(&self.import(from).output().unwrap())
    }

    /// An imported user, signed in with a password that was reset.
    pub(super) async fn sign_in(&self, email: &str) -> (Server, Client) {
        let told = succeeds(&self.command(&["reset-password", email]).output().unwrap());
        let mut password = told.split_whitespace().skip_while(|word| *word != "with");
        let credentials = json!({ "email": email, "password": password.nth(1).unwrap() });
        let variables: Vec<_> = self
            .variables
            .iter()
            .map(|(name, it)| (*name, &**it))
            .collect();
        let server = Server::with(&self.folder.path().join("data"), &variables);
        let client = server.client();
        let signed_in = client.post("/api/auth/login", credentials).await;
        let signed_in = signed_in.expect(200);
        let client = client.with_token(signed_in["token"].as_str().unwrap());
        (server, client)
    }
}

fn succeeds(output: &Output) -> String {
    let told = said(output);
    assert!(output.status.success(), "{told}");
    told
}
