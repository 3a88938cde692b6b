//! The resources that processes have used, from the operating system's accounting.

use std::collections::HashMap;
use std::fs;
use std::process;

use anyhow::Context as _;

use crate::figures::float;

/// The unit of times in `/proc`, the same on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// The CPU seconds that a process has used since its start, including its descendants, even those that have
/// exited if it waited for them.
pub(crate) fn cpu_seconds(root: u32) -> f64 {
    let mut all = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let number = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some((number, times)) = number.and_then(|it| Some((it, Times::of(it)?))) {
            all.insert(number, times);
        }
    }
    let belongs = |mut process: u32| {
        while process != root {
            match all.get(&process) {
                Some(times) => process = times.parent,
                None => return false,
            }
        }
        true
    };
    let ours = all.iter().filter(|(process, _)| belongs(**process));
    float(ours.map(|(_, times)| times.ticks).sum()) / TICKS_PER_SECOND
}

/// The same for this process alone.
pub(crate) fn own_cpu_seconds() -> f64 {
    Times::of(process::id()).map_or(0.0, |times| float(times.ticks) / TICKS_PER_SECOND)
}

/// A process's resident memory in bytes.
pub(crate) fn resident_bytes(process: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    resident(&status).context("the system does not tell how much memory a process has")
}

/// How many files and sockets a process has open.
pub(crate) fn open_files(process: u32) -> anyhow::Result<usize> {
    Ok(fs::read_dir(format!("/proc/{process}/fd"))?.count())
}

fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

struct Times {
    parent: u32,
    ticks: u64,
}

impl Times {
    fn of(process: u32) -> Option<Self> {
        Self::read(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
    }

    /// The name ends at the last parenthesis, and may contain anything. Of the fields after it the second is
    /// the parent, and the twelfth to fifteenth are the user and system time of the process, and of the
    /// children that it waited for.
    fn read(stat: &str) -> Option<Self> {
        let (_, fields) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let times = fields.get(11..15)?;
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            ticks: times
                .iter()
                .filter_map(|ticks| ticks.parse::<u64>().ok())
                .sum(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn times_are_read_past_any_name() {
        let stat = "77 (a ) (b) S 12 77 77 0 -1 4194304 1 2 3 4 100 20 3 4 20 0 1 0 99 1 1";
        let times = Times::read(stat).unwrap();
        assert_eq!((times.parent, times.ticks), (12, 127));
    }

    #[test]
    fn resident_memory_is_told_in_bytes() {
        assert_eq!(
            resident("VmPeak:\t9 kB\nVmRSS:\t    12 kB\n"),
            Some(12 * 1024)
        );
        assert!(resident_bytes(process::id()).unwrap() > 0);
    }

    #[test]
    fn work_shows() {
        let before = own_cpu_seconds();
        while own_cpu_seconds() - before < 0.05 {
            black_box(before);
        }
        // Times are in hundredths of a second, rounded down twice.
        let own = own_cpu_seconds();
        assert!(cpu_seconds(process::id()) + 0.03 > own);
    }
}
