//! Every obligation of a summariser.

use std::sync::Arc;

use adapter_extractive::Extractive;
use domain::port::Summariser;
use port_contracts::Kept;

async fn summariser() -> Kept<Arc<dyn Summariser>> {
    Kept::on(Arc::new(Extractive::new()), ())
}

port_contracts::summariser!(summariser);
