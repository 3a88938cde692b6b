//! Whether the store is reachable.

use async_trait::async_trait;
use domain::Failure;
use domain::port::Probe;
use object_store::ObjectStoreExt as _;

use crate::failure::{is_absent, of};
use crate::store::BlobStore;

#[async_trait]
impl Probe for BlobStore {
    fn name(&self) -> &'static str {
        "media"
    }

    /// Asks for something that does not exist: a store that says so is reachable and accepts our
    /// credentials.
    async fn check(&self) -> Result<(), Failure> {
        match self.objects.head(&self.places.nowhere()).await {
            Ok(_) => Ok(()),
            Err(error) if is_absent(&error) => Ok(()),
            Err(error) => Err(of("answer", error)),
        }
    }
}
