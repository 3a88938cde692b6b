//! Telling what was said, in short, in the words of those who said it.

use async_trait::async_trait;
use domain::port::Summariser;
use domain::port::summariser::{
    Bullet, Digest, Line, Material, Piece, Pieces, Style, SummariseError,
};
use domain::search_text::words;
use futures::{StreamExt as _, stream};

/// Picks the messages with the most different words and quotes how each begins.
///
/// It weighs nothing, so it is for tests and for a server that should answer something at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemorySummariser;

const MAKER: &str = "leading-sentences/1";

#[async_trait]
impl Summariser for MemorySummariser {
    fn maker(&self) -> &str {
        MAKER
    }

    async fn summarise(&self, material: &Material, style: Style) -> Result<Pieces, SummariseError> {
        let digest = digest(material, style);
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

fn digest(material: &Material, style: Style) -> Digest {
    let most = match style {
        Style::Bullets => 8,
        Style::Brief => 3,
    };
    let bullets = match material {
        Material::Lines(lines) => quotes(lines, most),
        Material::Parts { parts, tail } => {
            let told = parts.iter().flat_map(|part| part.bullets.iter().cloned());
            spread(told.chain(quotes(tail, most)).collect(), most)
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

/// The richest lines, in the order in which they were said.
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

/// The first sentence, in one line, cut where it goes on for long.
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

/// At most so many of the bullets, taken evenly from all of them.
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
        let digest = digest(&Material::Lines(lines.to_vec()), Style::Brief);
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
            .map(|n| digest(&Material::Lines(vec![line(n + 1, "a b c")]), Style::Bullets))
            .collect();
        let tail = vec![line(9, "and the end")];
        let whole = digest(&Material::Parts { parts, tail }, Style::Brief);
        let cited: Vec<i64> = whole.bullets.iter().map(|b| b.seqs[0].get()).collect();
        assert_eq!(cited, [1, 3, 5]);
    }
}
