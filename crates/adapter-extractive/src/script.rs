//! Scripts that are written without spaces between words.

/// Whether this character's script is written without spaces between words, or with so many endings
/// that pairs of characters tell more: Thai, Lao, Burmese, Khmer, kana, Chinese characters, Hangul.
pub(crate) const fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{0e00}'..='\u{0eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether any character of the text is in such a script.
pub(crate) fn has_unspaced(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_unspaced)
}

/// Whether it is a letter or digit of a widely used script with spaces. It does not cover all of them:
/// it is called for every character, and searching the tables of all scripts is slow.
pub(crate) const fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter,
            '\u{c0}'..='\u{d6}'
            | '\u{d8}'..='\u{f6}'
            | '\u{f8}'..='\u{24f}'
            | '\u{388}'..='\u{481}'
            | '\u{48a}'..='\u{52f}'
            | '\u{5d0}'..='\u{5ea}'
            | '\u{620}'..='\u{65f}'
            | '\u{900}'..='\u{963}')
}

/// Whether it is a digit, in a script whose digits people use in chats.
pub(crate) const fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
        || matches!(letter,
            '\u{660}'..='\u{669}'
            | '\u{6f0}'..='\u{6f9}'
            | '\u{966}'..='\u{96f}'
            | '\u{e50}'..='\u{e59}'
            | '\u{ff10}'..='\u{ff19}')
}
