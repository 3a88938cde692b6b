//! What a change puts into the outbox.

use domain::port::rooms::{Decision, NewDirect, Step};
use domain::{Event, Happening, Pair};

use super::scene::new_room;
use crate::made::{act, event, room_id};
use crate::{CROWD, Store, at, at_once};

pub async fn events_are_stored_with_the_change(store: &Store) {
    let [ana, ben] = store.people().await;
    let mut new = new_room(ana);
    let created = event(new.id, Happening::RoomCreated);
    new.events = vec![created];
    store.rooms.create(&new).await.unwrap();

    let joined = event(new.id, Happening::MemberJoined(ben));
    let updated = event(new.id, Happening::RoomUpdated);
    let decision = Decision {
        steps: vec![Step::Admit { user: ben }],
        events: vec![joined, updated],
    };
    let knock = act(new.id, ben);
    let rule = |_: &_| Ok(decision.clone());
    store.rooms.decide(&knock, &rule).await.unwrap();
    let told = [created, joined, updated];
    assert_eq!(store.waiting(&told).await, told);

    let mut same = new_room(ana);
    same.name = new.name;
    same.unique_name = true;
    let taken = event(same.id, Happening::RoomCreated);
    same.events = vec![taken];
    store.rooms.create(&same).await.unwrap();
    assert_eq!(store.waiting(&[taken]).await, []);

    let opened: Vec<Event> = at_once(CROWD, |_| {
        let store = store.clone();
        async move {
            let id = room_id();
            let event = event(id, Happening::RoomCreated);
            let direct = NewDirect {
                id,
                pair: Pair::of(ana, ben).unwrap(),
                at: at(0),
                events: vec![event],
            };
            store.rooms.open_direct(&direct).await.unwrap();
            event
        }
    })
    .await;
    let direct = store.direct(ana, ben).await.id;
    let waiting = store.waiting(&opened).await;
    let rooms: Vec<_> = waiting.iter().map(|event| event.room).collect();
    assert_eq!(rooms, [Some(direct)]);
}
