//! The port's methods, each on its thread.

use async_trait::async_trait;
use diesel::dsl::{AsSelect, Select};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use domain::port::Sessions;
use domain::port::sessions::{Rotated, Rotation};
use domain::{Failure, Session, SessionId, Timestamp, TokenDigest, UserId};

use super::rotate;
use crate::SqliteStore;
use crate::columns::{Digest, Key, MOST_KEYS, keys};
use crate::failure::Broken;
use crate::rows::SessionRow;
use crate::schema::{refresh_tokens, sessions};

const PORT: &str = "sessions";

#[async_trait]
impl Sessions for SqliteStore {
    async fn open(&self, session: &Session, token: TokenDigest) -> Result<(), Failure> {
        let session = session.clone();
        self.write(PORT, "open", move |db| {
            diesel::insert_into(sessions::table)
                .values(SessionRow::of(&session))
                .execute(db)?;
            rotate::hand_out(db, token, session.id)
        })
        .await
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        let rotation = rotation.clone();
        self.write(PORT, "rotate", move |db| rotate::rotate(db, &rotation))
            .await
    }

    async fn find_by_token(
        &self,
        token: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure> {
        self.read(PORT, "find by token", move |db| {
            let row: Option<SessionRow> = refresh_tokens::table
                .inner_join(sessions::table)
                .filter(refresh_tokens::digest.eq(Digest(token)))
                .filter(sessions::ended_at.is_null())
                .filter(sessions::expires_at.gt(now.as_millis()))
                .select(SessionRow::as_select())
                .first(db)
                .optional()?;
            row.map(SessionRow::read).transpose()
        })
        .await
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Failure> {
        self.read(PORT, "list", move |db| {
            let rows: Vec<SessionRow> = sessions()
                .filter(sessions::user.eq(Key(user)))
                .filter(sessions::ended_at.is_null())
                .filter(sessions::expires_at.gt(now.as_millis()))
                .order((sessions::last_used_at.desc(), sessions::id.desc()))
                .load(db)?;
            rows.into_iter().map(SessionRow::read).collect()
        })
        .await
    }

    async fn live(&self, ids: &[SessionId], now: Timestamp) -> Result<Vec<SessionId>, Failure> {
        let ids = ids.to_vec();
        self.read(PORT, "find live sessions", move |db| {
            let mut told = Vec::new();
            for some in ids.chunks(MOST_KEYS) {
                told.extend(live(db, some, now)?);
            }
            Ok(told)
        })
        .await
    }

    async fn end(&self, id: SessionId, user: UserId, now: Timestamp) -> Result<bool, Failure> {
        self.write(PORT, "end", move |db| {
            let ended = diesel::update(sessions::table.find(Key(id)))
                .filter(sessions::user.eq(Key(user)))
                .filter(sessions::ended_at.is_null())
                .filter(sessions::expires_at.gt(now.as_millis()))
                .set(sessions::ended_at.eq(now.as_millis()))
                .execute(db)?;
            Ok(ended > 0)
        })
        .await
    }

    async fn end_all(
        &self,
        user: UserId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Failure> {
        self.write(PORT, "end all", move |db| end_all(db, user, except, now))
            .await
    }
}

fn sessions() -> Select<sessions::table, AsSelect<SessionRow, Sqlite>> {
    sessions::table.select(SessionRow::as_select())
}

fn live(
    db: &mut SqliteConnection,
    ids: &[SessionId],
    now: Timestamp,
) -> Result<Vec<SessionId>, Broken> {
    let live: Vec<Key<SessionId>> = sessions::table
        .filter(sessions::id.eq_any(keys(ids)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .select(sessions::id)
        .load(db)?;
    Ok(live.into_iter().map(|key| key.0).collect())
}

/// Uses a condition and not a list of ids: a user may have opened more sessions than a statement can
/// name.
fn end_all(
    db: &mut SqliteConnection,
    user: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>, Broken> {
    let live = sessions::table
        .filter(sessions::user.eq(Key(user)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.as_millis()))
        .filter(sessions::id.ne_all(except.map(Key)));
    let ended: Vec<Key<SessionId>> = live.clone().select(sessions::id).load(db)?;
    diesel::update(live)
        .set(sessions::ended_at.eq(now.as_millis()))
        .execute(db)?;
    Ok(ended.into_iter().map(|key| key.0).collect())
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection as _;
    use domain::SessionOrigin;
    use port_contracts::{at, fresh};

    use super::*;
    use crate::testing::Ground;

    /// More sessions than a statement can name, all of one user.
    const MANY: &str = "
        INSERT INTO sessions (id, user, created_at, last_used_at, expires_at, user_agent)
        WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 40000)
        SELECT randomblob(16), user, created_at, last_used_at, expires_at, user_agent
        FROM counted CROSS JOIN sessions
    ";

    #[tokio::test]
    async fn however_many_there_are_all_end() {
        let ground = Ground::new();
        let session = Session {
            id: fresh(),
            user: ground.user().await,
            created_at: at(0),
            last_used_at: at(0),
            expires_at: at(60),
            origin: SessionOrigin::default(),
        };
        let token = TokenDigest::from_bytes([7; 32]);
        ground.store.open(&session, token).await.unwrap();
        let multiplied = ground
            .store
            .write(PORT, "multiply", |db| Ok(db.batch_execute(MANY)?));
        multiplied.await.unwrap();

        let ended = ground.store.end_all(session.user, Some(session.id), at(1));
        let ended = ended.await.unwrap();
        assert_eq!(ended.len(), 40_000);
        assert!(!ended.contains(&session.id));
        let left = ground.store.of_user(session.user, at(1)).await.unwrap();
        assert_eq!(left, [session]);
    }
}
