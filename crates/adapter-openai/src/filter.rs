//! Removes from an answer the links and mentions that the model made up.
//!
//! An answer is written by a model that has read whatever users wrote. A made-up link would be clicked,
//! and a made-up mention would notify somebody.

use std::sync::Arc;

use crate::sources::Sources;

/// Replaces a link that nobody sent.
const LINKLESS: &str = "…";

/// Separators: neither a link nor a name extends across one.
fn parts(letter: char) -> bool {
    !letter.is_ascii_graphic() || "()[]{}<>\"'`|\\*,;".contains(letter)
}

/// A piece of a text without any separator in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Atom<'t>(&'t str);

/// The atoms of a text.
pub(crate) fn atoms(text: &str) -> impl Iterator<Item = Atom<'_>> {
    text.split(parts).filter(|it| !it.is_empty()).map(Atom)
}

impl<'t> Atom<'t> {
    /// The link, if it is one.
    pub(crate) fn link(self) -> Option<&'t str> {
        const SCHEMES: [&str; 3] = ["mailto:", "data:", "tel:"];
        let lower = self.0.to_ascii_lowercase();
        let links = lower.contains("://")
            || lower.contains("www.")
            || lower.contains("javascript:")
            || SCHEMES.iter().any(|scheme| leads(&lower, scheme))
            || is_bare(&lower);
        links.then(|| self.0.trim_end_matches(['.', ':', '!', '?', '~', '_']))
    }

    /// The names after each `@` in it.
    pub(crate) fn mentions(self) -> impl Iterator<Item = &'t str> {
        self.0.split('@').skip(1).map(name)
    }
}

/// Whether the text contains the scheme with something after it: "the data:" is no link.
fn leads(text: &str, scheme: &str) -> bool {
    text.split_once(scheme)
        .is_some_and(|(_, rest)| rest.contains(|it: char| it.is_ascii_alphanumeric()))
}

/// The username at the start of a text.
fn name(text: &str) -> &str {
    let end = text
        .find(|it: char| !it.is_ascii_alphanumeric() && !"_.-".contains(it))
        .unwrap_or(text.len());
    text.get(..end)
        .unwrap_or_default()
        .trim_end_matches(['.', '-'])
}

/// `evil.example/path`, which some clients turn into a link.
fn is_bare(text: &str) -> bool {
    text.split_once('/').is_some_and(|(host, _)| {
        let last = host.rsplit('.').next().unwrap_or_default();
        host.contains('.') && last.len() > 1 && last.chars().all(|it| it.is_ascii_alphabetic())
    })
}

/// Passes a text on as it arrives, without the links and mentions that are not in the sources.
pub(crate) struct Filter {
    sources: Arc<Sources>,
    /// What may still become a link or a name, with the space before it: the text must not end in one.
    held: String,
    /// How many characters may still pass.
    room: usize,
    began: bool,
}

impl Filter {
    pub(crate) fn new(sources: &Arc<Sources>, room: usize) -> Self {
        Self {
            sources: Arc::clone(sources),
            held: String::new(),
            room,
            began: false,
        }
    }

    /// Filters a whole text at once.
    pub(crate) fn whole(sources: &Arc<Sources>, text: &str, room: usize) -> String {
        let mut filter = Self::new(sources, room);
        let mut passed = filter.push(text);
        passed.push_str(&filter.finish());
        passed
    }

    /// Takes more text; returns what can be passed on by now.
    pub(crate) fn push(&mut self, more: &str) -> String {
        self.held.extend(more.chars().filter_map(shown));
        let atom = self.held.rfind(parts).map_or(0, |at| after(&self.held, at));
        let before = self.held.get(..atom).unwrap_or_default();
        let end = before.trim_end().len();
        let rest = self.held.split_off(end);
        let ready = std::mem::replace(&mut self.held, rest);
        self.pass(&ready)
    }

    /// Returns the rest.
    pub(crate) fn finish(&mut self) -> String {
        let rest = std::mem::take(&mut self.held);
        self.pass(rest.trim_end())
    }

