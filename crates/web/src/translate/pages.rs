//! Pages of lists.

use application::rooms::ChangesSince;
use application::{
    ChangesView, Hit, MemberView, MessageView, NumberedPage, Page, Person, RoomView,
};
use domain::{MessageId, Rev, RoomId, UserId};
use protocol::{rest, shape};

use super::Links;
use super::members::member;
use super::messages::{hit, message};
use super::people::user;
use super::rooms::room;

/// The size of a page. The form has checked it against its bounds.
pub(crate) fn page_size(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or(1)
}

/// A page of messages.
pub(crate) fn message_page(page: Page<MessageView, MessageId>) -> shape::MessagePage {
    shape::MessagePage {
        messages: page.items.into_iter().map(message).collect(),
        next_cursor: page.next.map(MessageId::as_uuid),
    }
}

/// A page of search results.
pub(crate) fn hit_page(page: Page<Hit, MessageId>) -> shape::SearchPage {
    shape::SearchPage {
        hits: page.items.into_iter().map(hit).collect(),
        next_cursor: page.next.map(MessageId::as_uuid),
    }
}

/// A page of members.
pub(crate) fn member_page(page: Page<MemberView, UserId>) -> shape::MemberPage {
    shape::MemberPage {
        users: page.items.into_iter().map(member).collect(),
        next_cursor: page.next.map(UserId::as_uuid),
    }
}

/// A page of people.
pub(crate) fn user_page(page: Page<Person, UserId>) -> shape::UserPage {
    shape::UserPage {
        users: users(page.items),
        next_cursor: page.next.map(UserId::as_uuid),
    }
}

/// A complete list of people.
pub(crate) fn users(people: Vec<Person>) -> Vec<shape::User> {
    people.into_iter().map(user).collect()
}

/// A page of rooms.
pub(crate) fn room_page(page: Page<RoomView, RoomId>, links: &Links) -> shape::RoomPage {
    shape::RoomPage {
        rooms: rooms(page.items, links),
        next_cursor: page.next.map(RoomId::as_uuid),
    }
}

/// A complete list of rooms.
pub(crate) fn rooms(views: Vec<RoomView>, links: &Links) -> Vec<shape::Room> {
    views.into_iter().map(|view| room(view, links)).collect()
}

/// A numbered page of messages.
pub(crate) fn numbered(page: NumberedPage<MessageView>) -> shape::NumberedMessages {
    shape::NumberedMessages {
        messages: page.items.into_iter().map(message).collect(),
        total_pages: page.pages,
        current_page: page.number,
        total: page.total,
    }
}

/// From where on changes are requested.
pub(crate) fn since(form: rest::EventsQuery) -> ChangesSince {
    ChangesSince {
        rev: Rev::new(form.since).unwrap_or(Rev::ZERO),
        epoch: form.epoch,
        limit: page_size(form.limit),
    }
}

/// The changes in a room.
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
