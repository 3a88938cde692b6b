//! Summaries of summaries and the messages after them.

use adapter_extractive::Extractive;
use domain::port::summariser::{Line, Material, Style, Telling};
use domain::{Seq, Timestamp};

use crate::conversation::conversations;

fn line(seq: i64, speaker: &str, text: &str) -> Line {
    Line {
        seq: Seq::new(seq).unwrap(),
        speaker: speaker.to_owned(),
        at: Timestamp::from_millis(seq * 1_000),
        text: text.to_owned(),
    }
}

/// A conversation cut into chunks, each summarised by itself, and the rest as messages.
fn cut(lines: &[Line], chunk: usize, tail: usize) -> Material {
    let (told, tail) = lines.split_at(lines.len().saturating_sub(tail));
    let parts = told.chunks(chunk).map(|chunk| {
        let material = Material::Lines(chunk.to_vec());
        Extractive::new().digest(&material, &Telling::to_all(Style::Bullets))
    });
    Material::Parts {
        parts: parts.collect(),
        tail: tail.to_vec(),
    }
}

#[test]
fn what_matters_survives_being_told_twice() {
    let (mut told, mut facts) = (0, 0);
    for conversation in conversations() {
        let material = cut(&conversation.lines, 15, 10);
        let digest = Extractive::new().digest(&material, &Telling::to_all(Style::Bullets));
        let score = conversation.score(&digest);
        told += score.told;
        facts += score.facts;
    }
    let score = told * 100 / facts;
    println!("{score} of 100 facts are told by summaries of summaries");
    assert!(score >= 65, "only {score} of 100 facts are told");
}

#[test]
fn what_is_fresh_is_not_crowded_out() {
    let before: Vec<Line> = conversations()
        .into_iter()
        .filter(|it| it.language == "English")
        .flat_map(|it| it.lines)
        .zip(1..)
        .map(|(line, seq)| Line {
            seq: Seq::new(seq).unwrap(),
            ..line
        })
        .collect();
    let last = i64::try_from(before.len()).unwrap();
    let mut lines = before;
    lines.push(line(last + 1, "ana", "hi again"));
    lines.push(line(
        last + 2,
        "ana",
        "The warehouse floods, everybody leave by gate 4.",
    ));
    let material = cut(&lines, 20, 2);
    let digest = Extractive::new().digest(&material, &Telling::to_all(Style::Bullets));
    let fresh = digest.bullets.last().unwrap();
    assert_eq!(
        fresh.text,
        "ana: The warehouse floods, everybody leave by gate 4."
    );
    assert!(
        digest
            .bullets
            .windows(2)
            .all(|pair| pair[0].seqs[0] < pair[1].seqs[0])
    );
}

#[test]
fn what_was_said_long_after_a_question_is_no_answer_to_it() {
    let asked = "@ben which of the two importers keeps the attachments?";
    let said = "The old importer keeps the attachments, the new one loses them.";
    let told = |place| {
        let tail = vec![line(1, "ana", asked), line(place, "carl", said)];
        let parts = Vec::new();
        let telling = Telling::to_reader(Style::Bullets, "ben");
        Extractive::new().digest(&Material::Parts { parts, tail }, &telling)
    };
    let places = |place| -> Vec<i64> {
        let digest = told(place);
        let first = digest.bullets.first().unwrap();
        first.seqs.iter().map(|seq| seq.get()).collect()
    };
    assert_eq!(places(3), [1, 3]);
    assert_eq!(places(400), [1]);
}
