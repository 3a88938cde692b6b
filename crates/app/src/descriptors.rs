//! The limit on open files.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What is open besides connections: the database, the listeners, the log.
const OTHERS: u64 = 256;

/// Raises the limit for this many connections, and warns if it stays too low.
pub(crate) fn make_room(connections: usize) {
    let wished = u64::try_from(connections).map_or(u64::MAX, |count| count.saturating_add(OTHERS));
    let limit = getrlimit(Resource::Nofile);
    let Some(raised) = raised(&limit, wished) else {
        return;
    };
    let given = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => raised.current,
        Err(error) => {
            tracing::warn!(%error, "could not raise the limit of open files");
            limit.current
        }
    };
    if given.is_some_and(|given| given < wished) {
        tracing::warn!(
            given,
            wished,
            "connections beyond the limit of open files will wait: raise it (ulimit -n, LimitNOFILE), \
             or lower http.max_connections"
        );
    }
}

/// The limit to set, unless the current one suffices. `None` within it means unlimited.
fn raised(limit: &Rlimit, wished: u64) -> Option<Rlimit> {
    if limit.current.is_none_or(|current| current >= wished) {
        return None;
    }
    let possible = limit.maximum.map_or(wished, |most| most.min(wished));
    Some(Rlimit {
        current: Some(possible),
        maximum: limit.maximum,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(current: Option<u64>, maximum: Option<u64>) -> Rlimit {
        Rlimit { current, maximum }
    }

    #[test]
    fn a_limit_is_raised_as_far_as_it_may_be() {
        let after = |current, maximum| raised(&limit(current, maximum), 5000).map(|it| it.current);
        assert_eq!(after(Some(1024), Some(524_288)), Some(Some(5000)));
        assert_eq!(after(Some(1024), None), Some(Some(5000)));
        assert_eq!(after(Some(1024), Some(4096)), Some(Some(4096)));
    }

    #[test]
    fn what_is_enough_stays() {
        assert_eq!(raised(&limit(Some(5000), Some(5000)), 5000), None);
        assert_eq!(raised(&limit(None, None), 5000), None);
    }
}
