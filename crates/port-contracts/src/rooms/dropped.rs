//! Callers that are cancelled while they act.

use domain::port::rooms::{Act, Decision, Step};
use domain::{Event, Happening, Invite, UserId};

use super::scene::{code, standing};
use crate::made::{act, event};
use crate::{CROWD, Store, at, at_once, drop_after};

pub async fn a_dropped_decision_is_whole_or_nothing(store: &Store) {
    let [ana] = store.people().await;
    let people = store.people::<CROWD>().await;
    let room = store.private_room(ana, &[]).await;
    let invite = Invite {
        max_uses: Some(100),
        ..standing(room.id, code(), ana, at(0))
    };
    store.invites.create(&invite).await.unwrap();
    let events = people.map(|user| event(room.id, Happening::MemberJoined(user)));

    at_once(CROWD, |number| {
        let (store, user) = (store.clone(), people[number]);
        let knock = Act {
            invite: Some(invite.code.clone()),
            ..act(room.id, user)
        };
        let decision = Decision {
            steps: vec![Step::Admit { user }, Step::SpendInvite],
            events: vec![events[number]],
        };
        async move {
            let rule = |_: &_| Ok(decision.clone());
            drop_after(number / 2, store.rooms.decide(&knock, &rule)).await
        }
    })
    .await;
    // A call that continues without its caller happens before any later call.
    store.post(room.id, ana, "over").await;

    let now = store.standing(room.id).await;
    let others = now.members.iter().filter(|member| member.user != ana);
    let mut came: Vec<UserId> = others.map(|member| member.user).collect();
    let told: Vec<Event> = store.waiting(&events).await;
    let mut told_of: Vec<UserId> = people
        .into_iter()
        .zip(&events)
        .filter(|(_, event)| told.contains(event))
        .map(|(user, _)| user)
        .collect();
    came.sort_unstable();
    told_of.sort_unstable();
    assert_eq!(told_of, came);

    let count = i64::try_from(came.len()).unwrap();
    assert_eq!(now.room.member_count, 1 + count);
    assert_eq!(now.room.last_rev.get(), room.last_rev.get() + count + 1);
    let spent = store.invites.find(&invite.code).await.unwrap();
    assert_eq!(spent.map(|invite| invite.uses), Some(count));
}
