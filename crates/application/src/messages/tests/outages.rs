//! Posting while the store of messages is away.

use std::sync::Arc;

use crate::Error;
use crate::testing::{MessagesAway, Stage, says};

#[tokio::test]
async fn what_was_not_stored_has_cost_no_point_and_is_not_told() {
    let mut stage = Stage::new().await;
    let post = stage.poster();
    stage.world.ports.messages = Arc::new(MessagesAway);
    let broken = stage.poster();
    let mut ear = stage.world.ear().await;
    for _ in 0..10 {
        let answer = broken.run(&stage.member, stage.public, says("hi")).await;
        assert!(matches!(answer, Err(Error::Failed(_))));
    }
    assert_eq!(ear.heard(), []);
    let posted = post.run(&stage.member, stage.public, says("hi")).await;
    assert_eq!(posted.unwrap().quota.unwrap().remaining, 4);
}
