//! The names of messages, which are times.

use std::cmp::Ordering;

use domain::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The beginning of the year 2100, in seconds. Later times are invalid.
const END: i64 = 4_102_444_800;

/// When a message was posted, which is also its name in its channel: `1355517523.000005`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::command::import) struct Moment {
    at: Timestamp,
    name: String,
}

impl Moment {
    pub(in crate::command::import) fn parse(name: &str) -> Option<Self> {
        let (seconds, fraction) = name.split_once('.').unwrap_or((name, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if seconds.is_empty() || !digits(seconds) || !digits(fraction) || fraction.len() > 12 {
            return None;
        }
        let seconds: i64 = seconds.parse().ok().filter(|seconds| *seconds < END)?;
        let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
        let millis: i64 = millis.parse().ok()?;
        let total = seconds.checked_mul(1000)?.checked_add(millis)?;
        Some(Self {
            at: Timestamp::from_millis(total),
            name: name.to_owned(),
        })
    }

    /// A time that is not the name of a message, in whole seconds.
    pub(in crate::command::import) fn seconds(seconds: i64) -> Option<Timestamp> {
        let sane = (1..END).contains(&seconds);
        sane.then(|| Timestamp::from_millis(seconds.saturating_mul(1000)))
    }

    pub(in crate::command::import) const fn at(&self) -> Timestamp {
        self.at
    }

    pub(in crate::command::import) fn name(&self) -> &str {
        &self.name
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at).then(self.name.cmp(&other.name))
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::parse(&name).ok_or_else(|| {
            serde::de::Error::custom(format_args!("{name:?} is not the time of a message"))
        })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_times() {
        let millis = |name| Moment::parse(name).map(|moment| moment.at().as_millis());
        assert_eq!(millis("1355517523.000005"), Some(1_355_517_523_000));
        assert_eq!(millis("1355517523.25"), Some(1_355_517_523_250));
        assert_eq!(millis("1355517523"), Some(1_355_517_523_000));
        for odd in [
            "yesterday",
            "",
            ".5",
            "-1.0",
            "+1.0",
            "1.2.3",
            "4102444800.0",
        ] {
            assert_eq!(millis(odd), None, "{odd}");
        }
        assert_eq!(millis("99999999999999999999.0"), None);
    }

    #[test]
    fn of_one_millisecond_the_name_decides() {
        let moment = |name| Moment::parse(name).unwrap();
        assert!(moment("1.000100") < moment("1.000200"));
        assert!(moment("9.0") < moment("10.0"));
    }
}
