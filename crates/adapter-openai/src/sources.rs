//! What an answer may refer to.

use std::collections::{BTreeSet, HashSet};

use domain::Seq;
use domain::port::summariser::Material;

use crate::filter::atoms;
use crate::prompt::split;

/// The sequence numbers, links and mentions of the material.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) seqs: BTreeSet<Seq>,
    links: HashSet<String>,
    mentions: HashSet<String>,
}

impl Sources {
    pub(crate) fn of(material: &Material) -> Self {
        let (parts, lines) = split(material);
        let mut sources = Self::default();
        for part in parts {
            sources.read(&part.summary);
            for bullet in &part.bullets {
                sources.seqs.extend(&bullet.seqs);
                sources.read(&bullet.text);
            }
        }
        for line in lines {
            sources.seqs.insert(line.seq);
            sources.read(&line.text);
        }
        sources
    }

    pub(crate) fn has_link(&self, link: &str) -> bool {
        self.links.contains(link)
    }

    pub(crate) fn has_mention(&self, name: &str) -> bool {
        self.mentions.contains(&name.to_ascii_lowercase())
    }

    fn read(&mut self, text: &str) {
        for atom in atoms(text) {
            if let Some(link) = atom.link() {
                self.links.insert(link.to_owned());
            }
            for name in atom.mentions() {
                self.mentions.insert(name.to_ascii_lowercase());
            }
        }
    }
}
