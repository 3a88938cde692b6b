//! A parsed message, or a bullet of an earlier summary.

use domain::Seq;
use domain::port::summariser::{Bullet, Line};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::lexicon::Lexicon;
use crate::plain::{is_link, paragraphs};
use crate::script::{is_digit, is_plain, is_unspaced};
use crate::sentence::{asks, sentences};
use crate::signs::{Sign, Signs};
use crate::vocabulary::{Term, Vocabulary};

/// A parsed message or bullet.
pub(crate) struct Saying<'a> {
    /// The sequence numbers of its messages.
    pub(crate) seqs: Vec<Seq>,
    /// The author; empty if the text names them itself.
    pub(crate) speaker: &'a str,
    /// Whether it is a bullet of an earlier summary, whose wording is kept.
    pub(crate) told: bool,
    pub(crate) sentences: Vec<Sentence>,
    /// The signs of all its sentences that are not small talk.
    pub(crate) signs: Signs,
    /// Whether it is addressed to the reader of the summary.
    pub(crate) to_reader: bool,
    /// The number of words, without small talk.
    pub(crate) words: usize,
}

/// One sentence of a message.
pub(crate) struct Sentence {
    pub(crate) text: String,
    pub(crate) terms: Vec<Term>,
    pub(crate) signs: Signs,
    pub(crate) words: usize,
}

/// Parses messages, and learns their vocabulary.
pub(crate) struct Reader<'r> {
    pub(crate) lexicon: &'static Lexicon,
    pub(crate) vocabulary: Vocabulary,
    name: Option<&'r str>,
}

impl<'r> Reader<'r> {
    /// Marks messages that are addressed to the user with this name.
    pub(crate) fn new(name: Option<&'r str>) -> Self {
        Self {
            lexicon: Lexicon::get(),
            vocabulary: Vocabulary::default(),
            name,
        }
    }

    pub(crate) fn line<'a>(&mut self, line: &'a Line) -> Saying<'a> {
        self.saying(vec![line.seq], line.speaker.trim(), &line.text)
    }

    pub(crate) fn bullet<'a>(&mut self, bullet: &Bullet) -> Saying<'a> {
        let mut saying = self.saying(bullet.seqs.clone(), "", &bullet.text);
        saying.told = true;
        saying
    }

    fn saying<'a>(&mut self, seqs: Vec<Seq>, speaker: &'a str, text: &str) -> Saying<'a> {
        let paragraphs = paragraphs(text);
        let read = paragraphs.iter().flat_map(|paragraph| sentences(paragraph));
        let sentences: Vec<Sentence> = read.map(|text| self.sentence(text)).collect();
        let full = |it: &&Sentence| !it.signs.has(Sign::Chatter);
        let mut signs = sentences
            .iter()
            .filter(full)
            .fold(Signs::default(), |all, it| all | it.signs);
        if sentences.iter().all(|it| it.signs.has(Sign::Chatter)) {
            signs.add(Sign::Chatter);
            if sentences.iter().any(|it| it.signs.has(Sign::Yes)) {
                signs.add(Sign::Yes);
            }
        }
        Saying {
            seqs,
            speaker,
            told: false,
            words: sentences.iter().filter(full).map(|it| it.words).sum(),
            to_reader: self.name.is_some_and(|name| addresses(text, name)),
            sentences,
            signs,
        }
    }

    fn sentence(&mut self, text: &str) -> Sentence {
        let lower = text.to_lowercase();
        let words = words(&lower);
        let mut signs = self.lexicon.signs(&words, &lower);
        if asks(text) {
            signs.add(Sign::Question);
        }
        if text.split_whitespace().any(is_link) {
            signs.add(Sign::Link);
        }
        if words.iter().any(|word| word.contains(is_digit)) {
            signs.add(Sign::Figure);
        }
        if text.split_whitespace().any(is_time) {
            signs.add(Sign::Time);
        }
        let (empty, agrees) = self.lexicon.emptiness(&words, &lower);
        if empty && !signs.has_any(&[Sign::Figure, Sign::Link]) {
            signs = Signs::of([Sign::Chatter]);
            if agrees {
                signs.add(Sign::Yes);
            }
        }
        Sentence {
            text: text.to_owned(),
            terms: self.vocabulary.learn(&words, self.lexicon),
            signs,
            words: count(&words),
        }
    }
}

/// The words of a lower-case text, without links and `+1`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        if is_link(word) || word == "+1" {
            continue;
        }
        if word.chars().all(is_plain) {
            words.push(word.to_owned());
        } else {
            let parts = word.unicode_words();
            words.extend(parts.map(|part| part.replace('’', "'")));
        }
    }
    words
}

/// Counts words; two characters of a script without spaces make about one.
fn count(words: &[String]) -> usize {
    let is_letter = |word: &&String| word.chars().all(is_unspaced) && word.chars().nth(1).is_none();
    let letters = words.iter().filter(is_letter).count();
    words.len() - letters + letters.div_ceil(2)
}

/// `14:30`, `9.30pm`, `2026-03-01`.
fn is_time(word: &str) -> bool {
    if !word.contains(|it: char| it.is_ascii_digit()) {
        return false;
    }
    let word = word.trim_matches(|it: char| !it.is_alphanumeric());
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let parts = |mark| word.split(mark).filter(|it| !it.is_empty()).count();
    let bare = |end| {
        word.strip_suffix(end)
            .is_some_and(|it: &str| it.starts_with(|it: char| it.is_ascii_digit()))
    };
    !is_link(word)
        && word.len() <= 10
        && ((parts(':') == 2 && digits >= 3)
            || (parts('-') == 3 && digits >= 6)
            || bare("am")
            || bare("pm"))
}

/// Whether it mentions the name as `@name`, or starts by addressing it, as in `name, …`.
fn addresses(text: &str, name: &str) -> bool {
    let is_name = |found: &str| found.eq_ignore_ascii_case(name);
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-');
    let named = |rest: &str| {
        let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
        let found = rest.get(..end).unwrap_or_default();
        is_name(found) || is_name(found.trim_end_matches(['.', '-']))
    };
    let called = text
        .split_once([',', ':'])
        .is_some_and(|(first, _)| is_name(first.trim()));
    called || text.split('@').skip(1).any(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_mentioned_is_addressed() {
        for text in [
            "@ana can you look?",
            "ping @Ana.",
            "(@ana)",
            "Ana, can you",
            "cc @ben @ana!",
        ] {
            assert!(addresses(text, "ana"), "{text}");
        }
        for text in [
            "@anabel",
            "ana said so",
            "@ben",
            "a@banana.example",
            "@ana.b hello",
        ] {
            assert!(!addresses(text, "ana"), "{text}");
        }
    }

    #[test]
    fn times_are_known_by_their_form() {
        for word in ["14:30", "9pm", "(2026-03-01)", "9:30am,"] {
            assert!(is_time(word), "{word}");
        }
        for word in ["spam", "am", "3", "1-2", "4.1", "http://a:80"] {
            assert!(!is_time(word), "{word}");
        }
    }

    #[test]
    fn greetings_are_left_out_of_what_is_seen() {
        let mut reader = Reader::new(None);
        let mut read = |text: &str| reader.saying(Vec::new(), "", text);
        let greeting = read("Hi all!");
        assert!(greeting.signs.has(Sign::Chatter));
        let said = read("Hi all! The database is down since 14:30.");
        assert!(!said.signs.has(Sign::Chatter));
        assert!(said.signs.has(Sign::Outcome) && said.signs.has(Sign::Time));
        assert_eq!(said.words, 7);
        assert!(read("```\ncode\n```").sentences.is_empty());
    }
}
