//! The store under pressure: full queues, a full disk, panics, other programs, shutdown.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use domain::port::outbox::Claim;
use domain::port::{Outbox as _, Probe as _, Users as _};
use domain::{NodeId, Retry};
use port_contracts::{at, fresh};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::connection::{Mode, Seat};
use crate::schema::users;
use crate::testing::{Ground, person};
use crate::{Options, SqliteStore};

const PORT: &str = "store";

/// Keeps the writer busy until the sender is used or dropped.
async fn keep_busy(store: &SqliteStore) -> (Sender<()>, JoinSet<()>) {
    let (begun, beginning) = oneshot::channel();
    let (end, ending) = channel();
    let store = store.clone();
    let mut task = JoinSet::new();
    task.spawn(async move {
        let work = store.write(PORT, "be busy", move |_db| {
            begun.send(()).unwrap();
            ending.recv().ok();
            Ok(())
        });
        work.await.unwrap();
    });
    beginning.await.unwrap();
    (end, task)
}

#[tokio::test]
async fn a_full_queue_is_overloaded_and_what_waits_is_done() {
    let ground = Ground::with(Options {
        writes_waiting: 1,
        ..Options::default()
    });
    let store = &ground.store;
    let (end, task) = keep_busy(store).await;
    let [waits, refused] = [person(), person()];
    let mut waiting = store.register(&waits);
    assert!(timeout(Duration::ZERO, &mut waiting).await.is_err());

    let failure = store.register(&refused).await.unwrap_err();
    assert_eq!(failure.retry, Retry::Shortly);
    assert_eq!(failure.port, "users");
    // Readers do not wait for the writer.
    assert_eq!(store.find(&[refused.id]).await.unwrap(), []);

    end.send(()).unwrap();
    task.join_all().await;
    waiting.await.unwrap();
    assert_eq!(store.find(&[waits.id]).await.unwrap().len(), 1);
    store.register(&refused).await.unwrap();
}

#[tokio::test]
async fn a_claim_that_renews_no_lease_does_not_wait_for_the_writer() {
    let ground = Ground::new();
    let store = &ground.store;
    let holder: NodeId = fresh();
    let claim = |now: i64| Claim {
        lanes: vec![0],
        holder,
        now: at(now),
        until: at(now + 100),
        limit: 10,
    };
    assert_eq!(store.claim(&claim(0)).await.unwrap(), []);
    let (end, task) = keep_busy(store).await;
    assert_eq!(store.claim(&claim(10)).await.unwrap(), []);
    end.send(()).unwrap();
    task.join_all().await;
}

