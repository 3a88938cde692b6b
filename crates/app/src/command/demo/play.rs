//! Plays the script.

use adapter_memory::ManualClock;
use anyhow::Context as _;
use application::UseCases;
use application::messages::{CursorKind, NewPost, Reading, UpTo};
use application::rooms::{ChatPlan, Door, RoomPlan};
use domain::{Description, Emoji, History, MessageBody, MessageId, RoomId, RoomName, Seq};

use super::cast::Cast;
use super::script::{Line, Moment, Scene, Script};

/// The state of the play.
pub(super) struct Play<'a> {
    use_cases: &'a UseCases,
    clock: &'a ManualClock,
    cast: &'a Cast,
    script: &'a Script,
    /// The rooms, as far as they have been created, with their messages.
    rooms: Vec<Option<(RoomId, Vec<MessageId>)>>,
}

impl<'a> Play<'a> {
    pub(super) fn new(
        use_cases: &'a UseCases,
        clock: &'a ManualClock,
        cast: &'a Cast,
        script: &'a Script,
    ) -> Self {
        Self {
            use_cases,
            clock,
            cast,
            script,
            rooms: script.rooms.iter().map(|_| None).collect(),
        }
    }

    /// Posts a line, and adds the reactions to it.
    pub(super) async fn say(&mut self, moment: Moment) -> anyhow::Result<()> {
        self.clock.set(moment.at);
        let scene = self.script.rooms.get(moment.room).context("no such room")?;
        let line = scene.lines.get(moment.line).context("no such line")?;
        let (room, mut said) = match self.rooms.get_mut(moment.room).and_then(Option::take) {
            Some(made) => made,
            None => (self.open(scene).await?, Vec::new()),
        };
        let answered = line
            .answers
            .and_then(|place| said.get(place.checked_sub(1)?));
        let message = self.post(room, line, answered.copied()).await?;
        said.push(message);
        self.follow(room, scene, said.len()).await?;
        if let Some(place) = self.rooms.get_mut(moment.room) {
            *place = Some((room, said));
        }
        Ok(())
    }

    async fn open(&self, scene: &Scene) -> anyhow::Result<RoomId> {
        let (first, others) = scene
            .members
            .split_first()
            .context("a room without members")?;
        let owner = self.cast.caller(first)?;
        let Some(name) = &scene.name else {
            let other = others.first().context("a direct room with one member")?;
            let plan = ChatPlan {
                participants: vec![self.cast.caller(other)?.user],
                name: None,
                group: None,
            };
            let (view, _) = self.use_cases.start_chat.run(owner, plan).await?;
            return Ok(view.room.id);
        };
        let plan = RoomPlan {
            name: RoomName::parse(name)?,
            description: scene
                .description
                .as_ref()
                .map(Description::parse)
                .transpose()?,
            private: scene.private,
            history: History::All,
            unique_name: false,
        };
        let made = self.use_cases.create_room.run(owner, plan).await?;
        for other in others {
            let door = Door::Room(made.room.id, made.invite.clone());
            self.use_cases
                .join_room
                .run(self.cast.caller(other)?, door)
                .await?;
        }
        Ok(made.room.id)
    }

    async fn post(
        &self,
        room: RoomId,
        line: &Line,
        reply_to: Option<MessageId>,
    ) -> anyhow::Result<MessageId> {
        let sender = self.cast.caller(&line.who)?;
        let post = NewPost {
            id: None,
            body: MessageBody::parse(&line.says)?,
            client_id: None,
            reply_to,
            attachments: Vec::new(),
        };
        let posted = self.use_cases.post_message.run(sender, room, post).await?;
        let id = posted.view.message.id;
        for (emoji, people) in &line.reactions {
            for who in people {
                let emoji = Emoji::parse(emoji)?;
                self.use_cases
                    .react
                    .run(self.cast.caller(who)?, id, emoji, true)
                    .await?;
            }
        }
        if line.pinned {
            self.use_cases.pin.run(sender, id, true).await?;
        }
        Ok(id)
    }

    /// Everybody reads along, except the person whose view is shown, who stopped at some point.
    async fn follow(&self, room: RoomId, scene: &Scene, said: usize) -> anyhow::Result<()> {
        let away = self.script.people.first().map(|role| &role.username);
        let seq = Seq::new(i64::try_from(said)?).context("no line was posted")?;
        for who in &scene.members {
            if Some(who) == away && said > scene.read {
                continue;
            }
            let reading = Reading {
                kind: CursorKind::Read,
                up_to: UpTo::Seq(seq),
            };
            self.use_cases
                .move_cursors
                .run(self.cast.caller(who)?, room, reading)
                .await?;
        }
        Ok(())
    }
}
