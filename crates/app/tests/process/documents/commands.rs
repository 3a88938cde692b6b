//! The commands in the documents exist.

use std::collections::BTreeSet;
use std::path::Path;

use super::pages::{pages, root};
use crate::server::{said, tertulia};

/// The commands that the binary lists in its help.
fn commands() -> BTreeSet<String> {
    let output = tertulia(Path::new("nowhere"))
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let help = String::from_utf8(output.stdout).unwrap();
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines
        .take_while(|line| !line.trim().is_empty())
        .filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// The words that stand behind one that begins a command.
fn words_after<'t>(text: &'t str, before: &'static str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).map(|after| {
        let end = |c: char| !(c.is_ascii_lowercase() || c == '-');
        after.split(end).next().unwrap_or_default()
    })
}

/// The command of ours that a line starts, after a prompt and variables.
fn typed(line: &str) -> Option<&str> {
    let words = line.trim_start_matches("$ ").split_whitespace();
    let mut words = words.skip_while(|word| word.contains('='));
    (words.next() == Some("tertulia"))
        .then(|| words.next())
        .flatten()
}

#[test]
fn commands_that_the_documents_name_exist() {
    let known = commands();
    assert!(
        known.contains("doctor") && known.contains("import"),
        "{known:?}"
    );
    let mut named = BTreeSet::new();
    for page in pages() {
        let blocks = page.blocks().into_iter();
        let shown = blocks.filter(|block| ["sh", "console"].contains(&&*block.kind));
        let shown: String = shown.map(|block| block.text).collect();
        let found = words_after(&page.text, "`tertulia ")
            .chain(shown.lines().filter_map(typed))
            .chain(words_after(&page.text, "cargo run --release -- "))
            .chain(words_after(&page.text, "cargo run -- "))
            .chain(words_after(&page.text, "cargo run -q -- "));
        for word in found.filter(|word| !word.is_empty() && !word.starts_with('-')) {
            assert!(
                known.contains(word),
                "{}: there is no command {word}",
                page.name()
            );
            named.insert(word.to_owned());
        }
    }
    // And conversely, every command is documented.
    let plain = ["help", "serve"];
    let untold = known.difference(&named);
    let untold: Vec<_> = untold.filter(|name| !plain.contains(&&***name)).collect();
    assert!(untold.is_empty(), "in no document: {untold:?}");
}

#[test]
fn the_readme_lists_all_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for name in commands() {
        let row = format!("| `tertulia {name}");
        let told = readme.contains(&row) || ["help", "serve"].contains(&&*name);
        assert!(told, "README.md has no row for `tertulia {name}`");
    }
}

/// Programs and files of the repository that the documents tell people to use.
#[test]
fn files_that_commands_name_exist() {
    let mut seen = 0;
    for page in pages() {
        let blocks = page.blocks().into_iter();
        for block in blocks.filter(|block| ["sh", "console"].contains(&&*block.kind)) {
            for word in block.text.split_whitespace().filter_map(ours) {
                seen += 1;
                let there = root().join(word).exists();
                assert!(there, "{}:{}: there is no {word}", page.name(), block.line);
            }
        }
    }
    assert!(seen >= 5, "{seen} files were found");
}

/// A word that means a file of the repository.
fn ours(word: &str) -> Option<&str> {
    let word = word.trim_start_matches("./");
    let folders = ["tests/", ".ci/", "deploy/", "examples/", "config/"];
    let mut folders = folders.iter();
    folders
        .any(|folder| word.starts_with(folder))
        .then_some(word)
}
