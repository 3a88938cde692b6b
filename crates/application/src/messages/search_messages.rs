//! Full-text search of messages.

use std::sync::Arc;

use domain::port::search::MessageQuery;
use domain::port::{Rooms, Search};
use domain::search_text::{snippet, words};
use domain::{Message, MessageId, Room, RoomId, SearchText, Timestamp, UserId};

use crate::access::inside;
use crate::present::MessageViews;
use crate::view::one_more;
use crate::{Caller, Error, Hit, MessageView, Page, Ports};

/// How much of a text is shown around the first hit.
const SNIPPET: usize = 160;

/// What to search for.
#[derive(Clone, Debug)]
pub struct MessageSearch {
    /// The words, all of which must be in a message.
    pub text: SearchText,
    /// Only in this room.
    pub room: Option<RoomId>,
    /// Only from this sender.
    pub from: Option<UserId>,
    /// Only posted before this moment.
    pub before: Option<Timestamp>,
    /// Only posted at or after this moment.
    pub after: Option<Timestamp>,
    /// The last hit of the previous page.
    pub cursor: Option<MessageId>,
    /// The maximum number of hits.
    pub limit: usize,
}

/// Searches what the caller may read, newest first.
pub struct SearchMessages {
    rooms: Arc<dyn Rooms>,
    search: Arc<dyn Search>,
    views: MessageViews,
}

impl SearchMessages {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            search: Arc::clone(&ports.search),
            views: MessageViews::new(ports),
        }
    }

    /// One page of hits.
    #[tracing::instrument(skip_all, name = "search_messages")]
    pub async fn run(
        &self,
        caller: &Caller,
        search: MessageSearch,
    ) -> Result<Page<Hit, MessageId>, Error> {
        if let Some(room) = search.room {
            inside(&*self.rooms, room, caller.user).await?;
        }
        let sought = words(search.text.as_str());
        if sought.is_empty() {
            // A text of punctuation only contains no words, so nothing matches it.
            let items = Vec::new();
            return Ok(Page { items, next: None });
        }
        let query = MessageQuery {
            reader: caller.user,
            words: sought.clone(),
            room: search.room,
            from: search.from,
            before: search.before,
            after: search.after,
            cursor: search.cursor,
            limit: one_more(search.limit),
        };
        let found = self.search.messages(&query).await?;
        let Page { items, next } = Page::cut(found, search.limit, |message| message.id);
        let shown = self.show(caller, items).await?;
        let items = shown.into_iter().map(|view| hit(view, &sought)).collect();
        Ok(Page { items, next })
    }

    async fn show(
        &self,
        caller: &Caller,
        messages: Vec<Message>,
    ) -> Result<Vec<MessageView>, Error> {
        let mut ids: Vec<RoomId> = messages.iter().map(|message| message.room).collect();
        ids.sort_unstable();
        ids.dedup();
        let rooms = self.rooms.find(&ids).await?;
        let rooms: Vec<&Room> = rooms.iter().collect();
        Ok(self.views.show(caller.user, &rooms, messages).await?)
    }
}

