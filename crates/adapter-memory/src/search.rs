//! Searching messages and people by words.

use std::cmp::Reverse;

use async_trait::async_trait;
use domain::port::Search;
use domain::port::search::MessageQuery;
use domain::search_text::contains_all;
use domain::{Failure, Message, User};

use crate::MemoryStore;
use crate::state::{MessageRow, State};

#[async_trait]
impl Search for MemoryStore {
    async fn messages(&self, query: &MessageQuery) -> Result<Vec<Message>, Failure> {
        Ok(self.state().search(query))
    }

    async fn people(&self, prefix: &str, limit: usize) -> Result<Vec<User>, Failure> {
        let prefix = prefix.to_lowercase();
        let state = self.state();
        let mut people: Vec<&User> = state
            .users
            .values()
            .map(|row| &row.user)
            .filter(|user| user.erased_at.is_none() && goes_by(user, &prefix))
            .collect();
        people.sort_by_key(|user| user.username.key());
        Ok(people.into_iter().take(limit).cloned().collect())
    }
}

impl State {
    fn search(&self, query: &MessageQuery) -> Vec<Message> {
        let rooms = self
            .rooms_of(query.reader)
            .filter(|row| query.room.is_none_or(|room| row.room.id == room));
        let readable = rooms.flat_map(|row| {
            let floor = row.member(query.reader).map(|member| member.from_seq);
            row.log
                .values()
                .filter(move |message| floor.is_some_and(|floor| message.message.seq > floor))
        });
        let mut hits: Vec<&MessageRow> = readable.filter(|row| hit(row, query)).collect();
        hits.sort_by_key(|row| Reverse(row.message.id));
        hits.truncate(query.limit);
        hits.into_iter()
            .map(|row| self.show(row, query.reader))
            .collect()
    }
}

fn hit(row: &MessageRow, query: &MessageQuery) -> bool {
    let message = &row.message;
    // The words come last, because they are the slow part.
    query.cursor.is_none_or(|cursor| message.id < cursor)
        && query.from.is_none_or(|from| message.sender == from)
        && query
            .before
            .is_none_or(|before| message.created_at < before)
        && query.after.is_none_or(|after| message.created_at >= after)
        && message
            .body
            .as_ref()
            .is_some_and(|body| contains_all(body.as_str(), &query.words))
}

/// Whether a word of the username or of the display name starts with the prefix.
fn goes_by(user: &User, prefix: &str) -> bool {
    starts_so(&user.username.key(), prefix) || starts_so(&user.display_name.key(), prefix)
}

fn starts_so(name: &str, prefix: &str) -> bool {
    let mut before = ' ';
    name.char_indices().any(|(index, letter)| {
        let starts = !before.is_alphanumeric() && letter.is_alphanumeric() || index == 0;
        before = letter;
        starts
            && name
                .get(index..)
                .is_some_and(|rest| rest.starts_with(prefix))
    })
}
