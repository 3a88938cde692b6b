//! The web origins that may make requests.

use serde::de::{Deserialize, Deserializer, Error as _};

const FORM: &str = "must be origins like https://chat.example.org, without a path, or * alone";

/// The web origins that may make requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Any origin, without cookies: otherwise any page could use them.
    Any,
    /// These, written as browsers write them.
    Only(Vec<String>),
}

impl<'de> Deserialize<'de> for Origins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse(&Vec::<String>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn parse(texts: &[String]) -> Result<Origins, &'static str> {
    if let [only] = texts
        && only.trim() == "*"
    {
        return Ok(Origins::Any);
    }
    let origins: Result<Vec<_>, _> = texts.iter().map(|text| origin(text)).collect();
    origins.map(Origins::Only)
}

/// Parses one origin into the form that browsers send: lower case, no trailing slash.
fn origin(text: &str) -> Result<String, &'static str> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_suffix('/').unwrap_or(&text);
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .ok_or(FORM)?;
    let stray = |c: char| matches!(c, '/' | '?' | '#' | '@' | '*') || c.is_whitespace();
    if host.is_empty() || host.contains(stray) {
        return Err(FORM);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(texts: &[&str]) -> Result<Origins, &'static str> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        parse(&texts)
    }

    #[test]
    fn written_as_browsers_write_them() {
        assert_eq!(
            parsed(&["https://Chat.example.org/", " http://localhost:5173"]),
            Ok(Origins::Only(vec![
                "https://chat.example.org".to_owned(),
                "http://localhost:5173".to_owned()
            ]))
        );
        assert_eq!(parsed(&["*"]), Ok(Origins::Any));
        assert_eq!(parsed(&[]), Ok(Origins::Only(Vec::new())));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "chat.example.org",
            "https://a/b",
            "https://",
            "https://*.a.org",
            "ftp://a",
        ] {
            assert_eq!(parsed(&[text]), Err(FORM), "{text}");
        }
        assert_eq!(parsed(&["*", "https://a.org"]), Err(FORM));
    }
}
