//! The users of the matrix.

use std::collections::HashMap;

use acceptance::{Client, Person, World};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;

/// A user for each column, and a bystander.
pub(super) struct Cast {
    people: HashMap<&'static str, Person>,
    /// A token that is no longer valid.
    ended: Client,
}

const NAMES: [&str; 7] = [
    "stranger",
    "member",
    "admin",
    "owner",
    "banned",
    "blocked",
    "bystander",
];

impl Cast {
    /// Registers all of them, under fresh names.
    pub(super) async fn gather(world: &World) -> Self {
        let register = async |name| (name, somebody(world).await);
        let people: HashMap<_, _> = join_all(NAMES.map(register)).await.into_iter().collect();
        let gone = people["bystander"].on_another_device().await;
        gone.post("/api/auth/logout", json!({}))
            .await
            .expect_nothing();
        let block = format!("/api/users/{}/block", people["blocked"].id);
        people["owner"].put(&block).await.expect_nothing();
        Self {
            people,
            ended: (*gone).clone(),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &Person)> {
        self.people.iter().map(|(name, person)| (*name, person))
    }

    pub(super) fn get(&self, who: &str) -> &Person {
        &self.people[who]
    }

    /// All clients that can make requests for this column, each with the code of the 401 that it gets.
    pub(super) fn clients(&self, world: &World, who: &str) -> Vec<(Client, &'static str)> {
        if who != "anonymous" {
            return vec![((*self.people[who]).clone(), "unauthenticated")];
        }
        vec![
            (world.visitor(), "unauthenticated"),
            (world.visitor().with_token("garbage"), "unauthenticated"),
            (self.ended.clone(), "session_revoked"),
        ]
    }
}

/// A user with a fresh name.
pub(super) async fn somebody(world: &World) -> Person {
    Person::register(world.visitor(), &fresh()).await
}

/// A fresh name.
pub(super) fn fresh() -> String {
    let number = Uuid::now_v7().simple().to_string();
    let (_, last) = number.split_at(12);
    format!("by.{last}")
}
