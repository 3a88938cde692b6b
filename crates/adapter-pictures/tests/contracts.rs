//! The contract of pictures.

#![expect(
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

use std::sync::Arc;

use adapter_pictures::SafePictures;
use domain::port::Pictures;
use port_contracts::Kept;

async fn pictures() -> Kept<Arc<dyn Pictures>> {
    Kept::on(Arc::new(SafePictures::default()), ())
}

port_contracts::pictures!(pictures);
