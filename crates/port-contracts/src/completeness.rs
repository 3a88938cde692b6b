//! Checks that every obligation has a test, and every test an obligation.

/// The obligations that a port's documentation names: the code at the start of each bullet.
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
    ($($port:ident)*) => {
        const PORTS: &[&str] = &[$(stringify!($port)),*];

        $(
            #[test]
            fn $port() {
                const SOURCE: &str =
                    include_str!(concat!("../../domain/src/port/", stringify!($port), ".rs"));
                let mut tested = crate::$port::OBLIGATIONS.to_vec();
                tested.sort_unstable();
                assert_eq!(promised(SOURCE), tested);
            }
        )*
    };
}

complete! {
    access_tokens blobs blocks budget bus cache clock cursors ids invites jobs limiter media members
    messages notifier outbox passwords pictures presence probe profiles push_subscriptions pusher room_log rooms
    search sessions summariser upkeep users webhook_log webhook_sender webhooks
}

#[test]
fn every_port_is_among_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/src/port");
    let mut ports: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "mod")
        .collect();
    ports.sort_unstable();
    assert_eq!(ports, PORTS);
}
