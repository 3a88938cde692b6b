//! The port's methods, each within its timeout.

use async_trait::async_trait;
use domain::port::Sessions;
use domain::port::sessions::{Rotated, Rotation};
use domain::{Failure, Session, SessionId, Timestamp, TokenDigest, UserId};
use futures::TryStreamExt as _;
use mongodb::bson::{Bson, Document, RawDocumentBuf, Uuid, doc};
use mongodb::options::Hint;
use serde::Deserialize;

use super::rotate;
use super::tokens::{Memory, note, session_of};
use crate::MongoStore;
use crate::collections::{Collections, find};
use crate::failure::{Broken, is_duplicate};
use crate::rows::{Row as _, SessionRow, ended, id, key, live};

const PORT: &str = "sessions";

/// Ids per command. A command is limited to 16 MiB, and others wait for it meanwhile.
const AT_ONCE: usize = 10_000;

#[async_trait]
impl Sessions for MongoStore {
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure> {
        self.ask(PORT, "open", async {
            open(self.collections().await?, session, token).await
        })
        .await
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        self.ask(PORT, "rotate", async {
            rotate::rotate(self.collections().await?, rotation).await
        })
        .await
    }

    async fn find_by_token(
        &self,
        token: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure> {
        self.ask(PORT, "find by token", async {
            let row = session_of(self.collections().await?, token).await?;
            let live = row.filter(|row| !row.has_ended() && !row.has_expired(now));
            live.as_ref().map(SessionRow::session).transpose()
        })
        .await
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Failure> {
        self.ask(PORT, "list", async {
            of_user(self.collections().await?, user, now).await
        })
        .await
    }

    async fn live(&self, ids: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure> {
        self.ask(PORT, "find live sessions", async {
            let collections = self.collections().await?;
            let mut told = Vec::new();
            for some in ids.chunks(AT_ONCE) {
                let mut filter = live(now);
                filter.insert("_id", doc! { "$in": keys(some) });
                // Without the hint the server might walk everything that expires later.
                let by_id = Hint::Keys(doc! { "_id": 1 });
                told.extend(ids_of(collections, filter, Some(by_id)).await?);
            }
            Ok(told)
        })
        .await
    }

    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure> {
        self.ask(PORT, "end", async {
            let sessions = &self.collections().await?.sessions;
            let mut theirs = live(now);
            theirs.insert("_id", key(id));
            theirs.insert("user", key(user));
            let told = sessions.update_one(theirs, ended(now)).await?;
            Ok(told.matched_count > 0)
        })
        .await
    }

    async fn end_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Failure> {
        self.ask(PORT, "end all", async {
            end_all(self.collections().await?, user, except, now).await
        })
        .await
    }
}

/// Writes the token first: a session without one would be listed, though nobody could use it. A token
/// without a session is known to nobody.
async fn open(
    collections: &Collections,
    session: &Session,
    token: TokenDigest,
) -> Result<(), Broken> {
    let memory = Memory::of(session.last_used_at, session.expires_at);
    let owner = (session.id, session.user);
    note(collections, token, owner, memory.kept).await?;
    let row = SessionRow::of(session, token, memory.promised);
    match collections.sessions.insert_one(row).await {
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => {
            // A retry, whose first attempt succeeded unnoticed, finds the session there.
            let same = doc! { "_id": key(session.id), "user": key(session.user) };
            let found = find(&collections.sessions, same).await?;
            match found {
                Some(row) if !row.has_ended() && row.current()? == token => Ok(()),
                Some(_) | None => Err(Broken::Taken("id")),
            }
        }
        Err(error) => Err(error.into()),
    }
}

async fn of_user(
    collections: &Collections,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, Broken> {
    let mut theirs = live(now);
    theirs.insert("user", key(user));
    let sessions = collections.sessions.clone_with_type::<RawDocumentBuf>();
    let newest_first = doc! { "last_used_at": -1, "_id": -1 };
    let mut found = sessions.find(theirs).sort(newest_first).await?;
    let mut listed = Vec::new();
    while let Some(raw) = found.try_next().await? {
        listed.push(SessionRow::read(&raw)?.session()?);
    }
    Ok(listed)
}

/// Looks up the live sessions, and then ends them. One opened in between counts as opened afterwards;
/// one that ends in between was live when this began.
async fn end_all(
    collections: &Collections,
    user: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>, Broken> {
    let mut theirs = live(now);
    theirs.insert("user", key(user));
    if let Some(spared) = except {
        theirs.insert("_id", doc! { "$ne": key(spared) });
    }
    let named = ids_of(collections, theirs, None).await?;
    for some in named.chunks(AT_ONCE) {
        let them = doc! {
            "_id": { "$in": keys(some) },
            "user": key(user),
            "ended_at": Bson::Null,
        };
        collections.sessions.update_many(them, ended(now)).await?;
    }
    Ok(named)
}

fn keys(ids: &[SessionId]) -> Vec<Uuid> {
    ids.iter().copied().map(key).collect()
}

/// An id alone.
#[derive(Deserialize)]
struct Named {
    #[serde(rename = "_id")]
    id: Uuid,
}

async fn ids_of(
    collections: &Collections,
    filter: Document,
    index: Option<Hint>,
) -> Result<Vec<SessionId>, Broken> {
    let sessions = collections.sessions.clone_with_type::<Named>();
    let mut find = sessions.find(filter).projection(doc! { "_id": 1 });
    if let Some(index) = index {
        find = find.hint(index);
    }
    let named: Vec<Named> = find.await?.try_collect().await?;
    Ok(named.into_iter().map(|row| id(row.id)).collect())
}