fn hit(view: MessageView, sought: &[String]) -> Hit {
    let text = view.message.body.as_ref().map_or("", |body| body.as_str());
    Hit {
        snippet: snippet(text, sought, SNIPPET),
        view,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Refusal;
    use uuid::Uuid;

    use super::*;
    use crate::testing::{Stage, refusal};

    fn anywhere(text: &str) -> MessageSearch {
        MessageSearch {
            text: SearchText::parse(text).unwrap(),
            room: None,
            from: None,
            before: None,
            after: None,
            cursor: None,
            limit: 10,
        }
    }

    async fn texts(stage: &Stage, who: &Caller, search: MessageSearch) -> Vec<String> {
        let messages = SearchMessages::new(&stage.world.ports);
        let found = messages.run(who, search).await.unwrap().items;
        found.into_iter().map(|hit| hit.snippet.text).collect()
    }

    #[tokio::test]
    async fn a_room_is_searched_by_its_members() {
        let stage = Stage::new().await;
        let search = SearchMessages::new(&stage.world.ports);
        let verdicts = stage.table(async |who, spot| {
            let within = MessageSearch {
                room: Some(spot.room),
                ..anywhere("others")
            };
            search.run(&who, within).await
        });
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned ok ok ok ok",
                "unknown unknown ok ok ok ok",
                "unknown ok",
            ]
        );
        let nowhere = MessageSearch {
            room: Some(RoomId::from_uuid(Uuid::nil())),
            ..anywhere("others")
        };
        let answer = search.run(&stage.owner, nowhere).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }

    #[tokio::test]
    async fn a_search_everywhere_stays_within_ones_rooms() {
        let stage = Stage::new().await;
        let world = &stage.world;
        world.post(stage.public, &stage.owner, "public pears").await;
        world
            .post(stage.private, &stage.owner, "private pears")
            .await;
        world
            .post(stage.direct, &stage.author, "direct pears")
            .await;
        let pears = || anywhere("PEARS");
        let found = texts(&stage, &stage.member, pears()).await;
        assert_eq!(found, ["direct pears", "private pears", "public pears"]);
        let found = texts(&stage, &stage.owner, pears()).await;
        assert_eq!(found, ["private pears", "public pears"]);
        for outsider in [&stage.stranger, &stage.banned] {
            assert!(texts(&stage, outsider, pears()).await.is_empty());
        }
    }

    #[tokio::test]
    async fn what_was_before_ones_time_or_deleted_is_not_found() {
        let stage = Stage::new().await;
        let (room, _, after) = stage.joined_room().await;
        let member = || texts(&stage, &stage.member, anywhere("the member"));
        assert_eq!(member().await, ["after the member"]);
        let owner = texts(&stage, &stage.owner, anywhere("the member")).await;
        assert_eq!(owner.len(), 2);
        stage.delete(&after).await;
        assert!(member().await.is_empty());
        stage.world.leave(room, &stage.member).await;
        assert!(member().await.is_empty());
    }

    #[tokio::test]
    async fn a_search_is_narrowed_by_sender_and_time() {
        let stage = Stage::new().await;
        let world = &stage.world;
        world.post(stage.public, &stage.owner, "early figs").await;
        world.pass(Duration::from_mins(1));
        let noon = world.now();
        world.post(stage.public, &stage.admin, "late figs").await;
        let run = |search| texts(&stage, &stage.member, search);
        let from = MessageSearch {
            from: Some(stage.admin.user),
            ..anywhere("figs")
        };
        assert_eq!(run(from).await, ["late figs"]);
        let after = MessageSearch {
            after: Some(noon),
            ..anywhere("figs")
        };
        assert_eq!(run(after).await, ["late figs"]);
        let before = MessageSearch {
            before: Some(noon),
            ..anywhere("figs")
        };
        assert_eq!(run(before).await, ["early figs"]);
    }

    #[tokio::test]
    async fn hits_come_page_by_page() {
        let stage = Stage::new().await;
        for number in 1..=5 {
            let text = format!("plum {number}");
            stage.world.post(stage.public, &stage.owner, &text).await;
        }
        let search = SearchMessages::new(&stage.world.ports);
        let run = async |cursor| {
            let wanted = MessageSearch {
                cursor,
                limit: 2,
                ..anywhere("plum")
            };
            let page = search.run(&stage.member, wanted).await.unwrap();
            let texts = page.items.into_iter().map(|hit| hit.snippet.text);
            (texts.collect::<Vec<_>>(), page.next)
        };
        let (first, next) = run(None).await;
        assert_eq!(first, ["plum 5", "plum 4"]);
        let (second, next) = run(next).await;
        assert_eq!(second, ["plum 3", "plum 2"]);
        assert_eq!(run(next).await, (vec!["plum 1".to_owned()], None));
    }

    #[tokio::test]
    async fn hits_show_where_the_words_are() {
        let stage = Stage::new().await;
        let text = "Äpfel & pears";
        stage.world.post(stage.public, &stage.owner, text).await;
        let search = SearchMessages::new(&stage.world.ports);
        let page = search.run(&stage.member, anywhere("pears äpfel")).await;
        let hit = page.unwrap().items.pop().unwrap();
        assert_eq!(hit.snippet.highlights, [0..5, 8..13]);
    }

    #[tokio::test]
    async fn punctuation_alone_finds_nothing() {
        let stage = Stage::new().await;
        stage.world.post(stage.public, &stage.owner, "100 %").await;
        assert!(texts(&stage, &stage.member, anywhere("%")).await.is_empty());
    }
}
