//! The documents, and what is in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A document.
pub(super) struct Page {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// A piece of a document between two fences.
pub(super) struct Block {
    /// What stands behind the first fence.
    pub(super) kind: String,
    pub(super) text: String,
    /// The line of the first fence.
    pub(super) line: usize,
    /// The last line before it that is not empty.
    pub(super) before: String,
}

/// The folder of everything.
pub(super) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.join("../..").canonicalize().unwrap()
}

/// All documents that people read: those of the root and all beneath docs, examples and deploy.
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
    /// What it is called in a complaint.
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

    /// Its text without what is between fences.
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
