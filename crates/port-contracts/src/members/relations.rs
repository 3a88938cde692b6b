//! All rooms, and a user's relation to each.

use domain::RoomId;
use domain::port::members::Relation;
use domain::port::rooms::Step;

use crate::Store;

pub async fn relations_tell_of_every_room(store: &Store) {
    let [ana, ben] = store.people().await;
    let stays = store.room(ana, &[ben]).await.id;
    let left = store.private_room(ana, &[ben]).await.id;
    let never = store.private_room(ana, &[]).await.id;
    let direct = store.direct(ana, ben).await.id;
    let gone = store.room(ana, &[ben]).await.id;
    store.act(left, ben, vec![Step::Depart { user: ben }]).await;
    store.act(gone, ana, vec![Step::Delete]).await;

    let mut all: Vec<Relation> = Vec::new();
    loop {
        let after = all.last().map(|last| last.room);
        let page = store.members.relations(ben, after, 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    assert!(all.is_sorted_by(|one, other| one.room < other.room));
    let of = |room: RoomId| all.iter().find(|relation| relation.room == room);
    for room in [stays, direct] {
        let membership = of(room).unwrap().membership.as_ref().unwrap();
        assert_eq!((membership.user, membership.left_at), (ben, None));
    }
    let tombstone = of(left).unwrap().membership.as_ref().unwrap();
    assert_eq!((tombstone.user, tombstone.room), (ben, left));
    assert!(tombstone.left_at.is_some());
    assert_eq!(of(never).unwrap().membership, None);
    assert_eq!(of(gone), None);
}
