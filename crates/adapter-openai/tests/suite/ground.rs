//! A scripted model, its client, and the requests.

use std::time::Duration;

use adapter_openai::{OpenAi, OpenAiOptions};
use domain::port::Summariser as _;
use domain::port::summariser::{Digest, Line, Material, Piece, Style, SummariseError, Telling};
use domain::{Seq, Timestamp};
use futures::StreamExt as _;
use serde_json::{Value, json};
use servers::{Model, Reply, Request};

pub(crate) const KEY: &str = "sk-nobody-may-read-this";

/// Patient, since a machine that is busy is not a model that is slow.
pub(crate) fn options(model: &Model) -> OpenAiOptions {
    OpenAiOptions {
        base_url: model.url(),
        api_key: KEY.to_owned(),
        model: "a-model".to_owned(),
        first_byte_timeout: Duration::from_mins(1),
        timeout: Duration::from_mins(2),
        ..OpenAiOptions::default()
    }
}

pub(crate) fn asking(model: &Model) -> OpenAi {
    OpenAi::new(options(model)).unwrap()
}

pub(crate) fn line(seq: i64, speaker: &str, text: &str) -> Line {
    Line {
        seq: Seq::new(seq).unwrap(),
        speaker: speaker.to_owned(),
        at: Timestamp::from_millis(1_700_000_000_000 + seq),
        text: text.to_owned(),
    }
}

pub(crate) fn talk() -> Material {
    Material::Lines(vec![
        line(7, "ana", "The release moves to Friday."),
        line(8, "ben", "I test the importer on Thursday, @cleo helps."),
        line(9, "cleo", "It is at https://files.example/import?x=1."),
    ])
}

/// The outcome of an answer: what was streamed, and the final summary or why there is none.
pub(crate) struct Told {
    pub(crate) deltas: Vec<String>,
    pub(crate) end: Result<Digest, SummariseError>,
}

impl Told {
    pub(crate) fn digest(self) -> Digest {
        self.end.unwrap()
    }

    /// Everything that could be logged about it.
    pub(crate) fn error(&self) -> String {
        match &self.end {
            Err(SummariseError::Failed(failure)) => format!("{} {failure:?}", failure.chain()),
            Err(error) => format!("{error} {error:?}"),
            Ok(digest) => panic!("{digest:?}"),
        }
    }
}

pub(crate) async fn told(openai: &OpenAi, material: &Material) -> Told {
    let telling = Telling::to_reader(Style::Bullets, "ana");
    let mut deltas = Vec::new();
    let mut pieces = match openai.summarise(material, &telling).await {
        Ok(pieces) => pieces,
        Err(error) => {
            let end = Err(error);
            return Told { deltas, end };
        }
    };
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(Piece::Delta(delta)) => deltas.push(delta),
            Ok(Piece::Done(digest)) => {
                assert!(
                    pieces.next().await.is_none(),
                    "there is more after the whole"
                );
                assert_eq!(deltas.concat(), digest.summary);
                let end = Ok(digest);
                return Told { deltas, end };
            }
            Err(error) => {
                let end = Err(error);
                return Told { deltas, end };
            }
        }
    }
    panic!("it ends without an end: {deltas:?}");
}

/// Asks a model that gives this answer and no other.
pub(crate) async fn told_by(answer: &Value, material: &Material) -> Told {
    let model = Model::start();
    model.always(Reply::Words(ordered(answer)));
    told(&asking(&model), material).await
}

/// As models write it: the summary first.
pub(crate) fn ordered(answer: &Value) -> String {
    let (summary, bullets) = (&answer["summary"], &answer["bullets"]);
    format!("{{\"summary\": {summary}, \"bullets\": {bullets}}}")
}

pub(crate) fn answer(summary: &str, bullets: &[(&str, &[i64])]) -> Value {
    let bullets = bullets.iter();
    let bullets: Vec<Value> = bullets
        .map(|(text, seqs)| json!({ "text": text, "seqs": seqs }))
        .collect();
    json!({ "summary": summary, "bullets": bullets })
}

/// What the model was shown in the only call.
pub(crate) fn only(model: &Model) -> (Request, Value) {
    let mut requests = model.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let request = requests.remove(0);
    let data = serde_json::from_str(&request.said_by("user")).unwrap();
    (request, data)
}
