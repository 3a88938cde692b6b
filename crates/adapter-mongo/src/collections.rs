//! The collections and their indexes.

use std::time::Duration;

use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::options::IndexOptions;
use mongodb::{Collection, Database, IndexModel};

use crate::failure::Broken;
use crate::rows::{PROFILES, Row, SessionRow, TokenRow};

/// The collections in use.
pub(crate) struct Collections {
    pub(crate) sessions: Collection<SessionRow>,
    pub(crate) tokens: Collection<TokenRow>,
    pub(crate) profiles: Collection<Document>,
}

impl Collections {
    pub(crate) fn of(database: &Database) -> Self {
        Self {
            sessions: database.collection(SessionRow::COLLECTION),
            tokens: database.collection(TokenRow::COLLECTION),
            profiles: database.collection(PROFILES),
        }
    }

    /// Creates the missing indexes. Any number of nodes may do so at once: the server creates each only
    /// once. Nothing but `_id` has to be unique.
    pub(crate) async fn index(&self) -> Result<(), Broken> {
        let sessions = [
            // A user's sessions, most recently used first.
            index("by_user", doc! { "user": 1, "last_used_at": -1, "_id": -1 }),
            // For the sessions of an endpoint, and for whether there is any subscription at all.
            sparse("by_endpoint", doc! { "push.endpoint": 1 }),
            lapse(),
        ];
        self.sessions.create_indexes(sessions).await?;
        // For the rare session that outlives the retention of its first tokens.
        let tokens = [index("by_session", doc! { "session": 1 }), lapse()];
        self.tokens.create_indexes(tokens).await?;
        Ok(())
    }
}

/// Finds one document, and names it in the error if it cannot be read.
pub(crate) async fn find<T: Row>(
    collection: &Collection<T>,
    filter: Document,
) -> Result<Option<T>, Broken> {
    let raw = collection.clone_with_type::<RawDocumentBuf>();
    let found = raw.find_one(filter).await?;
    found.as_deref().map(T::read).transpose()
}

fn index(name: &str, keys: Document) -> IndexModel {
    let options = IndexOptions::builder().name(name.to_owned()).build();
    IndexModel::builder().keys(keys).options(options).build()
}

/// An index on only those documents that have the field.
fn sparse(name: &str, keys: Document) -> IndexModel {
    let options = IndexOptions::builder()
        .name(name.to_owned())
        .sparse(true)
        .build();
    IndexModel::builder().keys(keys).options(options).build()
}

/// Makes the server remove expired documents, about once a minute.
fn lapse() -> IndexModel {
    let options = IndexOptions::builder()
        .name("lapse".to_owned())
        .expire_after(Duration::ZERO)
        .build();
    IndexModel::builder()
        .keys(doc! { "expires_at": 1 })
        .options(options)
        .build()
}
