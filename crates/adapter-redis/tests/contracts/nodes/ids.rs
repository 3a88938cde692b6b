//! The suite's own source of ids.

use domain::NodeId;
use domain::port::Ids;
use port_contracts::fresh;
use uuid::Uuid;

pub struct FreshIds;

impl Ids for FreshIds {
    fn uuid(&self) -> Uuid {
        fresh::<NodeId>().as_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.uuid().into_bytes()[15];
        }
    }
}
