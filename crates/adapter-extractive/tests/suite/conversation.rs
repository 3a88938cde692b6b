//! Realistic conversations, and what a summary of each must contain.
//!
//! A file begins with lines of `name: value`: its `language` and `kind`, a `reader`, each `fact` with
//! its name and its possible wordings (`fact pool: exhausted the pool / pool was full`), and what a
//! summary must `never` contain. After an empty line come the messages, `speaker: text`; where a
//! message states a fact, the fact's name follows the speaker's, `marco +pool: text`. A line without a
//! speaker continues the message before it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::port::summariser::{Digest, Line};
use domain::{Seq, Timestamp};

/// One conversation.
#[derive(Default)]
pub(crate) struct Conversation {
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) kind: String,
    pub(crate) reader: Option<String>,
    pub(crate) lines: Vec<Line>,
    facts: BTreeMap<String, Fact>,
    never: Vec<String>,
}

#[derive(Default)]
struct Fact {
    /// Any of these wordings states it.
    wordings: Vec<String>,
    /// The messages that state it.
    seqs: Vec<Seq>,
}

/// What a summary contains of a conversation.
pub(crate) struct Score {
    pub(crate) told: usize,
    pub(crate) facts: usize,
    pub(crate) missing: Vec<String>,
    /// What it contains that it must not.
    pub(crate) chatter: Vec<String>,
}

/// All conversations.
pub(crate) fn conversations() -> Vec<Conversation> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversations");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| Conversation::read(file)).collect()
}

impl Conversation {
    fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap();
        let (head, messages) = text.split_once("\n\n").unwrap();
        let mut conversation = Self {
            name: file.file_stem().unwrap().to_string_lossy().into_owned(),
            ..Self::default()
        };
        head.lines().for_each(|line| conversation.head(line));
        messages.lines().for_each(|line| conversation.message(line));
        for (name, fact) in &conversation.facts {
            assert!(
                !fact.seqs.is_empty(),
                "{}: nobody says {name}",
                conversation.name
            );
        }
        conversation
    }

    fn head(&mut self, line: &str) {
        let (key, value) = line.split_once(": ").unwrap();
        match key.split_once(' ') {
            Some(("fact", name)) => {
                let wordings = value.split(" / ").map(str::to_lowercase).collect();
                let seqs = Vec::new();
                self.facts.insert(name.to_owned(), Fact { wordings, seqs });
            }
            _ if key == "never" => self.never.push(value.to_lowercase()),
            _ if key == "language" => value.clone_into(&mut self.language),
            _ if key == "kind" => value.clone_into(&mut self.kind),
            _ if key == "reader" => self.reader = Some(value.to_owned()),
            _ => panic!("{}: {line}", self.name),
        }
    }

    fn message(&mut self, line: &str) {
        let is_name = |it: &str| !it.contains(['.', '\t']) && it.split(' ').count() <= 2;
        let Some((speaker, text)) = line.split_once(": ").filter(|it| is_name(it.0)) else {
            let last = self.lines.last_mut().unwrap();
            last.text.push('\n');
            last.text.push_str(line);
            return;
        };
        let place = i64::try_from(self.lines.len() + 1).unwrap();
        let seq = Seq::new(place).unwrap();
        let (speaker, fact) = speaker.split_once(" +").unwrap_or((speaker, ""));
        if !fact.is_empty() {
            let fact = self.facts.get_mut(fact);
            let fact = fact.unwrap_or_else(|| panic!("{}: {line}", self.name));
            fact.seqs.push(seq);
        }
        self.lines.push(Line {
            seq,
            speaker: speaker.to_owned(),
            at: Timestamp::from_millis(place * 20_000),
            text: text.to_owned(),
        });
    }

    /// A fact is covered by a bullet that words it and cites a message that states it.
    pub(crate) fn score(&self, digest: &Digest) -> Score {
        let mut missing = Vec::new();
        for (name, fact) in &self.facts {
            let told = digest.bullets.iter().any(|bullet| {
                let text = bullet.text.to_lowercase();
                let worded = fact.wordings.iter().any(|wording| text.contains(wording));
                worded && bullet.seqs.iter().any(|seq| fact.seqs.contains(seq))
            });
            if !told {
                missing.push(name.clone());
            }
        }
        let text = digest
            .bullets
            .iter()
            .map(|bullet| bullet.text.to_lowercase());
        let text = text.collect::<Vec<_>>().join("\n");
        let held = self.never.iter().filter(|it| text.contains(*it));
        Score {
            told: self.facts.len() - missing.len(),
            facts: self.facts.len(),
            missing,
            chatter: held.cloned().collect(),
        }
    }
}
