//! What somebody missed.

use insta::assert_json_snapshot;

use super::scene::survives;
use crate::schema::Example as _;
use crate::shape::{Summary, SummaryDelta, SummaryFailure};

#[test]
fn a_summary() {
    let summary = Summary {
        participants: Vec::new(),
        ..Summary::example()
    };
    assert_json_snapshot!(summary, @r#"
    {
      "summary": "Ana moved the release to Friday.",
      "bullets": [
        {
          "text": "Ana moved the release to Friday.",
          "seqs": [
            4,
            7
          ]
        }
      ],
      "fromSeq": 2,
      "toSeq": 9,
      "messageCount": 8,
      "participants": [],
      "model": "gpt-4o-mini",
      "cached": false,
      "degraded": false,
      "generatedAt": "2026-01-02T03:07:05.678Z"
    }
    "#);
    survives(&Summary::example());
}

#[test]
fn what_its_stream_carries() {
    assert_json_snapshot!(SummaryDelta::example(), @r#"
    {
      "text": "Ana moved the "
    }
    "#);
    assert_json_snapshot!(SummaryFailure::example(), @r#"
    {
      "code": "not_found"
    }
    "#);
    survives(&SummaryDelta::example());
    survives(&SummaryFailure::example());
}
