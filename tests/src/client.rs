//! An HTTP client.

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::described;

/// A client of one server, possibly with a token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    asked: String,
}

impl Client {
    /// A client of the server at this address.
    pub fn of(url: &str) -> Self {
        // rustls needs a default provider, even where nothing is encrypted. It is set once per process, so
        // further calls fail, which is fine.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self {
            http: reqwest::Client::builder()
                // A server that stops waits for its connections, so none are kept idle.
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
            url: url.to_owned(),
            token: None,
        }
    }

    /// Uses this token from now on.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The server's URL.
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

    /// Sends a request, with or without a body.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.send(request).await
    }

    /// Sends these bytes with the content type of JSON, valid or not.
    pub async fn post_bytes(&self, path: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/json")
            .body(bytes.into());
        self.send(request).await
    }

    /// Builds a request that a test can change.
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
    /// The body. The response must have this status.
    pub fn expect(self, status: u16) -> Value {
        self.read(status)
    }

    /// The body as one of the protocol's shapes. The response must have this status.
    pub fn read<T: DeserializeOwned>(self, status: u16) -> T {
        assert_eq!(self.status, status, "{} said: {}", self.asked, self.text);
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{} said: {} ({error})", self.asked, self.text))
    }

    /// Asserts a 204.
    pub fn expect_nothing(&self) {
        assert_eq!(self.status, 204, "{} said: {}", self.asked, self.text);
        assert_eq!(self.text, "");
    }

    /// A problem document with this status and code, checked for its common fields.
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

    /// The invalid fields that a 422 names, in alphabetical order.
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

    /// A header that must be present.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("{} has no {name}", self.asked))
            .to_str()
            .unwrap()
    }
}
