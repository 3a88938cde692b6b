//! The vocabulary of the material.

use std::collections::HashMap;

use crate::lexicon::Lexicon;
use crate::number::number;
use crate::script::is_unspaced;

/// A word, or a pair of characters where words are written without spaces.
pub(crate) type Term = usize;

/// How many letters of a word tell it from others: dropping its ending is a stemmer for any language.
const STEM: usize = 6;

/// All terms seen, and in how many sentences.
#[derive(Default)]
pub(crate) struct Vocabulary {
    numbers: HashMap<String, Term>,
    counts: Vec<usize>,
    sentences: usize,
}

impl Vocabulary {
    /// The terms of a sentence in ascending order, given its words in lower case.
    pub(crate) fn learn(&mut self, words: &[String], lexicon: &Lexicon) -> Vec<Term> {
        let mut terms = Vec::with_capacity(words.len());
        let mut before: Option<&str> = None;
        for word in words {
            let unspaced = word.chars().next().is_some_and(is_unspaced);
            if unspaced {
                self.pairs(before, word, &mut terms);
            } else if !lexicon.is_common(word) && word.chars().nth(1).is_some() {
                terms.push(self.term(stem(word)));
            }
            before = Some(word).filter(|_| unspaced).map(String::as_str);
        }
        terms.sort_unstable();
        terms.dedup();
        for term in &terms {
            if let Some(count) = self.counts.get_mut(*term) {
                *count += 1;
            }
        }
        self.sentences += 1;
        terms
    }

    /// The weight of a term: the fewer sentences contain it, the higher.
    pub(crate) fn weight(&self, term: Term) -> f64 {
        let count = self.counts.get(term).copied().unwrap_or(1).max(1);
        (1.0 + number(self.sentences) / number(count)).ln()
    }

    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }

    fn pairs(&mut self, before: Option<&str>, word: &str, terms: &mut Vec<Term>) {
        let mut last = before.and_then(|before| before.chars().last());
        for letter in word.chars() {
            if let Some(last) = last {
                terms.push(self.term(&String::from_iter([last, letter])));
            }
            last = Some(letter);
        }
    }

    fn term(&mut self, word: &str) -> Term {
        if let Some(term) = self.numbers.get(word) {
            return *term;
        }
        let term = self.counts.len();
        self.numbers.insert(word.to_owned(), term);
        self.counts.push(0);
        term
    }
}

fn stem(word: &str) -> &str {
    let end = word.char_indices().nth(STEM).map_or(word.len(), |it| it.0);
    word.get(..end).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(vocabulary: &mut Vocabulary, words: &[&str]) -> Vec<Term> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        vocabulary.learn(&words, &Lexicon::default())
    }

    #[test]
    fn endings_make_no_other_word() {
        let mut vocabulary = Vocabulary::default();
        let one = learn(&mut vocabulary, &["released", "importer"]);
        let other = learn(&mut vocabulary, &["import", "releases", "import"]);
        assert_eq!(one, other);
    }

    #[test]
    fn without_spaces_pairs_of_letters_are_the_words() {
        let mut vocabulary = Vocabulary::default();
        let one = learn(&mut vocabulary, &["数", "据", "库"]);
        assert_eq!(one.len(), 2);
        let other = learn(&mut vocabulary, &["据", "库"]);
        assert!(one.contains(&other[0]), "{one:?} {other:?}");
        assert_eq!(learn(&mut vocabulary, &["배포는"]).len(), 2);
    }

    #[test]
    fn what_is_said_seldom_weighs_more() {
        let mut vocabulary = Vocabulary::default();
        let often = learn(&mut vocabulary, &["server"]);
        let both = learn(&mut vocabulary, &["server", "elephant"]);
        let seldom = both.iter().find(|term| !often.contains(term)).unwrap();
        assert!(vocabulary.weight(*seldom) > vocabulary.weight(often[0]));
    }
}
