//! Scenarios that are written in JavaScript.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a scenario of a folder against the servers at these addresses.
pub(crate) async fn play(folder: &Path, scenario: &str, nodes: Vec<String>) {
    let mut node = Command::new("node");
    node.arg("play.mjs")
        .arg(scenario)
        .args(nodes)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || {
        node.output()
            .expect("there is no node: run tests/run, which installs it")
    });
    let output = output.await.unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A folder of scripts with its packages, installed under this name in the target directory. Tests in other
/// processes wait for the first one to install it.
pub(crate) fn installed(source: &str, name: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let mut stale = !folder.join("node_modules/.package-lock.json").exists();
    for entry in fs::read_dir(source).unwrap() {
        let entry = entry.unwrap();
        let (name, text) = (entry.file_name(), fs::read_to_string(entry.path()).unwrap());
        let place = folder.join(&name);
        if !fs::read_to_string(&place).is_ok_and(|present| present == text) {
            stale |= name.to_string_lossy().starts_with("package");
            fs::write(place, text).unwrap();
        }
    }
    if stale {
        let npm = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder)
            .status();
        let npm = npm.expect("there is no npm: run tests/run, which installs it");
        assert!(npm.success(), "npm ci failed in {}", folder.display());
    }
    folder
}
