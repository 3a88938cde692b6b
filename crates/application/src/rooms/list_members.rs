//! Listing the members of a room.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::{Clock, Members, Presence, Rooms};
use domain::{Failure, Membership, RoomId, UserId};

use super::member_views::MemberViews;
use crate::access::inside;
use crate::view::one_more;
use crate::{Caller, Error, MemberView, Page, Ports};

/// How many members are read per query when only those online are wanted.
const STRETCH: usize = 500;

/// After how many queries a page is returned as it is, even if it is short and has a successor: in
/// a large room where nearly everybody is away, one request must not read all members.
const STRETCHES: usize = 10;

/// Which members to list.
#[derive(Clone, Copy, Debug)]
pub struct MemberList {
    /// Where the previous page ended.
    pub after: Option<UserId>,
    /// The maximum number of members.
    pub limit: usize,
    /// Whether to list only members who are connected now.
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
    #[tracing::instrument(skip_all, name = "list_members")]
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
            items: self.views.show(caller.user, page.items).await?,
            next: page.next,
        })
    }

    async fn all(
        &self,
        room: RoomId,
        list: MemberList,
    ) -> Result<Page<Membership, UserId>, Failure> {
        let wanted = one_more(list.limit);
        let found = self.members.page(room, list.after, wanted).await?;
        Ok(Page::cut(found, list.limit, |member| member.user))
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
            items.extend(here.take(one_more(list.limit) - items.len()));
            if items.len() > list.limit {
                return Ok(Page::cut(items, list.limit, |member| member.user));
            }
            if ids.len() < STRETCH {
                return Ok(Page { items, next: None });
            }
            after = ids.last().copied();
        }
        Ok(Page { items, next: after })
    }
}

#[cfg(test)]
mod tests {
    use domain::port::IdsExt as _;
    use domain::port::presence::Lease;

    use super::*;
    use crate::testing::Stage;

    const fn list(after: Option<UserId>, limit: usize) -> MemberList {
        MemberList {
            after,
            limit,
            online_only: false,
        }
    }

    const fn online(after: Option<UserId>, limit: usize) -> MemberList {
        MemberList {
            after,
            limit,
            online_only: true,
        }
    }

    async fn connect(stage: &Stage, who: &Caller) {
        let ids = &stage.world.ports.ids;
        let now = stage.world.now();
        let lease = Lease {
            subject: who.user.into(),
            connection: ids.next(),
            node: ids.next(),
            until: now + std::time::Duration::from_mins(1),
        };
        let connected = stage.world.ports.presence.connect(&lease, now, now).await;
        connected.unwrap();
    }

    /// All pages of a list, two members each.
    async fn pages(stage: &Stage, list: fn(Option<UserId>, usize) -> MemberList) -> Vec<UserId> {
        let members = ListMembers::new(&stage.world.ports);
        let mut met: Vec<UserId> = Vec::new();
        let mut next = None;
        for _ in 0..10 {
            let page = members.run(&stage.owner, stage.public, list(next, 2));
            let page = page.await.unwrap();
            assert!(page.items.len() <= 2);
            met.extend(page.items.iter().map(|view| view.person.user.id));
            next = page.next;
            if next.is_none() {
                return met;
            }
        }
        panic!("the pages have no end");
    }

    fn sorted<const N: usize>(people: [&Caller; N]) -> Vec<UserId> {
        let mut ids: Vec<UserId> = people.iter().map(|who| who.user).collect();
        ids.sort_unstable();
        ids
    }

    #[tokio::test]
    async fn members_are_shown_to_members() {
        let stage = Stage::new().await;
        let members = ListMembers::new(&stage.world.ports);
        for list in [list(None, 10), online(None, 10)] {
            let verdicts = stage.table(async |who, spot| members.run(&who, spot.room, list).await);
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
    async fn everybody_is_met_once_page_by_page() {
        let stage = Stage::new().await;
        let all = sorted([
            &stage.author,
            &stage.member,
            &stage.silenced,
            &stage.admin,
            &stage.owner,
        ]);
        assert_eq!(pages(&stage, list).await, all);
    }

    #[tokio::test]
    async fn those_online_are_met_once_page_by_page() {
        let stage = Stage::new().await;
        assert!(pages(&stage, online).await.is_empty());
        connect(&stage, &stage.stranger).await;
        connect(&stage, &stage.owner).await;
        connect(&stage, &stage.member).await;
        let two = sorted([&stage.owner, &stage.member]);
        assert_eq!(pages(&stage, online).await, two);
        connect(&stage, &stage.admin).await;
        let three = sorted([&stage.owner, &stage.member, &stage.admin]);
        assert_eq!(pages(&stage, online).await, three);
    }

    #[tokio::test]
    async fn a_great_room_with_few_online_is_read_to_its_end() {
        let stage = Stage::new().await;
        for number in 0..STRETCH {
            let guest = stage.world.user(&format!("guest{number}")).await;
            stage.world.join(stage.public, &guest).await;
        }
        let last = stage.world.user("last").await;
        stage.world.join(stage.public, &last).await;
        connect(&stage, &last).await;
        connect(&stage, &stage.owner).await;
        let both = sorted([&stage.owner, &last]);
        assert_eq!(pages(&stage, online).await, both);
    }
}
