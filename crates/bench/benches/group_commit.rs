//! How many messages a second the application acknowledges durably on SQLite: for a single writer, and for
//! many writers whose messages are committed together.

use std::time::Duration;

use bench::Crowd;

const WRITERS: [usize; 3] = [1, 32, 256];
const SPAN: Duration = Duration::from_secs(5);

#[expect(clippy::print_stdout, reason = "figures are what it is for")]
fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let crowd = Crowd::gather(folder.path(), 256).await?;
        crowd.write(32, Duration::from_secs(1)).await?;

        println!("writers  acked/s  p50 ms  p99 ms  against one writer");
        let mut alone = None;
        for writers in WRITERS {
            let sample = crowd.write(writers, SPAN).await?;
            let rate = sample.rate();
            let ratio = rate / *alone.get_or_insert(rate);
            let [p50, p99] = [50, 99].map(|p| sample.percentile(p).as_secs_f64() * 1000.0);
            println!("{writers:>7}  {rate:>7.0}  {p50:>6.2}  {p99:>6.2}  {ratio:>6.1} times");
        }
        crowd.disperse().await;
        Ok(())
    })
}