    fn pass(&mut self, text: &str) -> String {
        let text = if self.began { text } else { text.trim_start() };
        self.began |= !text.is_empty();
        let mut passed = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(parts).unwrap_or(rest.len());
            let (atom, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            passed.push_str(&self.checked(atom));
            let next = tail.char_indices().nth(1).map_or(tail.len(), |it| it.0);
            let (between, tail) = tail.split_at_checked(next).unwrap_or((tail, ""));
            passed.push_str(between);
            rest = tail;
        }
        let passed: String = passed.chars().take(self.room).collect();
        self.room -= passed.chars().count();
        passed
    }

    fn checked(&self, text: &str) -> String {
        let atom = Atom(text);
        if let Some(link) = atom.link() {
            if self.sources.has_link(link) {
                return text.to_owned();
            }
            let rest = text.strip_prefix(link).unwrap_or_default();
            return format!("{LINKLESS}{rest}");
        }
        let mut pieces = text.split('@');
        let mut checked = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            if self.sources.has_mention(name(piece)) {
                checked.push('@');
            }
            checked.push_str(piece);
        }
        checked
    }
}

fn after(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.chars().next().map_or(0, char::len_utf8)
}

/// Drops invisible characters that would reorder the text around them.
fn shown(letter: char) -> Option<char> {
    let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    match letter {
        '\n' => Some('\n'),
        '\t' | '\r' => Some(' '),
        _ if turns || letter.is_control() => None,
        _ => Some(letter),
    }
}

#[cfg(test)]
mod tests {
    use domain::port::summariser::{Line, Material};
    use domain::{Seq, Timestamp};
    use proptest::prelude::*;

    use super::*;

    fn sources(text: &str) -> Arc<Sources> {
        let line = Line {
            seq: Seq::ZERO,
            speaker: "ana".to_owned(),
            at: Timestamp::from_millis(0),
            text: text.to_owned(),
        };
        Arc::new(Sources::of(&Material::Lines(vec![line])))
    }

    fn filtered(said: &str, answer: &str) -> String {
        Filter::whole(&sources(said), answer, 10_000)
    }

    #[test]
    fn links_that_were_sent_pass_and_others_do_not() {
        let said = "see https://a.example/x?y=1, and (www.b.example)";
        for kept in [
            "Ana: https://a.example/x?y=1.",
            "[here](https://a.example/x?y=1)",
            "www.b.example!",
            "4.1 and/or e.g. src/main.rs",
            "all of the data: it is tel: 5",
        ] {
            assert_eq!(filtered(said, kept), kept);
        }
        for (answer, expected) in [
            ("go to https://evil.example/x now", "go to … now"),
            ("[here](https://a.example/)", "[here](…)"),
            ("JAVASCRIPT:alert(1)", "…(1)"),
            ("javascript:(alert)(1)", "…:(alert)(1)"),
            ("data:text/html,x", "…,x"),
            ("evil.example/path.", "…."),
            ("请看https://evil.example。", "请看…。"),
            ("https://a.example/x?y=12", "…"),
        ] {
            assert_eq!(filtered(said, answer), expected);
        }
    }

    #[test]
    fn mentions_that_were_made_pass_and_others_are_names() {
        assert_eq!(filtered("hi @Ana.", "@ana, @ben: @all"), "@ana, ben: all");
    }

    #[test]
    fn nothing_turns_the_text_around() {
        assert_eq!(filtered("", "a\u{202e}b\u{0}c\n\nd"), "abc\n\nd");
    }

    #[test]
    fn there_is_an_end() {
        assert_eq!(Filter::whole(&sources(""), "один два", 6), "один д");
    }

    proptest! {
        #[test]
        fn however_it_comes_the_same_passes(
            text in "[a-c@:/. \n語«é)]{0,40}(https://x\\.y/[a-b]{0,2})?[ @a-b]{0,9}",
            at in 0..60usize,
        ) {
            let sources = sources("@a https://x.y/a");
            let begin: String = text.chars().take(at).collect();
            let end: String = text.chars().skip(at).collect();
            let mut filter = Filter::new(&sources, 1_000);
            let mut passed = filter.push(&begin);
            passed.push_str(&filter.push(&end));
            passed.push_str(&filter.finish());
            prop_assert_eq!(passed, Filter::whole(&sources, &text, 1_000));
        }
    }
}
