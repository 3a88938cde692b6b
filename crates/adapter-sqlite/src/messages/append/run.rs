//! Appending a batch, from start to finish.

use diesel::sqlite::SqliteConnection;
use domain::placing::place;
use domain::port::messages::{Appended, NewMessage};

use super::known::Numbers;
use super::write::write;
use crate::failure::Broken;

pub(in crate::messages) fn append(
    db: &mut SqliteConnection,
    batch: &[NewMessage],
) -> Result<Vec<Appended>, Broken> {
    let (numbers, known) = Numbers::load(db, batch)?;
    let (answers, placed) = place(known, batch);
    write(db, &numbers, &placed)?;
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use domain::port::messages::Fingerprint;
    use domain::port::rooms::Step;
    use domain::port::{Messages as _, Rooms as _};
    use domain::{RoomId, UserId};
    use port_contracts::made::{act, decision};
    use port_contracts::{fresh, new_message};

    use super::*;
    use crate::testing::Ground;

    async fn delete_room(ground: &Ground, room: RoomId, owner: UserId) {
        let decision = decision(vec![Step::Delete]);
        let rule = |_: &_| Ok(decision.clone());
        let decided = ground.store.decide(&act(room, owner), &rule).await;
        decided.unwrap();
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
}
