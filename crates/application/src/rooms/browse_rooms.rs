//! Finding rooms.

use std::collections::HashMap;
use std::sync::Arc;

use domain::port::Rooms;
use domain::port::rooms::Browse;
use domain::{Membership, Room, RoomId, SearchText};

use crate::present::RoomViews;
use crate::view::one_more;
use crate::{Caller, Error, Page, Ports, RoomView};

/// Lists public rooms and those of the caller, newest first. Direct rooms are in
/// [`MyRooms`](super::MyRooms).
pub struct BrowseRooms {
    rooms: Arc<dyn Rooms>,
    views: RoomViews,
}

impl BrowseRooms {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            views: RoomViews::new(ports),
        }
    }

    /// One page of the rooms whose name contains the query.
    #[tracing::instrument(skip_all, name = "browse_rooms")]
    pub async fn run(
        &self,
        caller: &Caller,
        query: Option<SearchText>,
        before: Option<RoomId>,
        limit: usize,
    ) -> Result<Page<RoomView, RoomId>, Error> {
        let browse = Browse {
            user: caller.user,
            contains: query.map(|text| text.as_str().to_lowercase()),
            before,
            limit: one_more(limit),
        };
        let found = self.rooms.browse(&browse).await?;
        let Page { items, next } = Page::cut(found, limit, |room| room.id);
        let mut own = self.own(caller, &items).await?;
        let rooms = items
            .into_iter()
            .map(|room| {
                let membership = own.remove(&room.id);
                (room, membership)
            })
            .collect();
        let items = self.views.show(caller.user, rooms).await?;
        Ok(Page { items, next })
    }

    /// The caller's memberships of these rooms.
    async fn own(
        &self,
        caller: &Caller,
        rooms: &[Room],
    ) -> Result<HashMap<RoomId, Membership>, Error> {
        let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
        let accesses = self.rooms.accesses(&ids, caller.user).await?;
        Ok(accesses
            .into_iter()
            .filter_map(|access| Some((access.room.id, access.membership?)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use domain::RoomName;
    use domain::port::IdsExt as _;

    use super::*;
    use crate::testing::Stage;

    async fn named(stage: &Stage, name: &str, private: bool) -> RoomId {
        let code = private.then(|| stage.world.ports.ids.invite_code());
        let room = stage.world.room_with(&stage.owner, |room| {
            room.name = RoomName::parse(name).unwrap();
            room.standing_invite = code;
        });
        room.await.id
    }

    fn query(text: &str) -> SearchText {
        SearchText::parse(text).unwrap()
    }

    async fn ids(stage: &Stage, who: &Caller, query: Option<SearchText>) -> Vec<RoomId> {
        let browse = BrowseRooms::new(&stage.world.ports);
        let page = browse.run(who, query, None, 10).await.unwrap();
        page.items.iter().map(|view| view.room.id).collect()
    }

    #[tokio::test]
    async fn public_rooms_and_ones_own_are_listed_but_no_direct_ones() {
        let stage = Stage::new().await;
        let (public, private) = (stage.public, stage.private);
        assert_eq!(ids(&stage, &stage.member, None).await, [private, public]);
        assert_eq!(ids(&stage, &stage.stranger, None).await, [public]);
    }

    #[tokio::test]
    async fn rooms_are_found_by_part_of_their_name() {
        let stage = Stage::new().await;
        let garden = named(&stage, "The Ökogarten", false).await;
        let hidden = named(&stage, "Ökohaus", true).await;
        let percent = named(&stage, "100% talk", false).await;
        let stranger = |text| ids(&stage, &stage.stranger, Some(query(text)));
        assert_eq!(stranger("öKO").await, [garden]);
        assert_eq!(stranger("%").await, [percent]);
        assert!(stranger("nothing").await.is_empty());
        let owner = ids(&stage, &stage.owner, Some(query("öko"))).await;
        assert_eq!(owner, [hidden, garden]);
    }

    #[tokio::test]
    async fn pages_follow_each_other() {
        let stage = Stage::new().await;
        let mut made = Vec::new();
        for number in 1..=5 {
            made.push(named(&stage, &format!("pear {number}"), false).await);
        }
        made.reverse();
        let browse = BrowseRooms::new(&stage.world.ports);
        let run = async |before| {
            let page = browse.run(&stage.stranger, Some(query("pear")), before, 3);
            let page = page.await.unwrap();
            let ids: Vec<RoomId> = page.items.iter().map(|view| view.room.id).collect();
            (ids, page.next)
        };
        let (first, next) = run(None).await;
        let (second, end) = run(next).await;
        assert_eq!(end, None);
        assert_eq!([first, second].concat(), made);
    }

    #[tokio::test]
    async fn members_see_their_place_in_what_they_find() {
        let stage = Stage::new().await;
        let browse = BrowseRooms::new(&stage.world.ports);
        let page = browse.run(&stage.member, None, None, 10).await.unwrap();
        assert!(page.items.iter().all(|view| view.standing.is_some()));
        let page = browse.run(&stage.stranger, None, None, 10).await.unwrap();
        assert!(page.items.iter().all(|view| view.standing.is_none()));
    }
}
