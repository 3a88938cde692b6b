//! Typing indicators.

use std::sync::Arc;

use domain::RoomId;
use domain::port::bus::Notice;
use domain::port::{Blocks, Clock};

use crate::access::welcome;
use crate::announce::Announcer;
use crate::messages::Standings;
use crate::{Caller, Error, Ports};

/// Tells the members of a room that one of them is typing. Members who could not post are refused.
pub struct Typing {
    standings: Arc<Standings>,
    blocks: Arc<dyn Blocks>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
}

impl Typing {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>) -> Self {
        Self {
            standings: Arc::clone(standings),
            blocks: Arc::clone(&ports.blocks),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Announces that the caller is typing, or has stopped.
    #[tracing::instrument(skip_all, name = "typing")]
    pub async fn run(&self, caller: &Caller, room: RoomId, on: bool) -> Result<(), Error> {
        let standing = self.standings.of(room, caller.user).await?;
        standing.inside.may_write(self.clock.now())?;
        welcome(&*self.blocks, &standing.inside.room, caller.user).await?;
        let user = caller.user;
        self.announcer.tell(Notice::Typing { room, user, on }).await;
        Ok(())
    }

    /// Announces that the caller has stopped typing in a room where it was announced that they do. This
    /// is not refused: they may have lost the right to write there, and must not seem to type for ever.
    pub async fn stop(&self, caller: &Caller, room: RoomId) {
        let (user, on) = (caller.user, false);
        self.announcer.tell(Notice::Typing { room, user, on }).await;
    }
}

#[cfg(test)]
mod tests {
    use domain::Refusal;

    use super::*;
    use crate::testing::{Stage, refusal};

    fn typing(stage: &Stage) -> Typing {
        Typing::new(&stage.world.ports, &stage.standings)
    }

    #[tokio::test]
    async fn who_may_write_may_say_so() {
        let stage = Stage::new().await;
        let typing = typing(&stage);
        let verdicts = stage.table(async |who, spot| typing.run(&who, spot.room, true).await);
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok muted ok ok",
                "unknown unknown ok muted ok ok",
                "unknown ok",
            ]
        );
    }

    #[tokio::test]
    async fn it_is_told_to_the_room() {
        let stage = Stage::new().await;
        let mut ear = stage.world.ear().await;
        let (user, room) = (stage.member.user, stage.public);
        for on in [true, false] {
            typing(&stage).run(&stage.member, room, on).await.unwrap();
            assert_eq!(ear.only(), Notice::Typing { room, user, on });
        }
    }

    #[tokio::test]
    async fn whoever_blocked_somebody_does_not_see_them_write() {
        let stage = Stage::new().await;
        let blocks = &stage.world.ports.blocks;
        blocks
            .block(stage.author.user, stage.member.user, stage.world.now())
            .await
            .unwrap();
        let mut ear = stage.world.ear().await;
        let answer = typing(&stage).run(&stage.member, stage.direct, true).await;
        assert_eq!(refusal(answer), Refusal::Blocked);
        assert_eq!(ear.heard(), []);
        let back = typing(&stage).run(&stage.author, stage.direct, true).await;
        assert!(back.is_ok());
    }

    #[tokio::test]
    async fn whoever_may_not_write_any_more_still_stops() {
        let stage = Stage::new().await;
        let (typing, blocks) = (typing(&stage), &stage.world.ports.blocks);
        let (user, room) = (stage.member.user, stage.direct);
        typing.run(&stage.member, room, true).await.unwrap();
        blocks
            .block(stage.author.user, user, stage.world.now())
            .await
            .unwrap();
        let mut ear = stage.world.ear().await;
        let answer = typing.run(&stage.member, room, false).await;
        assert_eq!(refusal(answer), Refusal::Blocked);
        typing.stop(&stage.member, room).await;
        let on = false;
        assert_eq!(ear.only(), Notice::Typing { room, user, on });
    }
}
