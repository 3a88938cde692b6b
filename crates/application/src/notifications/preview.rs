//! Message previews.

/// As many characters as a lock screen shows.
const MOST: usize = 160;

/// The beginning of a text, cut at a character boundary and marked as cut.
pub(super) fn preview(text: &str) -> String {
    let mut preview: String = text.chars().take(MOST).collect();
    if preview.len() < text.len() {
        preview.pop();
        preview.push('…');
    }
    preview
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(preview("short"), "short");
        let whole = "ñ".repeat(MOST);
        assert_eq!(preview(&whole), whole);
        let cut = preview(&"ñ".repeat(MOST + 1));
        assert_eq!(cut.chars().count(), MOST);
        assert!(cut.ends_with("ñ…"));
    }
}
