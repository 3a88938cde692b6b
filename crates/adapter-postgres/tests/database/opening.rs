//! Opening a database: what is found there, what is changed, and what stays.

use adapter_postgres::{OpenError, Options, PostgresStore};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use domain::Epoch;
use domain::port::Probe as _;
use port_contracts::until;
use tokio::task::JoinSet;

use crate::ground::Ground;
use crate::watch::{self, connect};

/// The lock under which servers take turns to migrate.
const MIGRATING: i64 = 0x7465_7274_756c_6961;

async fn tell(db: &mut AsyncPgConnection, sql: &str) {
    db.batch_execute(sql).await.unwrap();
}

fn alone() -> Options {
    Options {
        alone: true,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_servers_may_start_at_once() {
    let ground = Ground::new().await;
    let mut starting = JoinSet::new();
    for _ in 0..10 {
        let url = ground.url();
        starting.spawn(async move { PostgresStore::migrate(&url).await.unwrap() });
    }
    let applied = starting.join_all().await;
    let by = applied.iter().filter(|steps| !steps.is_empty()).count();
    assert_eq!(by, 1, "{applied:?}");
    let pending = PostgresStore::pending(&ground.url()).await.unwrap();
    assert_eq!(pending, Vec::<String>::new());
}

#[tokio::test]
async fn migrating_says_what_it_did_and_does_it_once() {
    let ground = Ground::new().await;
    let pending = PostgresStore::pending(&ground.url()).await.unwrap();
    assert!(!pending.is_empty());
    let again = PostgresStore::pending(&ground.url()).await.unwrap();
    assert_eq!(again, pending);
    assert_eq!(
        PostgresStore::migrate(&ground.url()).await.unwrap(),
        pending
    );
    for nothing in [
        PostgresStore::pending(&ground.url()).await.unwrap(),
        PostgresStore::migrate(&ground.url()).await.unwrap(),
    ] {
        assert_eq!(nothing, Vec::<String>::new());
    }
}

/// A concurrent index build waits for every statement that began before it. A server that waits for its
/// turn must not be running such a statement.
#[tokio::test]
async fn who_waits_for_its_turn_is_in_nobodys_way() {
    let ground = Ground::new().await;
    let mut other = connect(&ground.url()).await;
    tell(&mut other, &format!("SELECT pg_advisory_lock({MIGRATING})")).await;
    let url = ground.url();
    let mut waiting = JoinSet::new();
    waiting.spawn(async move { PostgresStore::migrate(&url).await });
    until("both are connected", async || {
        watch::connections(&ground.url()).await >= 2
    })
    .await;
    tell(&mut other, "CREATE SCHEMA aside").await;
    tell(&mut other, "CREATE TABLE aside.things (name text)").await;
    tell(
        &mut other,
        "CREATE INDEX CONCURRENTLY ON aside.things (name)",
    )
    .await;
    assert!(waiting.try_join_next().is_none());
    drop(other);
    let applied = waiting.join_next().await.unwrap().unwrap().unwrap();
    assert!(!applied.is_empty());
}

#[tokio::test]
async fn another_programs_database_is_refused() {
    let ground = Ground::new().await;
    tell(
        &mut connect(&ground.url()).await,
        "CREATE TABLE recipes (name text)",
    )
    .await;
    for refusal in refusals(&ground).await {
        assert!(matches!(refusal, OpenError::Foreign), "{refusal:?}");
        assert!(!refusal.may_pass());
        assert!(refusal.to_string().contains("a database of its own"));
    }
}

#[tokio::test]
async fn a_newer_database_is_refused_by_the_name_of_what_is_new() {
    let ground = Ground::new().await;
    ground.store().await.close().await;
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9001')";
    tell(&mut connect(&ground.url()).await, newer).await;
    for refusal in refusals(&ground).await {
        assert!(matches!(refusal, OpenError::Newer { .. }), "{refusal:?}");
        assert!(refusal.to_string().contains("9001"), "{refusal}");
    }
}

/// The errors of all ways to open a database.
async fn refusals(ground: &Ground) -> [OpenError; 3] {
    let url = ground.url();
    [
        PostgresStore::open(&url, Options::default())
            .await
            .err()
            .unwrap(),
        PostgresStore::migrate(&url).await.unwrap_err(),
        PostgresStore::pending(&url).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn a_server_that_is_not_there_may_come() {
    let refusal = PostgresStore::migrate("postgres://ana:secret@127.0.0.1:1/chat").await;
    let refusal = refusal.unwrap_err();
    assert!(refusal.may_pass(), "{refusal:?}");
    assert!(!format!("{refusal:?}").contains("secret"));
}

#[tokio::test]
async fn a_database_from_a_backup_is_given_another_epoch() {
    let (ground, other) = (Ground::new().await, Ground::new().await);
    PostgresStore::migrate(&other.url()).await.unwrap();
    ground.store().await.close().await;
    let before = watch::epoch(&ground.url()).await;
    ground.store().await.close().await;
    assert_eq!(watch::epoch(&ground.url()).await, before);
    assert_ne!(watch::epoch(&other.url()).await, before);

    let epoch = Epoch::parse("another").unwrap();
    PostgresStore::renew(&ground.url(), &epoch).await.unwrap();
    assert_eq!(watch::epoch(&ground.url()).await, "another");
}

#[tokio::test]
async fn who_is_alone_waits_for_one_that_stops() {
    let ground = Ground::new().await;
    let first = PostgresStore::open(&ground.url(), alone()).await.unwrap();
    let (url, options) = (ground.url(), Options::default());
    let mut second = JoinSet::new();
    second.spawn(async move { PostgresStore::open(&url, options).await });
    first.close().await;
    let second = second.join_next().await.unwrap().unwrap().unwrap();
    assert!(second.check().await.is_ok());
}

#[tokio::test]
async fn who_is_alone_suffers_no_other() {
    let ground = Ground::new().await;
    let _lonely = PostgresStore::open(&ground.url(), alone()).await.unwrap();
    let url = ground.url();
    let (sociable, lonely) = tokio::join!(
        PostgresStore::open(&url, Options::default()),
        PostgresStore::open(&url, alone())
    );
    for refusal in [sociable.err().unwrap(), lonely.err().unwrap()] {
        assert!(matches!(refusal, OpenError::NotAlone), "{refusal:?}");
        assert!(
            refusal
                .to_string()
                .contains("another tertulia uses this database")
        );
    }
}

#[tokio::test]
async fn servers_that_hear_each_other_share() {
    let ground = Ground::new().await;
    let first = ground.store().await;
    let second = ground.store().await;
    let lonely = PostgresStore::open(&ground.url(), alone()).await;
    assert!(matches!(lonely.err().unwrap(), OpenError::NotAlone));
    assert!(first.check().await.is_ok() && second.check().await.is_ok());
}

#[tokio::test]
async fn a_hold_that_was_lost_is_taken_again() {
    let ground = Ground::new().await;
    let _lonely = PostgresStore::open(&ground.url(), alone()).await.unwrap();
    assert_eq!(watch::holders(&ground.url()).await, 1);
    watch::lose_holds(&ground.url()).await;
    assert_eq!(watch::holders(&ground.url()).await, 0);
    until("one holds it", async || {
        watch::holders(&ground.url()).await > 0
    })
    .await;
    let second = PostgresStore::open(&ground.url(), Options::default()).await;
    assert!(matches!(second.err().unwrap(), OpenError::NotAlone));
}
