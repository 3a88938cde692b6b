//! The documents and their contents.

use std::fs;
use std::path::{Path, PathBuf};

/// A document.
pub(super) struct Page {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// A fenced block.
pub(super) struct Block {
    /// The info string of the fence.
    pub(super) kind: String,
    pub(super) text: String,
    /// The line of the first fence.
    pub(super) line: usize,
    /// The last line before it that is not empty.
    pub(super) before: String,
}

/// The root of the repository.
pub(super) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.join("../..").canonicalize().unwrap()
}

/// All documents: those in the root, and all below docs, examples and deploy.
pub(super) fn pages() -> Vec<Page> {
    let mut paths = markdown(&root());
    for folder in ["docs", "docs/decisions", "examples", "deploy/kubernetes"] {
        paths.extend(markdown(&root().join(folder)));
    }
    paths.sort();
    let read = |path: PathBuf| Page {
        text: fs::read_to_string(&path).unwrap(),
        path,
    };
    paths.into_iter().map(read).collect()
}

fn markdown(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let pages = entries.filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    pages.collect()
}

impl Page {
    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        let path = self.path.strip_prefix(root()).unwrap();
        path.display().to_string()
    }

    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let (mut open, mut before) = (false, String::new());
        for (number, line) in self.text.lines().enumerate() {
            match (line.strip_prefix("```"), open) {
                (Some(_), true) => open = false,
                (Some(kind), false) => {
                    open = true;
                    blocks.push(Block {
                        kind: kind.to_owned(),
                        text: String::new(),
                        line: number + 1,
                        before: before.clone(),
                    });
                }
                (None, true) => {
                    let block = blocks.last_mut().unwrap();
                    block.text += line;
                    block.text.push('\n');
                }
                (None, false) if line.trim().is_empty() => {}
                (None, false) => line.clone_into(&mut before),
            }
        }
        assert!(!open, "{} ends within a block", self.name());
        blocks
    }

    /// Its text without the fenced blocks.
    pub(super) fn prose(&self) -> String {
        let mut open = false;
        let mut prose = String::new();
        for line in self.text.lines() {
            if line.starts_with("```") {
                open = !open;
            } else if !open {
                prose += line;
                prose.push('\n');
            }
        }
        prose
    }
}
