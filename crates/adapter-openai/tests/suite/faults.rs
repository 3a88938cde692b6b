//! How a failing server is handled.

use std::time::{Duration, Instant};

use adapter_openai::{OpenAi, OpenAiOptions, OpenError};
use domain::Retry;
use domain::port::summariser::SummariseError;
use servers::{Model, Reply};

use crate::ground::{KEY, Told, asking, options, talk, told};

/// Why it failed. Nothing that could be logged about it contains a secret.
fn failed(told: &Told) -> Retry {
    let error = told.error();
    for secret in [KEY, "release moves", "You summarise", "Friday"] {
        assert!(!error.contains(secret), "{error}");
    }
    match &told.end {
        Err(SummariseError::Failed(failure)) => failure.retry,
        other => panic!("{other:?}"),
    }
}

/// The outcome with a server that always fails like this, and how often it was called.
async fn fails(reply: Reply) -> (Retry, usize) {
    let model = Model::start();
    model.always(reply);
    let told = told(&asking(&model), &talk()).await;
    (failed(&told), model.requests().len())
}

fn says(status: u16) -> Reply {
    Reply::Error {
        status,
        retry_after: Some("0".to_owned()),
        code: "some_error",
        message: format!("bad: {KEY} The release moves to Friday."),
    }
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_once_more_when_it_says() {
    let model = Model::start();
    model.next([Reply::busy("1")]);
    let from = Instant::now();
    told(&asking(&model), &talk()).await.digest();
    assert!(from.elapsed() >= Duration::from_secs(1));
    assert_eq!(model.requests().len(), 2);
}

#[tokio::test]
async fn it_is_asked_once_more_and_no_more() {
    assert_eq!(fails(Reply::busy("0")).await, (Retry::Worthwhile, 2));
    assert_eq!(fails(says(500)).await, (Retry::Worthwhile, 2));
    assert_eq!(fails(says(503)).await, (Retry::Worthwhile, 2));
}

#[tokio::test]
async fn it_is_not_waited_for_longer_than_there_is_time() {
    assert_eq!(fails(Reply::busy("3600")).await, (Retry::Worthwhile, 1));
}

#[tokio::test]
async fn what_will_not_change_is_not_asked_again() {
    for status in [401, 403, 404] {
        assert_eq!(fails(says(status)).await, (Retry::Useless, 1));
    }
    let quota = Reply::error(429, "insufficient_quota");
    assert_eq!(fails(quota).await, (Retry::Worthwhile, 1));
}

#[tokio::test]
async fn a_server_that_is_not_there_fails() {
    let model = Model::start();
    let openai = asking(&model);
    drop(model);
    assert_eq!(failed(&told(&openai, &talk()).await), Retry::Worthwhile);
}

/// Gives up soon, on a server that would take an hour.
fn hasty(model: &Model, first_byte: Duration, whole: Duration) -> OpenAi {
    let patience = OpenAiOptions {
        first_byte_timeout: first_byte,
        timeout: whole,
        ..options(model)
    };
    OpenAi::new(patience).unwrap()
}

const HOUR: Duration = Duration::from_hours(1);
const SOON: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_slow_server_is_given_up() {
    for (first_byte, whole) in [(SOON, HOUR), (HOUR, SOON)] {
        let model = Model::start();
        model.always(Reply::Late(HOUR));
        let told = told(&hasty(&model, first_byte, whole), &talk()).await;
        assert_eq!(failed(&told), Retry::Worthwhile);
        assert!(told.error().contains("in time"), "{}", told.error());
    }
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_is_given_up() {
    // Time enough to begin, on a machine that is busy.
    let patience = Duration::from_secs(10);
    for (pause, whole) in [(patience, HOUR), (HOUR, patience)] {
        let model = Model::start();
        model.always(Reply::Stuck(HOUR));
        let told = told(&hasty(&model, pause, whole), &talk()).await;
        assert!(!told.deltas.is_empty());
        assert_eq!(failed(&told), Retry::Worthwhile);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_summary() {
    for reply in [Reply::Broken, Reply::Short] {
        let model = Model::start();
        model.always(reply);
        let told = told(&asking(&model), &talk()).await;
        assert!(!told.deltas.is_empty());
        assert_eq!(failed(&told), Retry::Worthwhile);
        // Part of it was streamed already, so it is not retried.
        assert_eq!(model.requests().len(), 1);
    }
}

#[tokio::test]
async fn events_that_cannot_be_read_are_a_failure() {
    assert_eq!(fails(Reply::Garbage).await, (Retry::Worthwhile, 1));
}

#[tokio::test]
async fn bad_options_are_refused_at_once() {
    let model = Model::start();
    let refused = |change: fn(&mut OpenAiOptions)| {
        let mut options = options(&model);
        change(&mut options);
        OpenAi::new(options).err()
    };
    let address = refused(|it| it.base_url = "model.example".to_owned());
    assert!(matches!(address, Some(OpenError::Address)));
    let key = refused(|it| it.api_key = "a\nb".to_owned());
    assert!(matches!(key, Some(OpenError::Key)));
    let name = refused(|it| it.model = " ".to_owned());
    assert!(matches!(name, Some(OpenError::Model)));
    assert!(!format!("{:?}", options(&model)).contains(KEY));
}
