//! Stripping a message of what is not prose: code blocks, quotations, list markers, and invisible
//! characters that would reorder the text after them.

/// How much of a message is read. A longer one makes its point at the beginning, or in no sentence at
/// all.
const MOST: usize = 3_000;

/// The paragraphs, each in one line with single spaces. None is empty.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let read = match text.char_indices().nth(MOST) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    };
    let mut in_code = false;
    let mut paragraphs = Vec::new();
    for line in read.lines() {
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            // A block that starts and ends in the same line opens nothing.
            let closes = line.len() > 3 && line.ends_with("```");
            in_code = !in_code && !closes;
            continue;
        }
        if in_code || line.starts_with('>') {
            continue;
        }
        let paragraph = one_line(unmarked(line));
        if !paragraph.is_empty() {
            paragraphs.push(paragraph);
        }
    }
    paragraphs
}

/// In one line with single spaces, and without characters that would affect the text after a quotation.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let at_word = line.len();
        line.extend(word.chars().filter(|letter| is_shown(*letter)));
        if line.len() > at_word && at_word > 0 {
            line.insert(at_word, ' ');
        }
    }
    line
}

fn is_shown(letter: char) -> bool {
    let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !turns && !letter.is_control()
}

/// Strips a leading list or heading marker.
fn unmarked(line: &str) -> &str {
    let bare = ["- ", "* ", "• ", "# ", "## ", "### "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark));
    bare.unwrap_or(line)
}

/// Whether a word is a link.
pub(crate) fn is_link(word: &str) -> bool {
    word.contains("://") || word.starts_with("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_quotations_are_left_out() {
        let text = "It fails:\n```rust\nfn main() {}\n```\n> you said so\n- with   a list\n\n";
        assert_eq!(paragraphs(text), ["It fails:", "with a list"]);
        assert_eq!(paragraphs("```one line```\nafter"), ["after"]);
        assert_eq!(paragraphs("```\nnever closed"), [""; 0]);
    }

    #[test]
    fn what_turns_text_around_is_taken_out() {
        assert_eq!(paragraphs("a \u{202e}b\u{7} \u{2067} c"), ["a b c"]);
        // Joiners are part of words.
        assert_eq!(paragraphs("क्\u{200d}ष"), ["क्\u{200d}ष"]);
    }

    #[test]
    fn a_text_without_end_is_read_from_its_beginning() {
        let read = paragraphs(&"я".repeat(10_000));
        assert_eq!(read.first().map(|it| it.chars().count()), Some(MOST));
    }
}
