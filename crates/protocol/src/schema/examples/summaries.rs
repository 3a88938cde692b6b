//! Summaries.

use super::{Example, at};
use crate::ErrorCode;
use crate::shape::{NamedUser, Summary, SummaryBullet, SummaryDelta, SummaryFailure};

const TOLD: &str = "Ana moved the release to Friday.";

impl Example for Summary {
    fn example() -> Self {
        Self {
            summary: TOLD.to_owned(),
            bullets: vec![SummaryBullet {
                text: TOLD.to_owned(),
                seqs: vec![4, 7],
            }],
            from_seq: 2,
            to_seq: 9,
            message_count: 8,
            participants: Vec::<NamedUser>::example(),
            model: "gpt-4o-mini".to_owned(),
            cached: false,
            degraded: false,
            generated_at: at(180),
        }
    }
}

impl Example for SummaryDelta {
    fn example() -> Self {
        Self {
            text: "Ana moved the ".to_owned(),
        }
    }
}

impl Example for SummaryFailure {
    fn example() -> Self {
        Self {
            code: ErrorCode::NotFound,
        }
    }
}
