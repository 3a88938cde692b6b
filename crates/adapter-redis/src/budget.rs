//! The daily spending of all nodes together.

use async_trait::async_trait;
use deadpool_redis::redis::cmd;
use domain::Failure;
use domain::port::Budget;
use domain::port::budget::Day;

use crate::failure::Call;
use crate::script::{SET_ASIDE, SETTLE};
use crate::store::RedisStore;

/// How long a day is remembered after its last change: nobody asks about it later than that.
const SECONDS: u64 = 3 * 24 * 60 * 60;

/// The largest integer that a script handles exactly. Budgets and costs are capped at it.
const MOST: u64 = 1 << 53;

#[async_trait]
impl Budget for RedisStore {
    async fn set_aside(&self, day: Day, amount: u64, most: u64) -> Result<bool, Failure> {
        if amount >= MOST {
            return Ok(false);
        }
        let keys = &[self.keys.budget(day)];
        let args = &(amount, most.min(MOST), SECONDS);
        let call = Call::new("budget", "set aside");
        self.calls
            .run_once(call, |link| SET_ASIDE.run(link, keys, args))
            .await
    }

    async fn settle(&self, day: Day, set_aside: u64, spent: u64) -> Result<(), Failure> {
        let keys = &[self.keys.budget(day)];
        let args = &(set_aside.min(MOST), spent.min(MOST), SECONDS);
        let call = Call::new("budget", "settle");
        self.calls
            .run_once(call, |link| SETTLE.run(link, keys, args))
            .await
    }

    async fn taken(&self, day: Day) -> Result<u64, Failure> {
        let mut get = cmd("GET");
        get.arg(self.keys.budget(day));
        let taken: Option<u64> = self.ask(Call::new("budget", "tell"), &get).await?;
        Ok(taken.unwrap_or(0))
    }
}
