//! The batch from beginning to end.

use diesel::sqlite::SqliteConnection;
use domain::port::messages::{Appended, NewMessage};

use super::known::Known;
use super::write::write;
use crate::failure::Broken;

pub(in crate::messages) fn append(
    db: &mut SqliteConnection,
    batch: &[NewMessage],
) -> Result<Vec<Appended>, Broken> {
    let mut known = Known::load(db, batch)?;
    let answers = batch.iter().map(|new| known.decide(new)).collect();
    write(db, &known)?;
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use domain::port::messages::{Fingerprint, Stored};
    use domain::port::rooms::Step;
    use domain::port::{Messages as _, Rooms as _};
    use domain::{RoomId, UserId};
    use port_contracts::made::{act, amendment, decision, emoji, react, reply};
    use port_contracts::{fresh, new_message};

    use super::*;
    use crate::testing::Ground;

    async fn delete_room(ground: &Ground, room: RoomId, owner: UserId) {
        let decision = decision(vec![Step::Delete]);
        let rule = |_: &_| Ok(decision.clone());
        let decided = ground.store.decide(&act(room, owner), &rule).await;
        decided.unwrap();
    }

    /// What was stored; the others are left out.
    fn stored(answers: &[Appended]) -> Vec<&Stored> {
        let each = answers.iter().filter_map(|answer| match answer {
            Appended::Stored(stored) => Some(&**stored),
            Appended::Duplicate(_)
            | Appended::Conflict
            | Appended::NoRoom
            | Appended::Unattachable => None,
        });
        each.collect()
    }

    #[tokio::test]
    async fn a_name_that_a_deleted_room_holds_is_free() {
        let ground = Ground::new();
        let ana = ground.user().await;
        let (gone, room) = (ground.room(ana).await, ground.room(ana).await);
        let name = fresh();
        let named = |room| {
            let mut new = new_message(room, ana, "hello");
            new.client = Some((name, Fingerprint([1; 32])));
            new
        };
        ground.store.append(&[named(gone)]).await.unwrap();
        delete_room(&ground, gone, ana).await;

        let batch = [named(room), named(room)];
        let answers = ground.store.append(&batch).await.unwrap();
        assert!(
            matches!(
                answers.as_slice(),
                [Appended::Stored(_), Appended::Duplicate(_)]
            ),
            "{answers:?}"
        );
    }

    #[tokio::test]
    async fn each_sender_sees_their_own_reactions_to_what_they_answer() {
        let ground = Ground::new();
        let (ana, ben) = (ground.user().await, ground.user().await);
        let room = ground.room(ana).await;
        let answers = ground
            .store
            .append(&[new_message(room, ana, "start")])
            .await;
        let start = stored(&answers.unwrap())[0].message.clone();
        let reacted = amendment(&start, ana, react(&emoji(1)));
        ground.store.amend(&reacted).await.unwrap();

        let batch = [reply(&start, ben, "one"), reply(&start, ana, "two")];
        let answers = ground.store.append(&batch).await.unwrap();
        let threads = stored(&answers).into_iter().map(|stored| {
            let thread = stored.thread.as_ref().unwrap();
            (thread.reply_count, thread.reactions[0].mine)
        });
        assert_eq!(threads.collect::<Vec<_>>(), [(1, false), (2, true)]);
    }
}
