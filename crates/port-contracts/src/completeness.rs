//! No obligation without a test, and no test without an obligation.

/// The names that a port's documents give to its obligations: the code at the start of each bullet.
fn promised(source: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for bullet in source
        .lines()
        .filter_map(|line| line.strip_prefix("/// - `"))
    {
        let mut rest = bullet;
        while let Some((name, after)) = rest.split_once('`') {
            names.push(name);
            let Some(more) = after.strip_prefix(", `") else {
                break;
            };
            rest = more;
        }
    }
    names.sort_unstable();
    names
}

macro_rules! complete {
    ($($port:ident)*) => {$(
        #[test]
        fn $port() {
            let source = include_str!(concat!("../../domain/src/port/", stringify!($port), ".rs"));
            let mut tested = crate::$port::OBLIGATIONS.to_vec();
            tested.sort_unstable();
            assert_eq!(promised(source), tested);
        }
    )*};
}

complete! {
    blocks users messages rooms room_log search members invites cursors media outbox upkeep
    sessions profiles presence limiter cache ids clock probe
    blobs summariser passwords access_tokens
}
