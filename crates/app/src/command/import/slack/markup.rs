//! Converts Slack's markup to plain text.

use std::collections::HashMap;

use super::emoji::leading;

/// The names behind the references in texts.
#[derive(Debug, Default)]
pub(in crate::command::import) struct Markup {
    /// The usernames of people here, by their ids there.
    pub(in crate::command::import) people: HashMap<String, String>,
    /// The names of channels, by their ids.
    pub(in crate::command::import) channels: HashMap<String, String>,
}

impl Markup {
    /// `<@U1> see <https://a.b|this> &amp; that :+1:` becomes `@ana see this (https://a.b) & that 👍`.
    pub(in crate::command::import) fn plain(&self, text: &str) -> String {
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(place) = rest.find(['<', '`', ':', '*']) {
            let (before, from) = rest.split_at(place);
            plain.push_str(&unescaped(before));
            rest = self.special(from, &mut plain);
        }
        plain.push_str(&unescaped(rest));
        plain
    }

    /// The ids of the people whom a text mentions.
    pub(in crate::command::import) fn mentioned(text: &str) -> impl Iterator<Item = &str> {
        text.split("<@")
            .skip(1)
            .filter_map(|after| after.split_once('>'))
            .map(|(mark, _)| mark.split('|').next().unwrap_or(mark))
    }

    /// Converts what a special character begins, and returns the rest.
    fn special<'t>(&self, from: &'t str, plain: &mut String) -> &'t str {
        if let Some((code, rest)) = code(from) {
            // Nothing between backticks is an emoji, whatever it looks like.
            plain.push_str(&self.marks(code));
            return rest;
        }
        if let Some((emoji, rest)) = leading(from) {
            plain.push_str(emoji.as_str());
            return rest;
        }
        if let Some((mark, rest)) = mark(from) {
            plain.push_str(&self.meaning(mark));
            return rest;
        }
        if let Some((bold, rest)) = bold(from, plain.chars().last()) {
            // Slack's bold has one star, ours has two.
            plain.push_str("**");
            plain.push_str(&self.plain(bold));
            plain.push_str("**");
            return rest;
        }
        let mut letters = from.chars();
        plain.extend(letters.next());
        letters.as_str()
    }

    /// The same, without emoji.
    fn marks(&self, text: &str) -> String {
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            plain.push_str(&unescaped(before));
            if let Some((mark, after)) = after.split_once('>') {
                plain.push_str(&self.meaning(mark));
                rest = after;
            } else {
                plain.push('<');
                rest = after;
            }
        }
        plain.push_str(&unescaped(rest));
        plain
    }

    fn meaning(&self, mark: &str) -> String {
        let (what, label) = match mark.split_once('|') {
            Some((what, label)) => (what, Some(unescaped(label))),
            None => (mark, None),
        };
        let label = label.filter(|label| !label.is_empty());
        let mut letters = what.chars();
        match letters.next() {
            Some('@') => {
                let known = self.people.get(letters.as_str()).cloned();
                let name = known.or(label).unwrap_or_else(|| "somebody".to_owned());
                format!("@{}", name.trim_start_matches('@'))
            }
            Some('#') => {
                let known = self.channels.get(letters.as_str()).cloned();
                let name = known.or(label).unwrap_or_else(|| "channel".to_owned());
                format!("#{}", name.trim_start_matches('#'))
            }
            Some('!') => {
                let word = letters.as_str().split('^').next().unwrap_or_default();
                label.unwrap_or_else(|| format!("@{word}"))
            }
            _ => {
                let address = unescaped(what.trim_start_matches("mailto:"));
                match label {
                    Some(label) if label != address => format!("{label} ({address})"),
                    Some(_) | None => address,
                }
            }
        }
    }
}

/// The code between backticks, one or three, with them.
fn code(from: &str) -> Option<(&str, &str)> {
    let fence = if from.starts_with("```") { "```" } else { "`" };
    let inside = from.strip_prefix(fence)?;
    let end = inside.find(fence)?.checked_add(fence.len() * 2)?;
    from.split_at_checked(end)
}

/// The text between two stars that surround words, without them.
fn bold(from: &str, before: Option<char>) -> Option<(&str, &str)> {
    let (inside, rest) = from.strip_prefix('*')?.split_once('*')?;
    let part = |letter: char| letter.is_alphanumeric() || letter == '*';
    let around = [before, rest.chars().next()].into_iter().flatten();
    let stands = inside.trim() == inside && !inside.is_empty() && !inside.contains('\n');
    (stands && !around.into_iter().any(part)).then_some((inside, rest))
}

/// The text between angle brackets, without them.
fn mark(from: &str) -> Option<(&str, &str)> {
    from.strip_prefix('<')?.split_once('>')
}

/// Unescapes the three characters that Slack escapes.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markup() -> Markup {
        Markup {
            people: HashMap::from([("U1".to_owned(), "ana".to_owned())]),
            channels: HashMap::from([("C1".to_owned(), "general".to_owned())]),
        }
    }

    #[test]
    fn marks_mean_something() {
        for (written, meant) in [
            ("plain", "plain"),
            (
                "<@U1> and <@U2|Ben> and <@U3>",
                "@ana and @Ben and @somebody",
            ),
            (
                "in <#C1|old-name>, <#C2|other>, <#C3|>",
                "in #general, #other, #channel",
            ),
            ("<!here> <!subteam^S1|@team>", "@here @team"),
            ("<https://a.b?c=1&amp;d=2>", "https://a.b?c=1&d=2"),
            ("<https://a.b|the page>", "the page (https://a.b)"),
            ("<mailto:a@b.c|a@b.c>", "a@b.c"),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
            ("&amp;lt; stays", "&lt; stays"),
            ("half a <mark", "half a <mark"),
            ("<>", ""),
            ("*so <@U1>* and _so_", "**so @ana** and _so_"),
            ("2*3*4, * a *, *, **b**", "2*3*4, * a *, *, **b**"),
        ] {
            assert_eq!(markup().plain(written), meant, "{written}");
        }
    }

    #[test]
    fn emoji_are_shown_but_not_in_code_or_addresses() {
        for (written, meant) in [
            ("well done :tada:!", "well done 🎉!"),
            (":wave::skin-tone-3: :+1::tada:", "👋 👍🎉"),
            (
                "at 10:30:45, :not-one-of-them:",
                "at 10:30:45, :not-one-of-them:",
            ),
            (
                "`a:tada:b` ```x\n:tada: &lt; <@U1>``` :tada:",
                "`a:tada:b` ```x\n:tada: < @ana``` 🎉",
            ),
            ("<https://a.b/:tada:>", "https://a.b/:tada:"),
            ("half a `tick :tada:", "half a `tick 🎉"),
            ("a: b: c", "a: b: c"),
        ] {
            assert_eq!(markup().plain(written), meant, "{written}");
        }
    }

    #[test]
    fn mentions_are_found() {
        let found: Vec<_> = Markup::mentioned("<@U1> and <@U2|ben>, not <#C1> or <@half").collect();
        assert_eq!(found, ["U1", "U2"]);
    }
}
