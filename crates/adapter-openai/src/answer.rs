//! Parsing the complete answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::Seq;
use domain::port::summariser::Bullet;
use serde::Deserialize;

use crate::broken::Broken;
use crate::filter::Filter;
use crate::sources::Sources;

/// Maximum length of a summary, in characters.
pub(crate) const SUMMARY: usize = 4_000;
/// Maximum length of a bullet, in characters.
const POINT: usize = 1_000;
/// Maximum number of bullets.
const POINTS: usize = 20;
/// Maximum number of messages that a bullet may cite.
const PLACES: usize = 20;

#[derive(Deserialize)]
struct Answer {
    summary: String,
    bullets: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    text: String,
    seqs: Vec<i64>,
}

/// The summary and the bullets of an answer, without what the material does not support.
pub(crate) fn read(text: &str, sources: &Arc<Sources>) -> Result<(String, Vec<Bullet>), Broken> {
    let json = object(text).ok_or(Broken::Unusable)?;
    let answer: Answer = serde_json::from_str(json).map_err(|_no_summary| Broken::Unusable)?;
    let given = answer.bullets.len();
    let points = answer.bullets.into_iter();
    let bullets: Vec<Bullet> = points
        .filter_map(|point| bullet(&point, sources))
        .take(POINTS)
        .collect();
    let summary = Filter::whole(sources, &answer.summary, SUMMARY);
    // If nothing that it cites exists, nothing else in it can be trusted.
    let is_invented = given > 0 && bullets.is_empty();
    if summary.is_empty() || is_invented {
        return Err(Broken::Unusable);
    }
    Ok((summary, bullets))
}

/// The JSON object in a text; some models wrap it in a code block.
fn object(text: &str) -> Option<&str> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    text.get(start..=end)
}

fn bullet(point: &Point, sources: &Arc<Sources>) -> Option<Bullet> {
    let text = Filter::whole(sources, &point.text, POINT);
    let seqs: BTreeSet<Seq> = point
        .seqs
        .iter()
        .filter_map(|seq| Seq::new(*seq))
        .filter(|seq| sources.seqs.contains(seq))
        .collect();
    let bullet = Bullet {
        text,
        seqs: seqs.into_iter().take(PLACES).collect(),
    };
    (!bullet.text.is_empty() && !bullet.seqs.is_empty()).then_some(bullet)
}
