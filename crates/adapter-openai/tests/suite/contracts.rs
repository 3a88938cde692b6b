//! Every obligation of a summariser.

use std::sync::Arc;

use domain::port::Summariser;
use port_contracts::Kept;
use servers::Model;

use crate::ground::asking;

async fn summariser() -> Kept<Arc<dyn Summariser>> {
    let model = Model::start();
    let summariser = Arc::new(asking(&model));
    Kept::on(summariser, model)
}

port_contracts::summariser!(summariser);
