//! How answers are read.

use domain::port::summariser::{Bullet, Material, SummariseError};
use servers::{Model, Reply};

use crate::ground::{answer, asking, line, only, ordered, talk, told, told_by};

fn seqs(bullet: &Bullet) -> Vec<i64> {
    bullet.seqs.iter().map(|seq| seq.get()).collect()
}

#[tokio::test]
async fn words_come_as_they_are_said_and_tokens_are_counted() {
    let model = Model::start();
    let told = told(&asking(&model), &talk()).await;
    assert!(told.deltas.len() > 3, "{:?}", told.deltas);
    assert!(told.deltas.iter().all(|delta| !delta.contains(['{', '"'])));
    let digest = told.digest();
    assert!(digest.summary.contains("release moves to Friday"));
    assert_eq!(digest.model, "a-model/summary-2");
    assert_eq!(
        digest.bullets.iter().map(seqs).collect::<Vec<_>>(),
        [[7], [8], [9]]
    );
    let (request, _) = only(&model);
    assert_eq!(digest.tokens.0, request.tokens());
    assert!(digest.tokens.1 > 0);
    assert_eq!(request.body["max_completion_tokens"], 4_000);
}

#[tokio::test]
async fn tokens_are_estimated_where_the_server_does_not_count() {
    let model = Model::start();
    model.without_usage();
    let digest = told(&asking(&model), &talk()).await.digest();
    let (request, _) = only(&model);
    let (sent, heard) = digest.tokens;
    let (least, most) = (request.tokens() * 9 / 10, request.tokens() * 11 / 10);
    assert!(
        (least..=most).contains(&sent),
        "{sent} of {least} to {most}"
    );
    assert!(heard > 20);
}

#[tokio::test]
async fn only_what_was_given_is_cited() {
    let bullets: [(&str, &[i64]); 4] = [
        ("a", &[9, 7, 7, 99]),
        ("nowhere", &[1, 99_999]),
        ("no place", &[]),
        ("beyond", &[-1, i64::MAX, 8]),
    ];
    let digest = told_by(&answer("s", &bullets), &talk()).await.digest();
    let kept: Vec<Vec<i64>> = digest.bullets.iter().map(seqs).collect();
    assert_eq!(kept, [vec![7, 9], vec![8]]);
}

#[tokio::test]
async fn an_answer_that_cites_nothing_real_is_no_answer() {
    let told = told_by(&answer("s", &[("x", &[99])]), &talk()).await;
    assert!(matches!(told.end, Err(SummariseError::Refused)));
}

#[tokio::test]
async fn links_and_mentions_that_nobody_made_are_taken_out() {
    let summary = "Ana (see https://evil.example/a) told @cleo and @everyone: \
                   https://files.example/import?x=1.";
    let bullet = "Click [here](javascript:alert(1)) or www.evil.example, @ben";
    let told = told_by(&answer(summary, &[(bullet, &[8])]), &talk()).await;
    assert!(!told.deltas.concat().contains("evil"));
    let digest = told.digest();
    assert_eq!(
        digest.summary,
        "Ana (see …) told @cleo and everyone: https://files.example/import?x=1."
    );
    assert_eq!(digest.bullets[0].text, "Click [here](…(1)) or …, ben");
}

#[tokio::test]
async fn what_is_no_summary_is_refused() {
    for words in [
        "I am sorry, I cannot help with that.",
        "{\"summary\": 7, \"bullets\": []}",
        "{\"summary\": \"x\"}",
        "{\"summary\": \"x\", \"bullets\": [{\"text\": \"a\", \"seqs\": [7.5]}]}",
        "{\"summary\": \"x\", \"bullets\": [}",
        "{\"summary\": \" \", \"bullets\": []}",
        "{\"bullets\": [], \"summary\": \"x\", \"summary\": \"y\"}",
    ] {
        let model = Model::start();
        model.always(Reply::Words(words.to_owned()));
        let told = told(&asking(&model), &talk()).await;
        assert!(matches!(told.end, Err(SummariseError::Refused)), "{words}");
    }
}

#[tokio::test]
async fn an_answer_in_another_order_or_in_a_block_of_code_will_do() {
    for words in [
        "{\"bullets\": [{\"seqs\": [7], \"text\": \"a\"}], \"summary\": \"All of it.\"}",
        "Here it is:\n```json\n{\"summary\": \"All of it.\", \"bullets\": []}\n```",
    ] {
        let model = Model::start();
        model.always(Reply::Words(words.to_owned()));
        let digest = told(&asking(&model), &talk()).await.digest();
        assert_eq!(digest.summary, "All of it.");
    }
}

#[tokio::test]
async fn text_from_right_to_left_is_told_as_it_is() {
    let said = "الإصدار يوم الجمعة، راجع https://a.example/א";
    let material = Material::Lines(vec![
        line(3, "ליאור", said),
        line(4, "سارة", "נדחה ליום שישי"),
    ]);
    let summary = "سارة: الإصدار يوم الجمعة.\u{202e} ליאור אמר \"נדחה\" 🎉.";
    let words = ordered(&answer(summary, &[("ליאור דחה את הגרסה.", &[4])]));
    let model = Model::start();
    // Some servers escape everything that is not ASCII, as surrogate pairs.
    let escaped: String = words
        .encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect();
    model.next([Reply::Words(words), Reply::Words(escaped)]);
    let openai = asking(&model);
    for _ in 0..2 {
        let digest = told(&openai, &material).await.digest();
        assert_eq!(
            digest.summary,
            "سارة: الإصدار يوم الجمعة. ליאור אמר \"נדחה\" 🎉."
        );
        assert_eq!(digest.bullets[0].text, "ליאור דחה את הגרסה.");
    }
}
