//! Who has received or read a message.

use std::sync::Arc;

use domain::port::cursors::Progress;
use domain::port::{CursorStore, Messages, Rooms};
use domain::{MessageId, Seq, UserId};

use crate::access::readable;
use crate::portion::MOST;
use crate::{Caller, Error, Ports, Receipts};

/// Shows members who else has received or read a message, derived from the cursors. In rooms with very
/// many members, only the first ones are included.
pub struct ReadReceipts {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    cursors: Arc<dyn CursorStore>,
}

impl ReadReceipts {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            cursors: Arc::clone(&ports.cursors),
        }
    }

    /// Whom the message has reached, except for its sender.
    #[tracing::instrument(skip_all, name = "read_receipts")]
    pub async fn run(&self, caller: &Caller, id: MessageId) -> Result<Receipts, Error> {
        let (message, inside) = readable(&*self.rooms, &*self.messages, id, caller.user).await?;
        let others = self
            .cursors
            .progress(inside.room.id, message.sender, MOST)
            .await?;
        Ok(receipts(message.seq, &others))
    }
}

fn receipts(seq: Seq, others: &[Progress]) -> Receipts {
    // Members who joined later have cursors beyond messages that they cannot read.
    let readers = || others.iter().filter(|member| member.from_seq < seq);
    let users = |reached: fn(&Progress) -> Seq| -> Vec<UserId> {
        readers()
            .filter(|member| reached(member) >= seq)
            .map(|member| member.user)
            .collect()
    };
    Receipts {
        delivered_to: users(|member| member.cursors.delivered),
        read_by: users(|member| member.cursors.read),
    }
}

#[cfg(test)]
mod tests {
    use domain::port::cursors::CursorMove;
    use domain::{Message, RoomId};

    use super::*;
    use crate::testing::Stage;

    async fn advance(stage: &Stage, who: &Caller, message: &Message, read: bool) {
        let change = CursorMove {
            room: message.room,
            user: who.user,
            read: read.then_some(message.seq),
            delivered: Some(message.seq),
        };
        let cursors = &stage.world.ports.cursors;
        cursors.advance(&change).await.unwrap();
    }

    async fn new_room(stage: &Stage) -> RoomId {
        let room = stage.world.room(&stage.owner).await.id;
        stage.world.join(room, &stage.member).await;
        stage.world.join(room, &stage.admin).await;
        room
    }

    #[tokio::test]
    async fn members_see_and_others_are_told_what_they_may_know() {
        let stage = Stage::new().await;
        let read = ReadReceipts::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| read.run(&who, spot.others).await);
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
    }

    #[tokio::test]
    async fn receipts_follow_the_cursors_and_leave_out_the_sender() {
        let stage = Stage::new().await;
        let receipts = ReadReceipts::new(&stage.world.ports);
        let room = new_room(&stage).await;
        let message = stage.world.post(room, &stage.owner, "news").await;
        let run = async || receipts.run(&stage.member, message.id).await.unwrap();
        assert_eq!(run().await.delivered_to, []);

        advance(&stage, &stage.member, &message, false).await;
        advance(&stage, &stage.admin, &message, true).await;
        let mut both = vec![stage.member.user, stage.admin.user];
        both.sort_unstable();
        assert_eq!(
            run().await,
            Receipts {
                delivered_to: both,
                read_by: vec![stage.admin.user],
            }
        );
    }

    #[tokio::test]
    async fn who_may_not_read_a_message_has_not_read_it() {
        let stage = Stage::new().await;
        let receipts = ReadReceipts::new(&stage.world.ports);
        let (_, before, after) = stage.joined_room().await;
        advance(&stage, &stage.member, &after, true).await;
        let of = async |message: &Message| {
            let found = receipts.run(&stage.owner, message.id).await.unwrap();
            found.read_by
        };
        assert_eq!(of(&before).await, []);
        assert_eq!(of(&after).await, [stage.member.user]);
    }

    #[tokio::test]
    async fn who_left_is_told_of_no_more() {
        let stage = Stage::new().await;
        let receipts = ReadReceipts::new(&stage.world.ports);
        let room = new_room(&stage).await;
        let message = stage.world.post(room, &stage.owner, "news").await;
        advance(&stage, &stage.member, &message, true).await;
        stage.world.leave(room, &stage.member).await;
        let found = receipts.run(&stage.owner, message.id).await.unwrap();
        assert_eq!(found.read_by, []);
    }
}
