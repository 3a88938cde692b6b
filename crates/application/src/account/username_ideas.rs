//! Usernames for users who did not choose one.

use domain::Username;
use domain::port::Ids;

/// How many letters of a name are kept, so that there is room for digits after them.
const STEM: usize = 24;
/// The stem for a name that leaves no usable letters.
const NOBODY: &str = "user";
/// How many usernames are tried before giving up. With eight random digits at the end, this takes
/// millions of accounts with the same name.
const TRIES: u32 = 12;

/// Usernames derived from a name, the nicest first: the name itself, then with a small number, then
/// with more and more random digits, which cannot all be taken.
pub(super) fn ideas(name: &str, ids: &dyn Ids) -> impl Iterator<Item = Username> {
    let stem = stem(name);
    (0..TRIES).filter_map(move |attempt| {
        let idea = match attempt {
            0 => stem.clone(),
            1..=3 => format!("{stem}{}", attempt + 1),
            4..=7 => format!("{stem}{:04}", random(ids) % 10_000),
            _ => format!("{stem}{:08}", random(ids) % 100_000_000),
        };
        Username::parse(idea).ok()
    })
}

/// What is left of a name in the alphabet of usernames: at least three characters.
fn stem(name: &str) -> String {
    let mut stem = String::with_capacity(STEM);
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            // A single separator between words, whichever and however many there were.
            ' ' | '_' | '.' | '-' if stem.ends_with(['_', '.', '-']) || stem.is_empty() => {}
            'a'..='z' | '0'..='9' | '_' | '.' | '-' => stem.push(letter),
            ' ' => stem.push('.'),
            other => stem.push_str(folded(other)),
        }
    }
    let mut stem: String = stem.chars().take(STEM).collect();
    stem.truncate(stem.trim_end_matches(['_', '.', '-']).len());
    match stem.len() {
        0 => NOBODY.to_owned(),
        1 | 2 => stem + "." + NOBODY,
        _ => stem,
    }
}

/// The customary ASCII transliteration of a letter; empty if there is none.
const fn folded(letter: char) -> &'static str {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

fn random(ids: &dyn Ids) -> u32 {
    let mut bytes = [0; 4];
    ids.fill(&mut bytes);
    u32::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::World;

    #[test]
    fn names_keep_what_fits_into_a_username() {
        for (name, expected) in [
            ("Ana María", "ana.maria"),
            ("  Åsa  Ström ", "asa.strom"),
            ("O'Neill", "oneill"),
            ("Łukasz_Żak", "lukasz_zak"),
            ("Straße 9", "strasse.9"),
            ("...Dots...", "dots"),
            ("Al", "al.user"),
            ("李小龙", "user"),
            ("🌿", "user"),
            ("", "user"),
            (
                "Maximiliana Konstantinopolitanskaya",
                "maximiliana.konstantinop",
            ),
            ("Twenty-Three Letters at- all", "twenty-three.letters.at"),
        ] {
            assert_eq!(stem(name), expected, "{name}");
        }
    }

    #[test]
    fn every_idea_is_a_username_and_none_comes_twice() {
        let world = World::new();
        for name in ["Ana", "李", "Maximiliana Konstantinopolitanskaya"] {
            let all: Vec<String> = ideas(name, &*world.ports.ids)
                .map(|idea| idea.as_str().to_owned())
                .collect();
            assert_eq!(all.len(), 12);
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 12);
            assert_eq!(all[1], format!("{}2", all[0]));
        }
    }
}
