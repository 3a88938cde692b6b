//! How many messages a second Postgres acknowledges durably: committed in groups, and one by one.
//!
//! Users and rooms are the same in both cases, and so are the rows that are written: the message, its client
//! id, the head of its room and the cursors of its sender. As a baseline, bare message rows are also inserted
//! one by one, without anything that gives a message its position in a room.

use std::sync::Arc;
use std::time::Duration;

use application::messages::{GroupCommit, GroupCommitOptions};
use bench::{Bare, Sample, Town};
use domain::port::Messages;
use tokio_util::task::TaskTracker;

const WRITERS: usize = 256;
const ROOMS: usize = 200;
const CONNECTIONS: usize = 32;
const ROUNDS: usize = 5;
const SPAN: Duration = Duration::from_secs(5);

/// As in `config/default.toml`.
const OPTIONS: GroupCommitOptions = GroupCommitOptions {
    lanes: 4,
    lane_queue: 4_096,
    batch: 512,
};

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run())
}

#[expect(clippy::print_stdout, reason = "figures are what it is for")]
async fn run() -> anyhow::Result<()> {
    let town = Town::found(WRITERS, ROOMS, CONNECTIONS).await?;
    let alone: Arc<dyn Messages> = town.store();
    let tasks = TaskTracker::new();
    let lanes = Arc::new(GroupCommit::new(town.store(), OPTIONS, &tasks));
    let together: Arc<dyn Messages> = Arc::<GroupCommit>::clone(&lanes);
    let bare = Bare::prepare(&town, CONNECTIONS).await?;
    // A warm-up: afterwards statements are prepared, pages are cached, and WAL files are allocated.
    town.write(&together, WRITERS, SPAN).await?;
    town.write(&alone, CONNECTIONS, SPAN).await?;

    let mut ratios = Vec::with_capacity(ROUNDS);
    println!("how                        acked/s  p50 ms  p99 ms");
    for _ in 0..ROUNDS {
        let first = town.write(&together, WRITERS, SPAN).await?;
        tell("together, 256 writers", &first);
        let second = town.write(&alone, CONNECTIONS, SPAN).await?;
        tell("one by one, 32 connections", &second);
        tell("bare rows, 32 connections", &bare.write(SPAN).await?);
        ratios.push(first.rate() / second.rate());
    }
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("together against one by one, the median of {ROUNDS} rounds: {ratio:.1} times");
    lanes.close().await;
    town.leave().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "figures are what it is for")]
fn tell(how: &str, sample: &Sample) {
    let rate = sample.rate();
    let [p50, p99] = [50, 99].map(|p| sample.percentile(p).as_secs_f64() * 1000.0);
    println!("{how:<26}  {rate:>6.0}  {p50:>6.2}  {p99:>6.2}");
}
