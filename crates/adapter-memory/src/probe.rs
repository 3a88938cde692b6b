//! Health checks of the backends. Inside the process they always answer.

use async_trait::async_trait;
use domain::Failure;
use domain::port::Probe;

use crate::{
    MemoryBlobs, MemoryBus, MemoryCache, MemoryJobs, MemoryLimiter, MemoryPresence, MemoryProfiles,
    MemorySessions, MemoryStore, MemorySummariser,
};

macro_rules! answers {
    ($($backend:ident: $name:literal;)*) => {$(
        #[async_trait]
        impl Probe for $backend {
            fn name(&self) -> &'static str {
                $name
            }

            async fn check(&self) -> Result<(), Failure> {
                Ok(())
            }
        }
    )*};
}

answers! {
    MemoryStore: "store";
    MemorySessions: "sessions";
    MemoryProfiles: "profiles";
    MemoryPresence: "presence";
    MemoryLimiter: "limits";
    MemoryBus: "bus";
    MemoryCache: "cache";
    MemoryJobs: "jobs";
    MemoryBlobs: "media";
    MemorySummariser: "summaries";
}
