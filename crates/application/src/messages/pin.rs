//! Pinning messages.

use std::sync::Arc;

use domain::port::messages::Change;
use domain::port::{Messages, Rooms};
use domain::{MessageId, Refusal, RoomId, RoomKind};

use super::amend::Amender;
use super::place::place;
use crate::access::{Inside, inside, keeps_order};
use crate::present::MessageViews;
use crate::view::one_more;
use crate::{Caller, Error, MessageView, Page, Ports};

/// Lets admins and owners pin messages; in a direct room, both members may.
pub struct Pin {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    amender: Amender,
    views: MessageViews,
}

impl Pin {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            amender: Amender::new(ports),
            views: MessageViews::new(ports),
        }
    }

    /// Pins or unpins the message, and shows it.
    #[tracing::instrument(skip_all, name = "pin")]
    pub async fn run(
        &self,
        caller: &Caller,
        id: MessageId,
        on: bool,
    ) -> Result<MessageView, Error> {
        let (_, inside) = self.amender.find(caller, id).await?;
        if !may_pin(&inside) {
            return Err(Refusal::Forbidden.into());
        }
        // In a direct room, a pin changes what the other person sees just as a message would.
        self.amender.is_welcome(&inside).await?;
        let change = Change::Pin { on };
        self.amender.amend(caller, &inside, id, change).await
    }

    /// One page of a room's pinned messages, the latest first.
    pub async fn list(
        &self,
        caller: &Caller,
        room: RoomId,
        before: Option<MessageId>,
        limit: usize,
    ) -> Result<Page<MessageView, MessageId>, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let before = match before {
            Some(id) => Some(place(&*self.messages, &inside, "cursor", id).await?),
            None => None,
        };
        let wanted = one_more(limit);
        let pins = self.messages.pins(&inside.view(), before, wanted).await?;
        let Page { items, next } = Page::cut(pins, limit, |message| message.id);
        let items = self.views.show(caller.user, &[&inside.room], items).await?;
        Ok(Page { items, next })
    }
}

fn may_pin(inside: &Inside) -> bool {
    match inside.room.kind {
        RoomKind::Direct(_) => true,
        RoomKind::Public | RoomKind::Private => keeps_order(&inside.membership),
    }
}

#[cfg(test)]
mod tests {
    use domain::port::bus::{MessageChange, Notice, RoomChange};

    use super::*;
    use crate::testing::{Stage, bad_field, refusal};

    #[tokio::test]
    async fn who_keeps_order_pins_and_both_of_a_direct_room_do() {
        let stage = Stage::new().await;
        let pin = Pin::new(&stage.world.ports);
        for on in [true, false] {
            let verdicts = stage.table(async |who, spot| pin.run(&who, spot.others, on).await);
            assert_eq!(
                verdicts.await,
                [
                    "forbidden banned forbidden forbidden ok ok",
                    "unknown unknown forbidden forbidden ok ok",
                    "unknown ok",
                ]
            );
        }
    }

    #[tokio::test]
    async fn who_is_blocked_neither_pins_nor_unpins_before_the_blocker() {
        let stage = Stage::new().await;
        let pin = Pin::new(&stage.world.ports);
        let message = stage.world.post(stage.direct, &stage.member, "mine").await;
        let blocks = &stage.world.ports.blocks;
        let block = blocks.block(stage.author.user, stage.member.user, stage.world.now());
        block.await.unwrap();
        for on in [true, false] {
            let answer = pin.run(&stage.member, message.id, on).await;
            assert_eq!(refusal(answer), Refusal::Blocked);
            let others = pin.run(&stage.author, message.id, on).await;
            assert!(others.is_ok());
        }
    }

    #[tokio::test]
    async fn members_see_what_is_pinned() {
        let stage = Stage::new().await;
        let pin = Pin::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| pin.list(&who, spot.room, None, 10).await);
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
    async fn a_pin_is_told_and_taken_off() {
        let stage = Stage::new().await;
        let pin = Pin::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.owner, "rules").await;
        let mut ear = stage.world.ear().await;
        for on in [true, false] {
            let view = pin.run(&stage.admin, message.id, on).await.unwrap();
            assert_eq!(view.message.pinned, on);
            let change = RoomChange::Message(Box::new(view.message), MessageChange::Updated);
            let room = stage.public;
            let changes = vec![change];
            assert_eq!(ear.only(), Notice::Changed { room, changes });
            pin.run(&stage.admin, message.id, on).await.unwrap();
            assert_eq!(ear.heard(), []);
        }
    }

    #[tokio::test]
    async fn pins_are_listed_latest_first_page_by_page() {
        let stage = Stage::new().await;
        let pin = Pin::new(&stage.world.ports);
        let mut pinned = Vec::new();
        for text in ["one", "two", "three"] {
            let message = stage.world.post(stage.public, &stage.owner, text).await;
            pin.run(&stage.owner, message.id, true).await.unwrap();
            pinned.push(message.id);
        }
        let run = async |before| {
            let page = pin.list(&stage.member, stage.public, before, 2);
            let page = page.await.unwrap();
            let ids: Vec<MessageId> = page.items.iter().map(|view| view.message.id).collect();
            (ids, page.next)
        };
        let (mut met, next) = run(None).await;
        assert_eq!(next, met.last().copied());
        let (rest, end) = run(next).await;
        assert_eq!(end, None);
        met.extend(rest);
        pinned.reverse();
        assert_eq!(met, pinned);
    }

    #[tokio::test]
    async fn a_cursor_is_a_message_of_the_room() {
        let stage = Stage::new().await;
        let pin = Pin::new(&stage.world.ports);
        let elsewhere = stage.world.post(stage.private, &stage.owner, "here").await;
        let answer = pin.list(&stage.member, stage.public, Some(elsewhere.id), 5);
        assert_eq!(bad_field(answer.await), "cursor");
    }

    #[tokio::test]
    async fn a_tombstone_cannot_be_pinned_and_is_not_listed() {
        let stage = Stage::new().await;
        let pin = Pin::new(&stage.world.ports);
        let message = stage.world.post(stage.public, &stage.owner, "rules").await;
        pin.run(&stage.owner, message.id, true).await.unwrap();
        stage.delete(&message).await;
        let answer = pin.run(&stage.owner, message.id, true).await;
        assert_eq!(refusal(answer), Refusal::MessageDeleted);
        let answer = pin.run(&stage.member, message.id, true).await;
        assert_eq!(refusal(answer), Refusal::Forbidden);
        let pins = pin.list(&stage.member, stage.public, None, 5).await;
        assert_eq!(pins.unwrap().items, []);
    }
}
