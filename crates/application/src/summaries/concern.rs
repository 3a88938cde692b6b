//! What in a summary concerns the reader who asks for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::port::summariser::{Bullet, Digest, Material};
use domain::{Seq, Username};

use super::gather::Spoken;
use super::range_summary::RangeSummary;
use crate::messages::names_person;

/// Whether any of it mentions the reader.
pub(super) fn concerns(reader: &Username, parts: &[Arc<RangeSummary>], tail: &Spoken) -> bool {
    let told = parts.iter().flat_map(|part| {
        let bullets = part
            .digest
            .bullets
            .iter()
            .map(|bullet| bullet.text.as_str());
        bullets.chain([part.digest.summary.as_str()])
    });
    let said = tail.lines.iter().map(|line| line.text.as_str());
    told.chain(said).any(|text| names_person(text, reader))
}

/// The same digest with the bullets first that mention the reader, or cite a message that does: the
/// model is asked to put them there, but does not always.
pub(super) fn put_first(mut digest: Digest, reader: &Username, material: &Material) -> Digest {
    let (Material::Lines(lines) | Material::Parts { tail: lines, .. }) = material;
    let theirs = lines.iter().filter(|line| names_person(&line.text, reader));
    let theirs: BTreeSet<Seq> = theirs.map(|line| line.seq).collect();
    let is_theirs = |bullet: &Bullet| {
        bullet.seqs.iter().any(|seq| theirs.contains(seq)) || names_person(&bullet.text, reader)
    };
    digest.bullets.sort_by_key(|bullet| !is_theirs(bullet));
    digest
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::port::summariser::Line;

    use super::*;
    use crate::testing::seq;

    fn line(place: i64, text: &str) -> Line {
        Line {
            seq: seq(place),
            speaker: "Ana".to_owned(),
            at: Timestamp::from_millis(0),
            text: text.to_owned(),
        }
    }

    fn digest(bullets: &[(&str, &[i64])]) -> Digest {
        let bullets = bullets.iter().map(|(text, places)| Bullet {
            text: (*text).to_owned(),
            seqs: places.iter().map(|place| seq(*place)).collect(),
        });
        Digest {
            summary: String::new(),
            bullets: bullets.collect(),
            model: "model/1".to_owned(),
            tokens: (0, 0),
        }
    }

    #[test]
    fn what_concerns_the_reader_comes_first_in_the_order_in_which_it_was_told() {
        let reader = Username::parse("ben").unwrap();
        let tail = vec![line(3, "@ben, can you look?"), line(9, "@benny too")];
        let material = Material::Parts {
            parts: Vec::new(),
            tail,
        };
        let told = digest(&[
            ("the release moves", &[1]),
            ("benny is asked", &[9]),
            ("Ana needs somebody to look", &[2, 3]),
            ("@Ben writes the notes", &[5]),
        ]);
        let ordered = put_first(told, &reader, &material);
        let firsts: Vec<i64> = ordered.bullets.iter().map(|it| it.seqs[0].get()).collect();
        assert_eq!(firsts, [2, 5, 1, 9]);
    }
}
