//! Servers that are missing, or never answer.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use adapter_mongo::{MongoStore, Options};
use domain::port::{Probe as _, Profiles as _, Sessions as _};
use domain::{Failure, ProfileDocument, Retry};
use port_contracts::fresh;
use tokio::join;

use crate::scene::{rotation, session, start, token};

/// Longer than a call takes to fail or succeed, on a busy machine, but less than the driver would wait.
pub(crate) const WAIT: Duration = Duration::from_secs(20);

fn store(url: &str) -> MongoStore {
    MongoStore::new(url, Options::default()).unwrap()
}

/// Makes all calls at the same time, and expects each to fail in time and to be retryable.
pub(crate) async fn nothing_answers(store: &MongoStore) {
    let (user, ids) = (fresh(), [fresh()]);
    let users = [user];
    let new = session(user, start());
    let exchange = rotation(token(), token(), start());
    let document = ProfileDocument::parse("{}").unwrap();
    let asked = Instant::now();
    let answers = join!(
        store.open(&new, token()),
        store.rotate(&exchange),
        store.find_by_token(token(), start()),
        store.of_user(user, start()),
        store.live(&ids, start()),
        store.end(ids[0], user, start()),
        store.end_all(user, None, start()),
        store.find(&users),
        store.put(user, &document),
        store.erase(user),
        store.check(),
    );
    assert!(asked.elapsed() < WAIT, "{:?}", asked.elapsed());
    passes(answers.0);
    passes(answers.1);
    passes(answers.2);
    passes(answers.3);
    passes(answers.4);
    passes(answers.5);
    passes(answers.6);
    passes(answers.7);
    passes(answers.8);
    passes(answers.9);
    passes(answers.10);
}

fn passes<T: std::fmt::Debug>(answer: Result<T, Failure>) {
    let failure = answer.unwrap_err();
    assert_eq!(failure.retry, Retry::Worthwhile, "{}", failure.chain());
    assert!(!failure.to_string().contains("127.0.0.1"), "{failure}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn where_nobody_listens_every_call_fails_in_time() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap();
    drop(port);
    let store = store(&format!("mongodb://{address}"));
    for _ in 0..2 {
        nothing_answers(&store).await;
    }
    store.close().await;
    nothing_answers(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn where_somebody_listens_and_says_nothing_every_call_fails_in_time() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap();
    for url in [
        format!("mongodb://{address}"),
        format!("mongodb://{address}/?directConnection=true&serverSelectionTimeoutMS=60000"),
        format!("mongodb://ana:secret@{address}/?tls=true&tlsInsecure=true"),
    ] {
        nothing_answers(&store(&url)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_that_nobody_knows_is_asked_for_when_it_is_needed() {
    let store = store("mongodb+srv://tertulia.invalid/chat");
    nothing_answers(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn more_calls_than_may_wait_are_refused_at_once() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("mongodb://{}", port.local_addr().unwrap());
    let options = Options {
        calls: 2,
        ..Options::default()
    };
    let store = MongoStore::new(&url, options).unwrap();
    let begun = Instant::now();
    let refused = async || {
        let failure = store.check().await.unwrap_err();
        (failure.retry, begun.elapsed())
    };
    let (one, two, third) = join!(biased; refused(), refused(), refused());
    assert_eq!(third.0, Retry::Shortly);
    for waited in [one, two] {
        assert_eq!(waited.0, Retry::Worthwhile);
        assert!(third.1 < waited.1, "it waited for the others");
    }
}
