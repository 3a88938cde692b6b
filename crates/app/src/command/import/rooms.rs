//! Rooms for imported channels.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use domain::port::IdsExt as _;
use domain::port::rooms::{Act, Created, Decided, Decision, NewDirect, NewRoom, Scene, Step};
use domain::{Description, History, Pair, RoomId, RoomName, Timestamp, UserId};

use super::ids::id;
use super::journal::Progress;
use super::people::People;
use super::scan::Scan;
use super::slack::{Channel, Kind, Markup};
use crate::wiring::House;

/// Finds or creates the rooms of channels.
pub(super) struct Rooms<'a> {
    pub(super) house: &'a House,
    pub(super) people: &'a People,
    pub(super) markup: &'a Markup,
    pub(super) scan: &'a Scan,
}

/// The outcome for a channel.
pub(super) enum Brought {
    /// It has a room, with these members.
    Room(RoomId, Vec<UserId>),
    /// It has no members, and nobody has ever posted there.
    OfNobody,
    /// Its room was imported before, and has been deleted since.
    Deleted,
}

impl Rooms<'_> {
    /// Finds or creates the room of a channel. Members of the channel become members; those who
    /// only posted there do not, since they may have been removed.
    pub(super) async fn bring(
        &self,
        channel: &Channel,
        before: Option<&Progress>,
    ) -> anyhow::Result<Brought> {
        let listed = channel
            .members
            .iter()
            .filter_map(|user| self.people.id(user));
        let mut members: Vec<UserId> = listed.collect::<BTreeSet<_>>().into_iter().collect();
        let at = self.scan.created(channel);
        let room: RoomId = id(at, &["slack", &channel.id]);
        if let (Kind::Direct, [one, other]) = (channel.kind, members.as_slice())
            && let Some(pair) = Pair::of(*one, *other)
        {
            return self.direct(room, pair, at, before.is_some()).await;
        }
        let Some(owner) = self.owner(channel, &members) else {
            return Ok(Brought::OfNobody);
        };
        if members.is_empty() {
            members.push(owner);
        }
        let rooms = &self.house.ports.rooms;
        if rooms.find(&[room]).await?.is_empty() {
            if before.is_some() {
                return Ok(Brought::Deleted);
            }
            let new = self.plan(channel, room, owner, &members)?;
            match rooms.create(&new).await? {
                Created::Made(_) | Created::NameTaken => {}
            }
        } else if let Some(before) = before {
            self.admit_newcomers(channel, room, before).await?;
        }
        Ok(Brought::Room(room, members))
    }

    async fn direct(
        &self,
        room: RoomId,
        pair: Pair,
        at: Timestamp,
        begun: bool,
    ) -> anyhow::Result<Brought> {
        let direct = NewDirect {
            id: room,
            pair,
            at,
            events: Vec::new(),
        };
        let opened = self.house.ports.rooms.open_direct(&direct).await;
        let opened = match opened {
            Ok(opened) => opened,
            // The pair has no room, but its id is taken: only a deleted room leaves that behind.
            Err(_) if begun => return Ok(Brought::Deleted),
            Err(failure) => return Err(failure.into()),
        };
        Ok(Brought::Room(opened.room.id, vec![pair.low(), pair.high()]))
    }

    /// The channel's creator if still a member, otherwise another member. For a channel without
    /// members, its creator or the first to post.
    fn owner(&self, channel: &Channel, members: &[UserId]) -> Option<UserId> {
        let creator = channel
            .creator
            .as_deref()
            .and_then(|user| self.people.id(user));
        let there = creator.filter(|creator| members.contains(creator));
        let first = || {
            let speaker = self.scan.first_speaker(channel)?;
            self.people.id(speaker)
        };
        there
            .or_else(|| members.first().copied())
            .or(creator)
            .or_else(first)
    }

    /// Admits those who joined the channel since its last import. Those who were members then may
    /// have left the room since, and are not brought back.
    async fn admit_newcomers(
        &self,
        channel: &Channel,
        room: RoomId,
        before: &Progress,
    ) -> anyhow::Result<()> {
        let new = channel
            .members
            .iter()
            .filter(|user| !before.members.contains(user));
        for user in new.filter_map(|user| self.people.id(user)) {
            self.admit(room, user).await?;
        }
        Ok(())
    }

    async fn admit(&self, room: RoomId, user: UserId) -> anyhow::Result<()> {
        let act = Act {
            room,
            actor: user,
            subject: user,
            invite: None,
            at: self.house.ports.clock.now(),
        };
        let rule = |scene: &Scene| {
            let step = Step::Admit { user };
            let steps = if scene.subject.banned {
                None
            } else {
                Some(step)
            };
            Ok(Decision {
                steps: steps.into_iter().collect(),
                events: Vec::new(),
            })
        };
        match self.house.ports.rooms.decide(&act, &rule).await? {
            Decided::Done(_) => Ok(()),
            Decided::Refused(_) | Decided::Unknown => {
                bail!("a room was deleted while its channel was imported")
            }
        }
    }

    fn plan(
        &self,
        channel: &Channel,
        room: RoomId,
        owner: UserId,
        members: &[UserId],
    ) -> anyhow::Result<NewRoom> {
        let name = self.name(channel);
        let name = RoomName::parse(&name).with_context(|| format!("{name:?} is no name"))?;
        let purpose = self
            .markup
            .plain(channel.purpose())
            .replace('\0', "\u{fffd}");
        let purpose: String = purpose.chars().take(Description::MAX).collect();
        let private = channel.kind != Kind::Public;
        Ok(NewRoom {
            id: room,
            name,
            description: Description::parse(purpose).ok(),
            standing_invite: private.then(|| self.house.ids.invite_code()),
            history: History::All,
            owner,
            members: members.to_vec(),
            unique_name: false,
            at: self.scan.created(channel),
            events: Vec::new(),
        })
    }

    /// Groups without a name are named after their members.
    fn name(&self, channel: &Channel) -> String {
        let given = match (channel.kind, &channel.name) {
            (Kind::Public | Kind::Private, Some(name)) => name.clone(),
            (Kind::Public | Kind::Private | Kind::Direct | Kind::Group, _) => {
                let called = channel
                    .members
                    .iter()
                    .filter_map(|it| self.markup.people.get(it));
                called.cloned().collect::<Vec<_>>().join(", ")
            }
        };
        let given = if given.trim().is_empty() {
            "notes".to_owned()
        } else {
            given
        };
        let mark = if channel.is_archived {
            " (archived)"
        } else {
            ""
        };
        let room = RoomName::MAX.saturating_sub(mark.len());
        let kept: String = given.replace('\0', "").chars().take(room).collect();
        kept + mark
    }
}
