//! Words that show the purpose of a sentence, in the languages of the lists in `words/`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::script::{has_unspaced, is_unspaced};
use crate::signs::{Sign, Signs};

/// The parsed lists.
#[derive(Default)]
pub(crate) struct Lexicon {
    /// By the prefix of their first word; see `key`.
    phrases: HashMap<String, Vec<(Vec<Word>, Sign)>>,
    /// Phrases in scripts without spaces, which match anywhere.
    pieces: Vec<(String, Sign)>,
    common: HashSet<String>,
    /// The words of agreement and small talk.
    empty: HashSet<String>,
    yes: HashSet<String>,
    /// The same for scripts without spaces, the longest first.
    empty_pieces: Vec<String>,
}

struct Word {
    text: String,
    /// Whether any ending matches.
    open: bool,
}

impl Word {
    fn is(&self, word: &str) -> bool {
        if self.open {
            word.starts_with(&self.text)
        } else {
            word == self.text
        }
    }
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

impl Lexicon {
    pub(crate) fn get() -> &'static Self {
        &LEXICON
    }

    fn read() -> Self {
        let mut lexicon = Self::default();
        let lists = [
            (Sign::Decision, include_str!("../words/decision.txt")),
            (Sign::Task, include_str!("../words/task.txt")),
            (Sign::Outcome, include_str!("../words/outcome.txt")),
            (Sign::Time, include_str!("../words/time.txt")),
        ];
        for (sign, list) in lists {
            entries(list).for_each(|entry| lexicon.add(entry, sign));
        }
        for entry in entries(include_str!("../words/common.txt")) {
            lexicon.common.insert(entry.to_owned());
        }
        for entry in entries(include_str!("../words/yes.txt")) {
            let words = entry.split_whitespace().map(str::to_owned);
            lexicon.yes.extend(words);
            lexicon.add_empty(entry);
        }
        entries(include_str!("../words/chatter.txt")).for_each(|entry| lexicon.add_empty(entry));
        let longest = |piece: &String| std::cmp::Reverse(piece.chars().count());
        lexicon.empty_pieces.sort_by_key(longest);
        lexicon
    }

    fn add(&mut self, entry: &str, sign: Sign) {
        if has_unspaced(entry) {
            self.pieces.push((entry.to_owned(), sign));
            return;
        }
        let words: Vec<Word> = entry
            .split_whitespace()
            .map(|word| Word {
                text: word.trim_end_matches('*').to_owned(),
                open: word.ends_with('*'),
            })
            .collect();
        if let Some(first) = words.first() {
            let known = self.phrases.entry(key(&first.text).to_owned());
            known.or_default().push((words, sign));
        }
    }

    fn add_empty(&mut self, entry: &str) {
        if has_unspaced(entry) {
            self.empty_pieces.push(entry.to_owned());
        }
        self.empty
            .extend(entry.split_whitespace().map(str::to_owned));
    }

    /// Whether it is a common word, found in texts on any subject.
    pub(crate) fn is_common(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    /// The signs of a sentence, given its words; words and text are in lower case.
    pub(crate) fn signs(&self, words: &[String], text: &str) -> Signs {
        let mut signs = Signs::default();
        for index in 0..words.len() {
            let rest = words.get(index..).unwrap_or_default();
            self.phrases_at(rest).for_each(|sign| signs.add(sign));
        }
        if has_unspaced(text) {
            let found = self.pieces.iter().filter(|(piece, _)| text.contains(piece));
            found.for_each(|(_, sign)| signs.add(*sign));
        }
        signs
    }

    /// The signs of the phrases that the words start with.
    fn phrases_at(&self, words: &[String]) -> impl Iterator<Item = Sign> {
        let known = words.first().and_then(|word| self.phrases.get(key(word)));
        let begins = move |phrase: &[Word]| {
            let mut pairs = phrase.iter().zip(words);
            phrase.len() <= words.len() && pairs.all(|(part, word)| part.is(word))
        };
        known
            .into_iter()
            .flatten()
            .filter(move |(phrase, _)| begins(phrase))
            .map(|(_, sign)| *sign)
    }

    /// Whether there is nothing in it but small talk or agreement; and whether it agrees.
    pub(crate) fn emptiness(&self, words: &[String], text: &str) -> (bool, bool) {
        /// Longer sentences say something, whatever they consist of.
        const SHORT: usize = 7;
        let thumbs = || text.contains("+1") || text.contains(['👍', '✅', '🙌', '💯', '👌', '🆗']);
        if has_unspaced(text) {
            let pieces = self.empty_pieces.iter();
            let found = pieces.filter(|piece| text.contains(piece.as_str()));
            let left = found.fold(text.to_owned(), |left, piece| left.replace(piece, " "));
            let empty = left.chars().filter(|it| is_unspaced(*it)).count() < 2;
            return (empty, empty && (thumbs() || left.len() < text.len()));
        }
        let is_empty = |word: &String| self.empty.contains(word) || self.is_common(word);
        let empty = words.len() <= SHORT && words.iter().all(is_empty);
        let agrees = || thumbs() || words.iter().any(|word| self.yes.contains(word));
        (empty, empty && agrees())
    }
}

/// The key under which phrases with this first word are stored.
fn key(word: &str) -> &str {
    let end = word.char_indices().nth(3).map_or(word.len(), |it| it.0);
    word.get(..end).unwrap_or(word)
}

/// The words and phrases of a list.
fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once(':')?.1))
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, String) {
        let text = text.to_lowercase();
        (crate::saying::words(&text), text)
    }

    fn signs(text: &str) -> Signs {
        let (words, text) = read(text);
        Lexicon::get().signs(&words, &text)
    }

    fn emptiness(text: &str) -> (bool, bool) {
        let (words, text) = read(text);
        Lexicon::get().emptiness(&words, &text)
    }

    #[test]
    fn decisions_are_known_in_many_languages() {
        let decisions = [
            "OK, let's go with Postgres",
            "Wir haben uns geeinigt",
            "Решили: релиз в пятницу",
            "Τελικά αποφασίσαμε για Παρασκευή",
            "اتفقنا على يوم الأحد",
            "החלטנו לדחות",
            "यह तय हुआ",
            "我们决定周五发布",
            "金曜日に決定しました",
        ];
        for text in decisions {
            assert!(signs(text).has(Sign::Decision), "{text}");
        }
        assert!(!signs("the postman was here").has(Sign::Decision));
    }

    #[test]
    fn endings_are_open_only_where_a_list_says_so() {
        assert!(signs("исправлено").has(Sign::Outcome));
        assert!(!signs("bugle").has(Sign::Outcome));
    }

    #[test]
    fn what_is_only_friendly_is_empty() {
        for text in [
            "hey all",
            "lol",
            "👋",
            "Спасибо большое!",
            "谢谢大家",
            "καλημέρα",
            "شكرا جزيلا",
        ] {
            assert!(emptiness(text).0, "{text}");
        }
        for text in ["the database is down", "сервер упал", "数据库崩溃了"] {
            assert!(!emptiness(text).0, "{text}");
        }
        for text in ["+1", "sounds good", "👍", "да, согласен", "同意"] {
            assert_eq!(emptiness(text), (true, true), "{text}");
        }
        assert!(!emptiness("hello").1);
    }
}
