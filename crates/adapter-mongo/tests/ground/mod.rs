//! A private database on the shared server.
//!
//! A query that scans a whole collection is fast in every test and slow in every real deployment. So
//! the server profiles every query, and none may have done that.

use std::thread::{self, panicking};

use adapter_mongo::{MongoStore, Options};
use futures::TryStreamExt as _;
use mongodb::bson::{Document, doc};
use mongodb::{Client, Database};
use port_contracts::unique;
use tokio::runtime::Builder;

/// Dropped with everything in it.
pub(crate) struct Ground {
    name: String,
}

impl Ground {
    pub(crate) async fn new() -> Self {
        let ground = Self {
            name: unique("adapter_mongo_"),
        };
        let note_all = doc! { "profile": 2 };
        ground.database().await.run_command(note_all).await.unwrap();
        ground
    }

    /// Another node's store in the same database.
    pub(crate) fn store(&self) -> MongoStore {
        let shared = servers::mongodb_url();
        let (host, options) = shared.split_once('?').unwrap_or((&shared, ""));
        let url = format!("{}/{}?{options}", host.trim_end_matches('/'), self.name);
        MongoStore::new(&url, Options::default()).unwrap()
    }

    /// The database as an operator sees it.
    pub(crate) async fn database(&self) -> Database {
        database(&self.name).await
    }
}

async fn database(name: &str) -> Database {
    let client = Client::with_uri_str(servers::mongodb_url()).await.unwrap();
    client.database(name)
}

impl Drop for Ground {
    fn drop(&mut self) {
        let name = self.name.clone();
        // The drop may happen inside a runtime, where blocking is not allowed.
        let clearing = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(clear(&name))
        });
        let scans = clearing.join().unwrap();
        assert!(scans.is_empty() || panicking(), "{scans:#?}");
    }
}

/// Removes the database and returns the queries that scanned a whole collection.
async fn clear(name: &str) -> Vec<Document> {
    let database = database(name).await;
    let scans = doc! {
        "planSummary": { "$regex": "COLLSCAN" },
        "ns": { "$regex": r"\.(sessions|refresh_tokens|profiles)$" },
        // The tests' own queries may scan.
        "appName": "tertulia",
    };
    database.run_command(doc! { "profile": 0 }).await.unwrap();
    let noted = database.collection::<Document>("system.profile");
    let scans = noted
        .find(scans)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    database.drop().await.unwrap();
    scans
}
