//! Choosing whether to be notified of a room's messages.

use std::sync::Arc;

use domain::port::{Members, Rooms};
use domain::{Notifications, Refusal, RoomId};

use crate::access::inside;
use crate::{Caller, Error, Ports};

/// Lets members mute a room for themselves. Nobody else learns of it.
pub struct SetNotifications {
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
}

impl SetNotifications {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
        }
    }

    /// Stores the choice.
    #[tracing::instrument(skip_all, name = "set_notifications")]
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        notifications: Notifications,
    ) -> Result<(), Error> {
        inside(&*self.rooms, room, caller.user).await?;
        let kept = self
            .members
            .notify(room, caller.user, notifications)
            .await?;
        if kept {
            Ok(())
        } else {
            // The caller was a member a moment ago.
            Err(Refusal::NotFound.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::rooms::ReadRoom;
    use crate::testing::Stage;

    #[tokio::test]
    async fn members_mute_rooms_of_all_kinds() {
        let stage = Stage::new().await;
        let mute = SetNotifications::new(&stage.world.ports);
        for notifications in [Notifications::Muted { until: None }, Notifications::On] {
            let verdicts =
                stage.table(async |who, spot| mute.run(&who, spot.room, notifications).await);
            assert_eq!(
                verdicts.await,
                [
                    "forbidden banned ok ok ok ok",
                    "unknown unknown ok ok ok ok",
                    "unknown ok",
                ]
            );
        }
    }

    #[tokio::test]
    async fn a_mute_is_the_members_own_and_ends_by_itself() {
        let stage = Stage::new().await;
        let mute = SetNotifications::new(&stage.world.ports);
        let read = ReadRoom::new(&stage.world.ports);
        let muted = async |who| {
            let view = read.run(who, stage.public).await.unwrap();
            let standing = view.standing.unwrap();
            (standing.muted, standing.muted_until)
        };
        let until = stage.world.now() + Duration::from_hours(1);
        let hour = Notifications::Muted { until: Some(until) };
        mute.run(&stage.member, stage.public, hour).await.unwrap();
        assert_eq!(muted(&stage.member).await, (true, Some(until)));
        assert_eq!(muted(&stage.author).await, (false, None));
        stage.world.pass(Duration::from_hours(1));
        assert_eq!(muted(&stage.member).await, (false, None));
    }
}
