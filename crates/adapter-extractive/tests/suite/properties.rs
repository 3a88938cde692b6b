//! Properties that hold for any material.

use std::collections::BTreeSet;

use adapter_extractive::Extractive;
use domain::port::summariser::{Digest, Line, Material, Style, Telling};
use domain::{Seq, Timestamp};
use proptest::prelude::*;

/// Texts that nobody would write, and some that people do.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-d]{1,3}( [a-d]{1,3}){0,12}[.?!]?",
        "[ -~]{0,60}",
        "(@ana|```|\n|> |https://x\\.y/z|14:30|\\?|。|数据|релиз|שלום|क्या|👍| ){0,20}",
    ]
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let said = (prop_oneof![Just("ana"), Just("Бен"), Just("")], text());
    prop::collection::vec(said, 0..40).prop_map(|said| {
        let lines = said.into_iter().zip(1..);
        let line = |((speaker, text), place): ((&str, String), i64)| Line {
            seq: Seq::new(place * 3).unwrap(),
            speaker: speaker.to_owned(),
            at: Timestamp::from_millis(place),
            text,
        };
        lines.map(line).collect()
    })
}

fn telling() -> impl Strategy<Value = Telling> {
    let style = prop_oneof![Just(Style::Bullets), Just(Style::Brief)];
    let reader = prop::option::of(Just("ana".to_owned()));
    (style, reader).prop_map(|(style, reader)| Telling { style, reader })
}

fn is_sound(digest: &Digest, given: &BTreeSet<Seq>, said: bool) {
    assert_eq!(digest.summary.is_empty(), !said, "{digest:?}");
    assert!(digest.bullets.len() <= 12);
    for bullet in &digest.bullets {
        assert!(
            !bullet.text.trim().is_empty() && !bullet.seqs.is_empty(),
            "{bullet:?}"
        );
        assert!(
            bullet.seqs.iter().all(|seq| given.contains(seq)),
            "{bullet:?}"
        );
        assert!(bullet.text.chars().all(|it| !it.is_control()), "{bullet:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_talk_is_told_soundly_and_always_the_same(lines in lines(), telling in telling()) {
        let given = lines.iter().map(|line| line.seq).collect();
        let said = !lines.is_empty();
        let material = Material::Lines(lines);
        let digest = Extractive::new().digest(&material, &telling);
        is_sound(&digest, &given, said);
        prop_assert_eq!(&digest, &Extractive::new().digest(&material, &telling));
    }

    #[test]
    fn so_are_summaries_of_summaries(
        lines in lines(),
        tail in lines(),
        telling in telling(),
    ) {
        let chunks = lines.chunks(10).map(|chunk| Material::Lines(chunk.to_vec()));
        let chunk = |material: Material| {
            Extractive::new().digest(&material, &Telling::to_all(Style::Bullets))
        };
        let parts: Vec<Digest> = chunks.map(chunk).collect();
        let given = lines.iter().chain(&tail).map(|line| line.seq).collect();
        let told = parts.iter().any(|part| !part.bullets.is_empty());
        let said = told || !tail.is_empty();
        let material = Material::Parts { parts, tail };
        let digest = Extractive::new().digest(&material, &telling);
        is_sound(&digest, &given, said);
        prop_assert_eq!(&digest, &Extractive::new().digest(&material, &telling));
    }
}
