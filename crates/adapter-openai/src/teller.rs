//! Extracts the text of the summary from an answer that is still being received.

/// The field that is streamed.
const FIELD: &str = "\"summary\"";

/// The position of the parser.
#[derive(Debug)]
enum At {
    /// Before the field's text.
    Before,
    /// Within the field's text.
    Within,
    /// After the field's text, or in an answer that starts with another field: such an answer is only
    /// passed on once it is complete.
    Beyond,
}

/// An incremental parser of an answer.
#[derive(Debug)]
pub(crate) struct Teller {
    at: At,
    /// Input that has not been parsed yet.
    unread: String,
}

impl Teller {
    pub(crate) const fn new() -> Self {
        Self {
            at: At::Before,
            unread: String::new(),
        }
    }

    /// Takes more input; returns the text of the summary in it.
    pub(crate) fn push(&mut self, more: &str) -> String {
        if matches!(self.at, At::Beyond) {
            return String::new();
        }
        self.unread.push_str(more);
        if matches!(self.at, At::Before) {
            self.find();
        }
        if matches!(self.at, At::Within) {
            self.read()
        } else {
            String::new()
        }
    }

    /// Looks for the start: a brace, the field's name, a colon, a quotation mark.
    fn find(&mut self) {
        let Some(brace) = self.unread.find('{') else {
            return;
        };
        let unread = std::mem::take(&mut self.unread);
        let mut rest = unread.get(brace + 1..).unwrap_or_default();
        for mark in [FIELD, ":", "\""] {
            rest = rest.trim_start();
            let Some(after) = rest.strip_prefix(mark) else {
                self.wait_for(mark, rest);
                self.unread = unread;
                return;
            };
            rest = after;
        }
        self.at = At::Within;
        self.unread = rest.to_owned();
    }

    /// The token may still arrive, unless something else has come in its place.
    fn wait_for(&mut self, mark: &str, rest: &str) {
        if !mark.starts_with(rest) {
            self.at = At::Beyond;
        }
    }

    /// Reads as far as the input is complete.
    fn read(&mut self) -> String {
        let mut words = String::new();
        let mut rest = self.unread.as_str();
        while let Some(letter) = rest.chars().next() {
            match letter {
                '"' => {
                    self.at = At::Beyond;
                    rest = "";
                }
                '\\' => match escape(rest) {
                    Some((letter, after)) => {
                        words.push(letter);
                        rest = after;
                    }
                    None => break,
                },
                _ => {
                    words.push(letter);
                    rest = rest.get(letter.len_utf8()..).unwrap_or_default();
                }
            }
        }
        self.unread = rest.to_owned();
        words
    }
}

/// The character that an escape stands for, and what comes after it; `None` while it is incomplete.
fn escape(text: &str) -> Option<(char, &str)> {
    let kind = text.chars().nth(1)?;
    let after = text.get(1 + kind.len_utf8()..)?;
    let letter = match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unicode(after),
        other => other,
    };
    Some((letter, after))
}

fn unicode(text: &str) -> Option<(char, &str)> {
    let (unit, after) = hex(text)?;
    if !(0xd800..0xdc00).contains(&unit) {
        let letter = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
        return Some((letter, after));
    }
    // A high surrogate, whose low surrogate is the next escape.
    if !after.starts_with("\\u") && !"\\u".starts_with(after) {
        return Some((char::REPLACEMENT_CHARACTER, after));
    }
    let (low, after) = hex(after.strip_prefix("\\u")?)?;
    let joined = 0x1_0000 + ((unit - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
    Some((
        char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER),
        after,
    ))
}

fn hex(text: &str) -> Option<(u32, &str)> {
    let digits = text.get(..4)?;
    let unit = u32::from_str_radix(digits, 16).unwrap_or(0xfffd);
    Some((unit, text.get(4..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(pieces: &[&str]) -> String {
        let mut teller = Teller::new();
        pieces.iter().map(|piece| teller.push(piece)).collect()
    }

    #[test]
    fn only_the_summary_is_told() {
        let pieces = [
            "{ \"sum",
            "mary\" : \"He said ",
            "\\",
            "\"hi\\\"\", \"bullets\"",
            ": [\"x\"]",
        ];
        assert_eq!(told(&pieces), "He said \"hi\"");
        assert_eq!(told(&["```json\n{\"summary\":\"a\"}\n```"]), "a");
    }

    #[test]
    fn an_answer_that_begins_otherwise_is_not_told_as_it_comes() {
        assert_eq!(told(&["{\"bullets\": [], \"summary\": \"a\"}"]), "");
        assert_eq!(told(&["no json at all"]), "");
    }

    #[test]
    fn nonsense_is_survived() {
        for text in [
            "{\"summary\":\"\\ud83d",
            "{\"summary\":\"\\uzzzz\"",
            "{\"summary\":\"\\u12é\"",
        ] {
            told(&[text]);
        }
        assert_eq!(told(&["{\"summary\":\"\\ud83dx\""]), "\u{fffd}x");
    }

    proptest! {
        #[test]
        fn however_it_is_cut_it_says_the_same(summary in any::<String>(), size in 1..9usize) {
            let json = serde_json::json!({ "summary": summary }).to_string();
            let letters: Vec<char> = json.chars().collect();
            let mut teller = Teller::new();
            let told: String = letters
                .chunks(size)
                .map(|piece| teller.push(&String::from_iter(piece)))
                .collect();
            prop_assert_eq!(told, summary);
        }
    }
}
