//! Summaries by quotation.

use async_trait::async_trait;
use domain::port::Summariser;
use domain::port::summariser::{
    Bullet, Digest, Line, Material, Piece, Pieces, Style, SummariseError, Telling,
};
use domain::search_text::words;
use futures::{StreamExt as _, stream};

/// Picks the messages with the most distinct words and quotes the beginning of each.
///
/// It does not judge importance, so it is for tests and for a server that just needs some answer.
/// Messages that mention the reader come first.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemorySummariser;

const MAKER: &str = "leading-sentences/1";

#[async_trait]
impl Summariser for MemorySummariser {
    fn maker(&self) -> &str {
        MAKER
    }

    async fn summarise(
        &self,
        material: &Material,
        telling: &Telling,
    ) -> Result<Pieces, SummariseError> {
        let digest = digest(material, telling);
        let deltas: Vec<String> = digest
            .summary
            .split_inclusive('\n')
            .map(str::to_owned)
            .collect();
        let pieces = deltas.into_iter().map(Piece::Delta);
        let whole = pieces.chain([Piece::Done(digest)]);
        Ok(stream::iter(whole.map(Ok)).boxed())
    }
}

fn digest(material: &Material, telling: &Telling) -> Digest {
    let most = match telling.style {
        Style::Bullets => 8,
        Style::Brief => 3,
    };
    let (lines, told): (&[Line], Vec<Bullet>) = match material {
        Material::Lines(lines) => (lines, Vec::new()),
        Material::Parts { parts, tail } => {
            let told = parts.iter().flat_map(|part| part.bullets.iter().cloned());
            (tail, told.collect())
        }
    };
    let all = || told.iter().cloned().chain(quotes(lines, most));
    let bullets = match &telling.reader {
        None => spread(all().collect(), most),
        Some(reader) => {
            let (theirs, others): (Vec<Bullet>, Vec<Bullet>) =
                all().partition(|bullet| mentions(&bullet.text, reader));
            let rest = most.saturating_sub(theirs.len()).max(1);
            let mut bullets = theirs;
            bullets.extend(spread(others, rest));
            bullets.truncate(most);
            bullets
        }
    };
    let texts: Vec<&str> = bullets.iter().map(|bullet| bullet.text.as_str()).collect();
    Digest {
        summary: texts.join("\n"),
        bullets,
        model: MAKER.to_owned(),
        tokens: (0, 0),
    }
}

/// Whether a text mentions a user as `@username`, ignoring case.
fn mentions(text: &str, username: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let named = |word: &str| {
        let name = word
            .trim_start_matches(|c| c != '@')
            .trim_start_matches('@');
        let name = name
            .trim_end_matches(|c| !inside(c))
            .trim_end_matches(['.', '-']);
        name.eq_ignore_ascii_case(username)
    };
    !username.is_empty() && text.split_whitespace().any(named)
}

/// The lines with the most distinct words, in their original order.
fn quotes(lines: &[Line], most: usize) -> Vec<Bullet> {
    let mut ranked: Vec<(usize, &Line)> = lines
        .iter()
        .map(|line| (richness(&line.text), line))
        .filter(|(richness, _)| *richness > 0)
        .collect();
    ranked.sort_by_key(|(richness, line)| (std::cmp::Reverse(*richness), line.seq));
    ranked.truncate(most);
    ranked.sort_by_key(|(_, line)| line.seq);
    ranked.into_iter().map(|(_, line)| quote(line)).collect()
}

fn richness(text: &str) -> usize {
    let mut words = words(text);
    words.sort_unstable();
    words.dedup();
    words.len()
}

fn quote(line: &Line) -> Bullet {
    Bullet {
        text: format!("{}: {}", line.speaker, beginning(&line.text)),
        seqs: vec![line.seq],
    }
}

/// The first sentence, on one line, truncated if it is long.
fn beginning(text: &str) -> String {
    const LONG: usize = 200;
    let mut sentence = String::new();
    for word in text.split_whitespace() {
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
        if word.ends_with(['.', '!', '?', '…', '。']) {
            break;
        }
    }
    if sentence.chars().count() <= LONG {
        return sentence;
    }
    let mut cut: String = sentence.chars().take(LONG).collect();
    cut.push('…');
    cut
}

/// At most `most` of the bullets, spread evenly over all of them.
fn spread(bullets: Vec<Bullet>, most: usize) -> Vec<Bullet> {
    let stride = bullets.len().div_ceil(most).max(1);
    bullets.into_iter().step_by(stride).collect()
}

#[cfg(test)]
mod tests {
    use domain::{Seq, Timestamp};

    use super::*;

    fn line(seq: i64, text: &str) -> Line {
        Line {
            seq: Seq::new(seq).unwrap(),
            speaker: "Ana".to_owned(),
            at: Timestamp::from_millis(0),
            text: text.to_owned(),
        }
    }

    #[test]
    fn the_richest_lines_are_quoted_in_order() {
        let lines = [
            line(1, "hi"),
            line(2, "The release moves to Friday. Nobody minds."),
            line(3, "👍"),
            line(4, "Ben tests\nthe import before that!"),
            line(5, "ok"),
            line(6, "I write the notes"),
        ];
        let digest = digest(
            &Material::Lines(lines.to_vec()),
            &Telling::to_all(Style::Brief),
        );
        assert_eq!(
            digest.summary,
            "Ana: The release moves to Friday.\nAna: Ben tests the import before that!\nAna: I write the notes"
        );
        let cited: Vec<i64> = digest.bullets.iter().map(|b| b.seqs[0].get()).collect();
        assert_eq!(cited, [2, 4, 6]);
    }

    #[test]
    fn parts_are_told_evenly() {
        let parts: Vec<Digest> = (0..5)
            .map(|n| Material::Lines(vec![line(n + 1, "a b c")]))
            .map(|lines| digest(&lines, &Telling::to_all(Style::Bullets)))
            .collect();
        let tail = vec![line(9, "and the end")];
        let whole = digest(
            &Material::Parts { parts, tail },
            &Telling::to_all(Style::Brief),
        );
        let cited: Vec<i64> = whole.bullets.iter().map(|b| b.seqs[0].get()).collect();
        assert_eq!(cited, [1, 3, 5]);
    }

    #[test]
    fn what_mentions_the_reader_comes_first() {
        let lines = [
            line(1, "One two three four five six"),
            line(2, "one two three four five"),
            line(3, "Could @Ben. look?"),
            line(4, "mail ben@benny.example and @benny about it all"),
        ];
        let material = Material::Lines(lines.to_vec());
        let cited = |telling: &Telling| -> Vec<i64> {
            let bullets = digest(&material, telling).bullets;
            bullets.iter().map(|b| b.seqs[0].get()).collect()
        };
        let to = |reader| Telling::to_reader(Style::Bullets, reader);
        assert_eq!(cited(&to("ben")), [3, 1, 2, 4]);
        assert_eq!(cited(&to("somebody")), [1, 2, 3, 4]);
        assert_eq!(cited(&Telling::to_all(Style::Bullets)), [1, 2, 3, 4]);
    }
}
