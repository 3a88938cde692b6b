//! Spending per day.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::Failure;
use domain::port::Budget;
use domain::port::budget::Day;

use crate::lock::lock;

/// How many days are remembered: more than differing clocks and work that runs past midnight can touch.
const DAYS: usize = 64;

/// Counts what this process spends, for each of the last days.
#[derive(Debug, Default)]
pub struct MemoryBudget(Mutex<BTreeMap<Day, u64>>);

#[async_trait]
impl Budget for MemoryBudget {
    async fn set_aside(&self, day: Day, amount: u64, most: u64) -> Result<bool, Failure> {
        let mut days = lock(&self.0);
        let taken = days.get(&day).copied().unwrap_or(0);
        let Some(then) = taken.checked_add(amount).filter(|then| *then <= most) else {
            return Ok(false);
        };
        days.insert(day, then);
        while days.len() > DAYS {
            days.pop_first();
        }
        Ok(true)
    }

    async fn settle(&self, day: Day, set_aside: u64, spent: u64) -> Result<(), Failure> {
        let mut days = lock(&self.0);
        let taken = days.entry(day).or_default();
        *taken = taken.saturating_add(spent).saturating_sub(set_aside);
        Ok(())
    }

    async fn taken(&self, day: Day) -> Result<u64, Failure> {
        Ok(lock(&self.0).get(&day).copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn days_long_gone_are_forgotten() {
        let budget = MemoryBudget::default();
        for day in 0..1_000 {
            assert!(budget.set_aside(Day(day), 1, 1).await.unwrap());
        }
        assert_eq!(lock(&budget.0).len(), DAYS);
        assert_eq!(budget.taken(Day(999)).await.unwrap(), 1);
    }
}
