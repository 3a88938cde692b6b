//! When a text matches a search.
//!
//! Every store indexes text in its own way. What counts as a word, and where the hits are, is defined
//! here once, so that a search finds and shows the same on all of them.

use std::ops::Range;

/// An excerpt of a text around the first hit, with all hits inside it marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The excerpt, with an ellipsis where it was cut.
    pub text: String,
    /// The positions of the hits in it, counted in characters.
    pub highlights: Vec<Range<usize>>,
}

/// The words of a text: runs of letters and digits, lower-cased.
pub fn words(text: &str) -> Vec<String> {
    spans(text).into_iter().map(|span| span.word).collect()
}

/// Whether the text contains every one of the words.
pub fn contains_all(text: &str, sought: &[String]) -> bool {
    let found = words(text);
    sought.iter().all(|word| found.contains(word))
}

/// Cuts an excerpt of at most `width` characters around the first hit, and marks every hit inside it.
pub fn snippet(text: &str, sought: &[String], width: usize) -> Snippet {
    let hits: Vec<Range<usize>> = spans(text)
        .into_iter()
        .filter(|s| sought.contains(&s.word))
        .map(|s| s.place)
        .collect();
    let total = text.chars().count();
    let first = hits.first().map_or(0, |hit| hit.start);
    let start = first
        .saturating_sub(width / 4)
        .min(total.saturating_sub(width));
    let end = start.saturating_add(width).min(total);

    let mut cut: String = text.chars().skip(start).take(end - start).collect();
    let lead = usize::from(start > 0);
    if lead > 0 {
        cut.insert(0, '…');
    }
    if end < total {
        cut.push('…');
    }
    let highlights = hits
        .into_iter()
        .filter(|hit| hit.start >= start && hit.end <= end)
        .map(|hit| hit.start - start + lead..hit.end - start + lead)
        .collect();
    Snippet {
        text: cut,
        highlights,
    }
}

struct Span {
    word: String,
    place: Range<usize>,
}

fn spans(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (index, letter) in text.chars().enumerate() {
        if !letter.is_alphanumeric() {
            continue;
        }
        match spans.last_mut().filter(|span| span.place.end == index) {
            Some(span) => {
                span.word.extend(letter.to_lowercase());
                span.place.end = index + 1;
            }
            None => spans.push(Span {
                word: letter.to_lowercase().collect(),
                place: index..index + 1,
            }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits_without_case() {
        assert_eq!(words("Ça va, R2-D2?"), ["ça", "va", "r2", "d2"]);
    }

    #[test]
    fn all_words_must_be_there_whole() {
        let sought = words("release friday");
        assert!(contains_all("The RELEASE is on Friday.", &sought));
        assert!(!contains_all("The releases are on Friday.", &sought));
    }

    #[test]
    fn highlights_point_at_the_hits_in_characters() {
        let found = snippet("¿Mañana? Mañana sí.", &words("mañana"), 100);
        assert_eq!(found.text, "¿Mañana? Mañana sí.");
        assert_eq!(found.highlights, [1..7, 9..15]);
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_hit() {
        let text = format!("{} needle {}", "hay ".repeat(50), "hay ".repeat(50));
        let found = snippet(&text, &words("needle"), 40);
        assert_eq!(found.text.chars().count(), 42);
        let hit = found.highlights.first().unwrap();
        let marked: String = found.text.chars().skip(hit.start).take(hit.len()).collect();
        assert_eq!(marked, "needle");
    }
}
