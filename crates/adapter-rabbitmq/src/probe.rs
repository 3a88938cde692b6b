//! Whether RabbitMQ answers.

use async_trait::async_trait;
use domain::Failure;
use domain::port::Probe;

use crate::port::RabbitJobs;
use crate::wire::in_time;

#[async_trait]
impl Probe for RabbitJobs {
    fn name(&self) -> &'static str {
        "jobs"
    }

    async fn check(&self) -> Result<(), Failure> {
        let checked = async {
            let channel = self.wire.channel().await?;
            in_time(channel.close(200, "well".into())).await
        };
        checked
            .await
            .map_err(|broken: crate::failure::Broken| broken.into_failure("answer"))
    }
}
