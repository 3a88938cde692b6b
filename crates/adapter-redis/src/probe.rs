//! Whether Redis answers, and whether notices are arriving.

use async_trait::async_trait;
use domain::Failure;
use domain::port::Probe;

use crate::failure::Call;
use crate::link::Link;
use crate::store::RedisStore;

#[async_trait]
impl Probe for RedisStore {
    fn name(&self) -> &'static str {
        "bus"
    }

    async fn check(&self) -> Result<(), Failure> {
        let call = Call::new("bus", "answer");
        let run = |mut link: Link| async move { link.ping().await };
        self.calls.run(call, run).await?;
        let there = self.bus.is_subscribed().await;
        there.map_err(|broken| broken.into_failure(call))
    }
}
