//! A signed-in user.

use std::ops::Deref;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client};

/// The password of every user in the tests.
pub const PASSWORD: &str = "correct horse";

/// A signed-in user, on whose behalf a test acts. It can do all that a [`Client`] can.
#[derive(Clone)]
pub struct Person {
    client: Client,
    pub id: String,
    pub username: String,
    pub email: String,
    pub token: String,
    pub refresh_token: String,
    pub session_id: String,
}

impl Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Person {
    /// Registers.
    pub async fn register(client: Client, username: &str) -> Self {
        let email = format!("{}@example.org", username.to_lowercase());
        let account = json!({ "email": email, "password": PASSWORD, "username": username });
        let tokens = client.post("/api/auth/register", account).await.expect(201);
        Self::of(client, &tokens, &email)
    }

    /// The same user with the same token, on another server.
    #[must_use]
    pub fn at(mut self, server: &Client) -> Self {
        self.client = server.clone().with_token(&self.token);
        self
    }

    /// Signs in again, on another device.
    pub async fn on_another_device(&self) -> Self {
        let visitor = Client::of(self.client.url());
        let credentials = json!({ "email": self.email, "password": PASSWORD });
        let tokens = visitor
            .post("/api/auth/login", credentials)
            .await
            .expect(200);
        Self::of(visitor, &tokens, &self.email)
    }

    fn of(client: Client, tokens: &Value, email: &str) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let token = text(&tokens["accessToken"]);
        Self {
            client: client.with_token(&token),
            id: text(&tokens["user"]["id"]),
            username: text(&tokens["user"]["username"]),
            email: email.to_owned(),
            token,
            refresh_token: text(&tokens["refreshToken"]),
            session_id: text(&tokens["sessionId"]),
        }
    }

    /// Creates a public room and returns its id.
    pub async fn makes_room(&self, name: &str) -> String {
        self.makes(json!({ "name": name })).await
    }

    /// Creates a room and returns its id.
    pub async fn makes(&self, room: Value) -> String {
        let room = self.post("/api/rooms", room).await.expect(201);
        room["id"].as_str().unwrap().to_owned()
    }

    /// Joins a public room.
    pub async fn joins(&self, room: &str) -> Value {
        self.post(&format!("/api/rooms/{room}/join"), json!({}))
            .await
            .expect(200)
    }

    /// Posts a text, which must be accepted.
    pub async fn posts(&self, room: &str, content: &str) -> Value {
        self.tries_to_post(room, content).await.expect(201)
    }

    /// Posts a text.
    pub async fn tries_to_post(&self, room: &str, content: &str) -> Answer {
        let body = json!({ "content": content });
        self.post(&format!("/api/rooms/{room}/messages"), body)
            .await
    }

    /// Posts a text to a server that may be stopping. Returns the status if there was a response.
    pub async fn hopes_to_post(&self, room: &str, content: &str) -> Option<u16> {
        let request = self
            .request(Method::POST, &format!("/api/rooms/{room}/messages"))
            .json(&json!({ "content": content }));
        let response = request.send().await.ok()?;
        Some(response.status().as_u16())
    }

    /// Posts a text under a client id.
    pub async fn posts_as(&self, room: &str, client_id: Uuid, content: &str) -> Answer {
        let body = json!({ "content": content, "clientId": client_id });
        self.post(&format!("/api/rooms/{room}/messages"), body)
            .await
    }

    /// The texts of a room's newest page, the oldest first.
    pub async fn reads(&self, room: &str) -> Vec<String> {
        let page = self
            .get(&format!("/api/rooms/{room}/messages?limit=100"))
            .await
            .expect(200);
        let mut texts: Vec<String> = page["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| message["content"].as_str().unwrap_or("").to_owned())
            .collect();
        texts.reverse();
        texts
    }

    /// The texts of all messages in a room, the oldest first.
    pub async fn reads_all(&self, room: &str) -> Vec<String> {
        let (mut texts, mut after) = (Vec::new(), 0);
        loop {
            let query = format!("/api/rooms/{room}/messages?limit=100&after={after}");
            let page = self.get(&query).await.expect(200);
            let messages = page["messages"].as_array().unwrap();
            let Some(last) = messages.last() else {
                return texts;
            };
            after = last["seq"].as_i64().unwrap();
            for message in messages {
                texts.push(message["content"].as_str().unwrap_or("").to_owned());
            }
        }
    }

    /// The room as this user sees it.
    pub async fn sees(&self, room: &str) -> Value {
        self.get(&format!("/api/rooms/{room}")).await.expect(200)
    }
}
