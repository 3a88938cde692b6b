//! Emoji by their names in Slack.

use domain::Emoji;

/// The emoji with this name, without a skin tone. A workspace's custom emoji have no counterpart.
pub(in crate::command::import) fn emoji(name: &str) -> Option<Emoji> {
    let plain = name.split("::").next().unwrap_or(name);
    let known = emojis::get_by_shortcode(plain)
        .or_else(|| emojis::get_by_shortcode(&plain.replace('-', "_")));
    Emoji::parse(known?.as_str()).ok()
}

/// The emoji at the start of a text, `:wave:` or `:wave::skin-tone-3:`, and the rest of the text.
pub(super) fn leading(text: &str) -> Option<(Emoji, &str)> {
    let (name, rest) = text.strip_prefix(':')?.split_once(':')?;
    let fit = |c: char| c.is_ascii_alphanumeric() || "_+-'".contains(c);
    if name.is_empty() || !name.chars().all(fit) {
        return None;
    }
    let found = emoji(name)?;
    let tone = rest.strip_prefix(":skin-tone-");
    let rest = match tone.and_then(|tone| tone.split_once(':')) {
        Some(("2" | "3" | "4" | "5" | "6", after)) => after,
        _ => rest,
    };
    Some((found, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_have_names() {
        let known = |name| emoji(name).map(|emoji| emoji.as_str().to_owned());
        assert_eq!(known("thumbsup::skin-tone-3").as_deref(), Some("\u{1f44d}"));
        assert_eq!(known("+1").as_deref(), Some("\u{1f44d}"));
        assert_eq!(known("party-parrot"), None);
    }
}
