//! What a person did in rooms: their memberships, messages and reactions.

use application::Ports;
use domain::port::messages::{View, Window};
use domain::{Room, Seq, UserId};

use super::line;
use super::run::Paper;

/// The page size.
const PAGE: usize = 500;

/// Exports the user's messages from all rooms, including those that they left.
pub(super) async fn write(ports: &Ports, user: UserId, paper: &mut Paper) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = ports.members.relations(user, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.room);
        let ids: Vec<_> = page.iter().map(|relation| relation.room).collect();
        let rooms = ports.rooms.find(&ids).await?;
        for room in &rooms {
            let relation = page.iter().find(|relation| relation.room == room.id);
            if let Some(membership) = relation.and_then(|relation| relation.membership.as_ref()) {
                paper.write(&line::membership(room, membership))?;
            }
            said(ports, user, room, paper).await?;
        }
    }
}

async fn said(ports: &Ports, user: UserId, room: &Room, paper: &mut Paper) -> anyhow::Result<()> {
    // Nothing is withheld, and the reactions marked `mine` are theirs.
    let view = View {
        reader: user,
        ..View::whole(room.id)
    };
    let mut place = Seq::ZERO;
    loop {
        let window = Window::After(place);
        let page = ports.messages.page(&view, window, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        place = last.seq;
        for message in &page {
            if message.sender == user {
                paper.write(&line::message(message))?;
            }
            for reaction in message.reactions.iter().filter(|reaction| reaction.mine) {
                paper.write(&line::reaction(message, reaction.emoji.as_str()))?;
            }
        }
    }
}
