//! A rate limit, as one text.

use std::time::Duration;

use domain::port::limiter::Limit;
use serde::de::{Deserialize as _, Deserializer, Error as _};

const FORM: &str = "must be points/seconds like 5/10, or 0 for no limit";

/// Parses `points/seconds`; 0 points mean no limit.
pub(crate) fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Limit, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn parse(text: &str) -> Result<Limit, &'static str> {
    let (points, seconds) = text.split_once('/').unwrap_or((text, ""));
    let points: u32 = points.trim().parse().map_err(|_not_a_number| FORM)?;
    if points == 0 {
        return Ok(Limit {
            points,
            per: Duration::ZERO,
        });
    }
    let seconds: u32 = seconds.trim().parse().map_err(|_not_a_number| FORM)?;
    if seconds == 0 {
        return Err(FORM);
    }
    Ok(Limit {
        points,
        per: Duration::from_secs(seconds.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_seconds() {
        let limit = parse(" 5 / 10 ").unwrap();
        assert_eq!((limit.points, limit.per), (5, Duration::from_secs(10)));
    }

    #[test]
    fn no_points_are_no_limit() {
        assert!(parse("0").unwrap().is_none());
        assert!(parse("0/10").unwrap().is_none());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "5",
            "5/0",
            "-1/10",
            "5/10/2",
            "five/ten",
            "5000000000/1",
        ] {
            assert_eq!(parse(text), Err(FORM), "{text}");
        }
    }
}
