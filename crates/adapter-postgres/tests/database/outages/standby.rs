//! A read-only standby, as after a switch-over.

use diesel::sql_types::Bool;
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};
use domain::Retry;
use domain::port::{Probe as _, Users as _};

use super::scene::{all_went_well, every_kind, register, store, works_again};
use crate::watch::connect;

#[tokio::test(flavor = "multi_thread")]
async fn what_only_follows_stores_nothing_until_it_leads() {
    let mut server = servers::Postgres::start();
    let store = store(&server).await;
    let user = register(&store).await.unwrap();

    connect(&server.url())
        .await
        .batch_execute(
            "DO $$ BEGIN
                EXECUTE format('COPY (SELECT) TO %L',
                    current_setting('data_directory') || '/standby.signal');
            END $$",
        )
        .await
        .unwrap();
    server.restart();
    // Reading still works.
    assert_eq!(store.find(&[user]).await.unwrap().len(), 1);
    for failure in [
        register(&store).await.unwrap_err(),
        store.check().await.unwrap_err(),
    ] {
        assert_eq!(failure.retry, Retry::Worthwhile, "{failure:?}");
    }

    let promoted = diesel::dsl::sql::<Bool>("SELECT pg_promote()");
    let promoted: bool = promoted
        .get_result(&mut connect(&server.url()).await)
        .await
        .unwrap();
    assert!(promoted);
    works_again(&store).await;
    all_went_well(every_kind(&store, user).await);
}
