//! Anybody who speaks HTTP.

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::described;

/// Somebody with an address to talk to, and perhaps a token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// What the server said.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    asked: String,
}

impl Client {
    /// Talks to the server at this address.
    pub fn of(url: &str) -> Self {
        // What adapters reach others with wants to be told whose cryptography it is, even where nothing
        // is encrypted. Once is enough.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self {
            http: reqwest::Client::builder()
                // A server that stops waits for connections; nobody should hold idle ones open.
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
            url: url.to_owned(),
            token: None,
        }
    }

    /// Shows this token from now on.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Where the server is.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    pub async fn put(&self, path: &str) -> Answer {
        self.ask(Method::PUT, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// Sends a body, or none.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.send(request).await
    }

    /// Sends these bytes, whatever they are, as JSON.
    pub async fn post_bytes(&self, path: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/json")
            .body(bytes.into());
        self.send(request).await
    }

    /// Begins a request that a test wants to change.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends such a request.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.http.execute(request).await.unwrap();
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
            asked: format!("{method} {path}"),
        };
        described::check(&method, &path, answer.status, &answer.headers, &answer.text);
        answer
    }
}

impl Answer {
    /// The body, of an answer that must have this status.
    pub fn expect(self, status: u16) -> Value {
        self.read(status)
    }

    /// The body as one of the protocol's shapes, of an answer that must have this status.
    pub fn read<T: DeserializeOwned>(self, status: u16) -> T {
        assert_eq!(self.status, status, "{} said: {}", self.asked, self.text);
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{} said: {} ({error})", self.asked, self.text))
    }

    /// Nothing, and that with 204.
    pub fn expect_nothing(&self) {
        assert_eq!(self.status, 204, "{} said: {}", self.asked, self.text);
        assert_eq!(self.text, "");
    }

    /// A problem with this status and code, in the form that every problem has.
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{} said: {}",
            self.asked,
            self.text
        );
        let request_id = self.header("x-request-id").to_owned();
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["requestId"], request_id, "{problem}");
        for member in ["type", "title", "detail"] {
            assert!(problem[member].is_string(), "{problem}");
        }
        problem
    }

    /// The fields that a problem names, in alphabetical order, of an answer with 422.
    pub fn expect_fields(self) -> Vec<String> {
        let problem = self.expect_problem(422, "invalid");
        let mut fields: Vec<String> = problem["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("{problem} names no fields"))
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect();
        fields.sort();
        fields
    }

    /// A header that must be there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("{} has no {name}", self.asked))
            .to_str()
            .unwrap()
    }
}
