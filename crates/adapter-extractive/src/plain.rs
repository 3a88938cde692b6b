//! A message without what is no prose: code blocks, quotations, marks of lists, and characters that
//! nobody sees but that would turn what comes after them around.

/// As much of a message as is read. The point of a longer one is in its beginning, or in no sentence.
const MOST: usize = 3_000;

/// Its paragraphs, each in one line with single spaces. None of them is empty.
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
            // A block that begins and ends in one line opens nothing.
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

/// With single spaces, and without what would go on to act beyond the quotation.
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

/// Without the mark of a list or a heading at its beginning.
fn unmarked(line: &str) -> &str {
    let bare = ["- ", "* ", "• ", "# ", "## ", "### "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark));
    bare.unwrap_or(line)
}

/// Whether a word is the address of something.
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
        // Joiners belong to the words.
        assert_eq!(paragraphs("क्\u{200d}ष"), ["क्\u{200d}ष"]);
    }

    #[test]
    fn a_text_without_end_is_read_from_its_beginning() {
        let read = paragraphs(&"я".repeat(10_000));
        assert_eq!(read.first().map(|it| it.chars().count()), Some(MOST));
    }
}
