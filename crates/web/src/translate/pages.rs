//! Stretches of lists.

use application::rooms::ChangesSince;
use application::{ChangesView, MessageView, NumberedPage};
use domain::Rev;
use protocol::{rest, shape};

use super::Links;
use super::members::member;
use super::messages::message;
use super::rooms::room;

/// How many items a page is to have. The form has held it within its bounds.
pub(crate) fn page_size(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or(1)
}

/// A page of messages that has a number.
pub(crate) fn numbered(page: NumberedPage<MessageView>) -> shape::NumberedMessages {
    shape::NumberedMessages {
        messages: page.items.into_iter().map(message).collect(),
        total_pages: page.pages,
        current_page: page.number,
        total: page.total,
    }
}

/// Since when changes are wanted.
pub(crate) fn since(form: rest::EventsQuery) -> ChangesSince {
    ChangesSince {
        rev: Rev::new(form.since).unwrap_or(Rev::ZERO),
        epoch: form.epoch,
        limit: page_size(form.limit),
    }
}

/// What changed in a room.
pub(crate) fn changes(view: ChangesView, links: &Links) -> shape::Changes {
    shape::Changes {
        epoch: view.epoch.as_str().to_owned(),
        messages: view.messages.into_iter().map(message).collect(),
        members: view.members.into_iter().map(member).collect(),
        room: view.room.map(|view| room(view, links)),
        up_to: view.up_to.get(),
        more: view.more,
        reset: view.reset,
    }
}
