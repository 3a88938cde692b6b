//! Quoting messages.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::saying::{Saying, Sentence};
use crate::signs::Sign;

/// Maximum length of a bullet, in grapheme clusters.
pub(crate) const POINT: usize = 220;
/// Maximum length of the answer that follows a question.
pub(crate) const ANSWER: usize = 140;
/// Maximum length of a bullet of an earlier summary.
pub(crate) const TOLD: usize = 400;

/// The highest-scoring sentences that fit, in their original order, with the author's name. The weights
/// are those of its sentences.
pub(crate) fn quote(saying: &Saying<'_>, weights: &[f64], room: usize) -> String {
    let text = passage(&saying.sentences, weights, room);
    if saying.speaker.is_empty() {
        return text;
    }
    let speaker = crate::plain::one_line(saying.speaker);
    format!("{speaker}: {text}")
}

fn passage(sentences: &[Sentence], weights: &[f64], room: usize) -> String {
    let full = |it: &Sentence| !it.signs.has(Sign::Chatter);
    let any_full = sentences.iter().any(full);
    let mut ranked: Vec<(usize, &Sentence, f64)> = sentences
        .iter()
        .zip(weights)
        .enumerate()
        .map(|(at, (sentence, weight))| (at, sentence, *weight))
        .filter(|(_, sentence, _)| !any_full || full(sentence))
        .collect();
    ranked.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.0.cmp(&other.0)));
    let mut chosen: Vec<(usize, &Sentence)> = Vec::new();
    let mut left = room;
    for (at, sentence, _) in ranked {
        let long = sentence.text.graphemes(true).count();
        if chosen.is_empty() || long < left {
            chosen.push((at, sentence));
            left = left.saturating_sub(long + 1);
        }
    }
    chosen.sort_by_key(|(at, _)| *at);
    let texts: Vec<&str> = chosen.iter().map(|(_, it)| it.text.as_str()).collect();
    cut(&texts.join(" "), room)
}

/// Shortens a text to `room` characters with an ellipsis: after a word, or anywhere if the last word is
/// very long.
pub(crate) fn cut(text: &str, room: usize) -> String {
    let Some((most, _)) = text.grapheme_indices(true).nth(room) else {
        return text.to_owned();
    };
    let head = text.get(..most).unwrap_or_default();
    let word = head.rfind(char::is_whitespace).unwrap_or(0);
    // Dropping half of it to keep a word whole is too much: the script has no spaces, or it is not a
    // word.
    let end = if word > most / 2 { word } else { most };
    let head = head.get(..end).unwrap_or_default();
    format!(
        "{}…",
        head.trim_end_matches([' ', ',', ';', ':', '.', '-', '—'])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_cut_after_a_word() {
        assert_eq!(cut("one two three four", 11), "one two…");
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two, three four five", 15), "one two, three…");
    }

    #[test]
    fn where_there_are_no_spaces_it_is_cut_after_a_letter() {
        assert_eq!(cut("数据库昨晚崩溃了", 4), "数据库昨…");
        // A family emoji is a single grapheme cluster.
        assert_eq!(cut("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2), "👨‍👩‍👧👨‍👩‍👧…");
    }
}
