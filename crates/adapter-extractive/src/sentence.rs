//! Splitting text into sentences.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::script::is_plain;

/// The sentences of a paragraph.
///
/// What Unicode takes for the end of a sentence does not count within a word, such as the question mark
/// in a URL, unless the script has no spaces.
pub(crate) fn sentences(paragraph: &str) -> Vec<&str> {
    if is_one(paragraph) {
        return vec![paragraph.trim()];
    }
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for piece in paragraph.split_sentence_bounds() {
        end += piece.len();
        if ends(piece) {
            push(&mut sentences, paragraph.get(start..end));
            start = end;
        }
    }
    push(&mut sentences, paragraph.get(start..end));
    sentences
}

/// A shortcut: most messages are visibly a single sentence, as nothing before their last character ends
/// a sentence in any script.
fn is_one(paragraph: &str) -> bool {
    let mut rest = paragraph.chars().rev().skip(1).peekable();
    let is_within = |it: char| is_plain(it) || it == ' ' || ",-'’():/@#%+&".contains(it);
    rest.peek().is_some() && rest.all(is_within)
}

fn ends(piece: &str) -> bool {
    piece.ends_with(char::is_whitespace) || piece.ends_with(['。', '！', '？', '｡'])
}

fn push<'a>(sentences: &mut Vec<&'a str>, sentence: Option<&'a str>) {
    let sentence = sentence.map(str::trim).unwrap_or_default();
    if !sentence.is_empty() {
        sentences.push(sentence);
    }
}

/// Whether it is a question, judging by its end.
pub(crate) fn asks(sentence: &str) -> bool {
    let bare = sentence.trim_end_matches(|it: char| {
        it.is_whitespace() || matches!(it, ')' | '"' | '\'' | '»' | '”' | '」' | '!' | '。' | '.')
    });
    let is_greek = |text: &str| text.chars().any(|it| matches!(it, '\u{370}'..='\u{3ff}'));
    bare.ends_with(['?', '？', '؟', '\u{37e}', '吗', '呢', '嗎'])
        || ["ですか", "ますか", "でしょうか", "ไหม", "หรือเปล่า"]
            .iter()
            .any(|end| bare.ends_with(end))
        || (bare.ends_with(';') && is_greek(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_do() {
        let cases: [(&str, &[&str]); 6] = [
            ("One. Two! Three", &["One.", "Two!", "Three"]),
            (
                "See https://a.example/x?y=1.5&z=A. Then v2.3 is out.",
                &["See https://a.example/x?y=1.5&z=A.", "Then v2.3 is out."],
            ),
            (
                "今日は金曜です。来週は？",
                &["今日は金曜です。", "来週は？"],
            ),
            ("متى الإصدار؟ يوم الأحد.", &["متى الإصدار؟", "يوم الأحد."]),
            ("कल मिलते हैं। ठीक है।", &["कल मिलते हैं।", "ठीक है।"]),
            ("", &[]),
        ];
        for (paragraph, expected) in cases {
            assert_eq!(sentences(paragraph), expected, "{paragraph}");
        }
    }

    #[test]
    fn questions_are_known_by_their_end() {
        for question in [
            "who?",
            "who?!",
            "(really?)",
            "متى؟",
            "什么时候？",
            "πότε;",
            "完成了吗",
        ] {
            assert!(asks(question), "{question}");
        }
        for other in ["who", "let x;", "да."] {
            assert!(!asks(other), "{other}");
        }
    }
}
