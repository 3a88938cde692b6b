//! Obligations of [`domain::port::Blocks`].

use crate::{Store, at};

contract!(blocks {
    a_block_has_a_direction,
    blocking_again_changes_nothing,
    unblocking_ends_a_block,
    ones_blocks_are_listed,
});

pub async fn a_block_has_a_direction(store: &Store) {
    let [ana, ben] = store.people().await;
    store.blocks.block(ana, ben, at(0)).await.unwrap();

    assert!(store.blocks.is_blocked(ana, ben).await.unwrap());
    assert!(!store.blocks.is_blocked(ben, ana).await.unwrap());
}

pub async fn blocking_again_changes_nothing(store: &Store) {
    let [ana, ben] = store.people().await;
    store.blocks.block(ana, ben, at(0)).await.unwrap();
    store.blocks.block(ana, ben, at(1)).await.unwrap();
    assert!(store.blocks.is_blocked(ana, ben).await.unwrap());

    store.blocks.unblock(ana, ben).await.unwrap();
    assert!(!store.blocks.is_blocked(ana, ben).await.unwrap());
}

pub async fn unblocking_ends_a_block(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    store.blocks.block(ana, ben, at(0)).await.unwrap();
    store.blocks.block(ana, cleo, at(0)).await.unwrap();
    store.blocks.unblock(ana, ben).await.unwrap();
    store.blocks.unblock(ben, ana).await.unwrap();

    assert!(!store.blocks.is_blocked(ana, ben).await.unwrap());
    assert!(store.blocks.is_blocked(ana, cleo).await.unwrap());
}

pub async fn ones_blocks_are_listed(store: &Store) {
    let [ana, ben, cleo, dan] = store.people().await;
    assert_eq!(store.blocks.of(ana).await.unwrap(), []);
    for whom in [dan, cleo, ben] {
        store.blocks.block(ana, whom, at(0)).await.unwrap();
    }
    store.blocks.block(ben, ana, at(0)).await.unwrap();
    store.blocks.unblock(ana, cleo).await.unwrap();
    let mut expected = [ben, dan];
    expected.sort_unstable();
    assert_eq!(store.blocks.of(ana).await.unwrap(), expected);
}
