//! Seeing who belongs to a room.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::{Clock, Members, Presence, Rooms};
use domain::{Failure, Membership, RoomId, UserId};

use super::member_views::MemberViews;
use crate::access::inside;
use crate::{Caller, Error, MemberView, Page, Ports};

/// How many members are asked about at a time when only those online are wanted.
const STRETCH: usize = 500;

/// After how many stretches a page is answered as it is: in a great room where nearly everybody is
/// away, one request must not read all of it. The page may then be short, and still has a next one.
const STRETCHES: usize = 10;

/// Which members to list.
#[derive(Clone, Copy, Debug)]
pub struct MemberList {
    /// Where the page before ended.
    pub after: Option<UserId>,
    /// How many at most.
    pub limit: usize,
    /// Only those who are connected now.
    pub online_only: bool,
}

/// Lists a room's members to its members.
pub struct ListMembers {
    rooms: Arc<dyn Rooms>,
    members: Arc<dyn Members>,
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
    views: MemberViews,
}

impl ListMembers {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            members: Arc::clone(&ports.members),
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
            views: MemberViews::new(ports),
        }
    }

    /// One page.
    pub async fn run(
        &self,
        caller: &Caller,
        room: RoomId,
        list: MemberList,
    ) -> Result<Page<MemberView, UserId>, Error> {
        inside(&*self.rooms, room, caller.user).await?;
        let page = if list.online_only {
            self.online(room, list).await?
        } else {
            self.all(room, list).await?
        };
        Ok(Page {
            items: self.views.show(caller, page.items).await?,
            next: page.next,
        })
    }

    async fn all(
        &self,
        room: RoomId,
        list: MemberList,
    ) -> Result<Page<Membership, UserId>, Failure> {
        let wanted = list.limit.saturating_add(1);
        let mut items = self.members.page(room, list.after, wanted).await?;
        let more = items.len() > list.limit;
        items.truncate(list.limit);
        let next = items.last().filter(|_| more).map(|member| member.user);
        Ok(Page { items, next })
    }

    async fn online(
        &self,
        room: RoomId,
        list: MemberList,
    ) -> Result<Page<Membership, UserId>, Failure> {
        let mut items: Vec<Membership> = Vec::new();
        let mut after = list.after;
        for _ in 0..STRETCHES {
            let stretch = self.members.page(room, after, STRETCH).await?;
            let ids: Vec<UserId> = stretch.iter().map(|member| member.user).collect();
            let online = self.presence.online(&ids, self.clock.now()).await?;
            let online: HashSet<UserId> = online.into_iter().collect();

            let here = stretch.into_iter().filter(|m| online.contains(&m.user));
            items.extend(here.take(list.limit.saturating_add(1) - items.len()));
            if items.len() > list.limit {
                items.truncate(list.limit);
                let next = items.last().map(|member| member.user);
                return Ok(Page { items, next });
            }
            if ids.len() < STRETCH {
                return Ok(Page { items, next: None });
            }
            after = ids.last().copied();
        }
        Ok(Page { items, next: after })
    }
}
