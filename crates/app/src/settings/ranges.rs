//! The range of each number.

use super::draft::Draft;
use super::error::SettingsError;

/// Every setting that is a number, with its minimum and maximum.
const RANGES: [(&str, i64, i64); 25] = [
    ("http.port", 0, 65_535),
    ("http.workers", 0, 1_024),
    // Ten years.
    ("http.hsts_seconds", 0, 315_360_000),
    ("http.shutdown_seconds", 1, 3_600),
    ("http.max_connections", 1, 10_000_000),
    ("database.connections", 1, 1_000),
    ("redis.connections", 1, 1_000),
    ("jobs.tries", 1, 100),
    ("openai.context_tokens", 8_000, 100_000_000),
    ("summaries.stretch", 10, 2_000),
    ("summaries.gathered", 2, 100),
    ("summaries.reach", 0, 1_000_000_000),
    ("summaries.at_once", 1, 256),
    ("summaries.daily_tokens", 0, 1_000_000_000_000),
    ("summaries.worth", 0, 1_000_000_000),
    // About an hour of video: an upload may take an hour, and a picture is decoded as a whole.
    ("media.max_bytes", 1, 1_073_741_824),
    ("media.quota_bytes", 0, 1_000_000_000_000_000),
    ("media.at_once", 1, 1_024),
    ("auth.refresh_days", 1, 3_650),
    // The range of bcrypt.
    ("auth.bcrypt_cost", 4, 31),
    ("auth.hashing_threads", 0, 256),
    ("auth.hashing_queue", 1, 100_000),
    ("group_commit.lanes", 1, 256),
    ("group_commit.lane_queue", 1, 1_000_000),
    // SQLite and Postgres limit the parameters of a statement.
    ("group_commit.batch", 1, 2_048),
];

pub(super) fn check(draft: &Draft) -> Result<(), SettingsError> {
    for (key, least, greatest) in RANGES {
        let within = |number| (least..=greatest).contains(&number);
        if !draft.number(key).is_some_and(within) {
            return Err(draft.bad(key, format!("must be from {least} to {greatest}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_bounds() {
        let draft = Draft::of_defaults().unwrap();
        let numbers: Vec<_> = draft
            .keys()
            .filter(|key| draft.number(key).is_some())
            .collect();
        let mut bounded: Vec<_> = RANGES.iter().map(|(key, _, _)| *key).collect();
        bounded.sort_unstable();
        assert_eq!(numbers, bounded);
    }
}