#[tokio::test]
async fn a_call_that_waited_for_too_long_is_not_begun() {
    let ground = Ground::with(Options {
        patience: Duration::ZERO,
        ..Options::default()
    });
    let late = person();
    let failure = ground.store.register(&late).await.unwrap_err();
    assert_eq!(failure.retry, Retry::Shortly);
    ground.store.close().await;

    let again = SqliteStore::open(ground.path(), Options::default()).unwrap();
    assert_eq!(again.find(&[late.id]).await.unwrap(), []);
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_not_begun() {
    let ground = Ground::new();
    let (end, task) = keep_busy(&ground.store).await;
    let gone = person();
    let mut call = ground.store.register(&gone);
    assert!(timeout(Duration::ZERO, &mut call).await.is_err());
    drop(call);

    end.send(()).unwrap();
    task.join_all().await;
    ground.store.check().await.unwrap();
    assert_eq!(ground.store.find(&[gone.id]).await.unwrap(), []);
}

#[tokio::test]
async fn a_full_disk_is_a_failure_that_passes() {
    let ground = Ground::new();
    let store = &ground.store;
    let bound =
        |pragma: &'static str| store.write(PORT, "bound", move |db| Ok(db.batch_execute(pragma)?));
    bound("PRAGMA max_page_count = 1").await.unwrap();

    let mut kept = Vec::new();
    let failure = loop {
        let new = person();
        match store.register(&new).await {
            Ok(_) => kept.push(new.id),
            Err(failure) => break failure,
        }
    };
    assert_eq!(failure.retry, Retry::Worthwhile, "{}", failure.chain());
    let told = format!("{}", failure.chain());
    assert!(told.contains("disk is full"), "{told}");
    assert_eq!(store.find(&kept).await.unwrap().len(), kept.len());

    bound("PRAGMA max_page_count = 1073741823").await.unwrap();
    let more = person();
    store.register(&more).await.unwrap();
    kept.push(more.id);
    store.close().await;
    let again = SqliteStore::open(ground.path(), Options::default()).unwrap();
    assert_eq!(again.find(&kept).await.unwrap().len(), kept.len());
}

#[tokio::test]
async fn a_store_that_cannot_write_does_not_claim_to_be_well() {
    let ground = Ground::new();
    let store = &ground.store;
    let set = |sql: String| store.write(PORT, "set up", move |db| Ok(db.batch_execute(&sql)?));
    store.check().await.unwrap();
    for table in ["users", "meta"] {
        let full = format!(
            "CREATE TEMP TRIGGER full_{table} BEFORE INSERT ON {table} \
             BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        );
        set(full).await.unwrap();
    }
    // Nothing has been written yet, so nothing is known to fail.
    store.check().await.unwrap();
    let failure = store.register(&person()).await.unwrap_err();
    assert_eq!(failure.retry, Retry::Worthwhile, "{}", failure.chain());
    for _ in 0..2 {
        let failure = store.check().await.unwrap_err();
        assert_eq!(failure.retry, Retry::Worthwhile);
    }

    let freed = "DROP TRIGGER full_users; DROP TRIGGER full_meta";
    set(freed.to_owned()).await.unwrap();
    store.check().await.unwrap();
    store.register(&person()).await.unwrap();
}

#[tokio::test]
async fn work_that_panics_leaves_nothing_and_harms_nobody() {
    let ground = Ground::new();
    let [one, other] = [person(), person()];
    ground.store.register(&one).await.unwrap();
    let erasing = ground
        .store
        .write::<()>(PORT, "panic", |db| {
            diesel::delete(users::table).execute(db).ok();
            panic!("as a mistake of ours would");
        })
        .await;
    let failure = erasing.unwrap_err();
    assert_eq!(failure.retry, Retry::Useless);
    ground.store.register(&other).await.unwrap();
    let both = ground.store.find(&[one.id, other.id]).await.unwrap();
    assert_eq!(both.len(), 2);
}

#[tokio::test]
async fn another_program_that_writes_is_a_failure_that_passes() {
    let ground = Ground::new();
    let impatient = "PRAGMA busy_timeout = 0";
    let store = &ground.store;
    store
        .write(PORT, "set up", |db| Ok(db.batch_execute(impatient)?))
        .await
        .unwrap();
    let mut other = Seat::open(&ground.path(), Mode::Write).unwrap().connection;
    other.batch_execute("BEGIN IMMEDIATE").unwrap();

    let new = person();
    let failure = store.register(&new).await.unwrap_err();
    assert_eq!(failure.retry, Retry::Worthwhile);
    assert_eq!(store.find(&[new.id]).await.unwrap(), []);
    other.batch_execute("ROLLBACK").unwrap();
    store.register(&new).await.unwrap();
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let ground = Ground::new();
    let new = person();
    ground.store.register(&new).await.unwrap();
    ground.store.close().await;
    let failure = ground.store.register(&person()).await.unwrap_err();
    assert_eq!(failure.retry, Retry::Worthwhile);
    assert!(ground.store.find(&[new.id]).await.is_err());
    ground.store.close().await;

    // Everything is in the one file, and another process may open it.
    assert!(!ground.path().with_extension("db-wal").exists());
    let again = SqliteStore::open(ground.path(), Options::default()).unwrap();
    assert_eq!(again.find(&[new.id]).await.unwrap().len(), 1);
}
