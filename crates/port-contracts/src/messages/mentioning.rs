//! Finding messages that mention a user.

use domain::port::messages::{Change, View};

use crate::made::{body, edit, ids, seq, seqs, view, view_above};
use crate::{Store, fresh};

pub async fn what_mentions_the_reader_is_found(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let other = store.room(ana, &[ben]).await.id;
    let mut posted = Vec::new();
    for mentions in [&[ben][..], &[], &[cleo], &[ben, cleo], &[ben], &[], &[ben]] {
        posted.push(store.mention(room, ana, mentions).await);
    }
    store.mention(other, ana, &[ben]).await;

    let found = async |view: View, up_to, limit| {
        let found = store.messages.mentioning(&view, seq(up_to), limit).await;
        seqs(&found.unwrap())
    };
    // (the floor, the last seq, the limit, what is found)
    let table: &[(i64, i64, usize, &[i64])] = &[
        (0, 7, 10, &[1, 4, 5, 7]),
        (0, 100, 10, &[1, 4, 5, 7]),
        (0, 100, 2, &[5, 7]),
        (0, 6, 2, &[4, 5]),
        (0, 5, 10, &[1, 4, 5]),
        (0, 4, 1, &[4]),
        (1, 6, 10, &[4, 5]),
        (4, 6, 10, &[5]),
        (4, 4, 10, &[]),
        (5, 6, 10, &[]),
        (0, 0, 10, &[]),
        (0, 7, 0, &[]),
    ];
    for (floor, up_to, limit, expected) in table {
        assert_eq!(
            found(view_above(*floor, room, ben), *up_to, *limit).await,
            *expected,
            "above {floor} up to {up_to}, {limit}"
        );
    }
    assert_eq!(found(view(room, cleo), 7, 10).await, [3, 4]);
    assert!(found(view(room, ana), 7, 10).await.is_empty());
    assert_eq!(found(view(other, ben), 7, 10).await, [1]);
    assert!(found(view(fresh(), ben), 7, 10).await.is_empty());

    // What is found equals what is stored.
    let all = store
        .messages
        .mentioning(&view(room, ben), seq(7), 10)
        .await;
    let all = all.unwrap();
    assert_eq!(store.messages.find(&ids(&all), ben).await.unwrap(), all);

    let [_, second, _, fourth, fifth, ..] = posted.as_slice() else {
        panic!("{posted:?}");
    };
    store.change(fourth, ana, Change::Delete).await;
    store.change(fifth, ana, edit("nobody after all")).await;
    let late = Change::Edit {
        body: body("somebody after all"),
        mentions: vec![ben],
    };
    store.change(second, ana, late).await;
    assert_eq!(found(view(room, ben), 7, 10).await, [1, 2, 7]);
    store.delete_room(room, ana).await;
    assert!(found(view(room, ben), 7, 10).await.is_empty());
}
