//! A request before it is sent, possibly several times.

use std::fmt::Display;

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;

use crate::Error;

/// A request.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Below `/api`.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) content: Content,
    /// Whether repeating it has no further effect and gets the same response.
    pub(crate) repeatable: bool,
    pub(crate) accept: &'static str,
}

/// The body of a request.
pub(crate) enum Content {
    Nothing,
    Json(Vec<u8>),
    File { name: String, bytes: Bytes },
}

/// The segments of a path.
pub(crate) fn path<const N: usize>(pieces: [&dyn Display; N]) -> Vec<String> {
    pieces.map(ToString::to_string).into()
}

impl Call {
    fn new(method: Method, path: Vec<String>, content: Content) -> Self {
        Self {
            repeatable: matches!(method, Method::GET | Method::PUT),
            method,
            path,
            query: Vec::new(),
            content,
            accept: "application/json",
        }
    }

    pub(crate) fn get(path: Vec<String>) -> Self {
        Self::new(Method::GET, path, Content::Nothing)
    }

    pub(crate) fn put(path: Vec<String>) -> Self {
        Self::new(Method::PUT, path, Content::Nothing)
    }

    pub(crate) fn delete(path: Vec<String>) -> Self {
        Self::new(Method::DELETE, path, Content::Nothing)
    }

    /// `PUT` to turn something on, `DELETE` to turn it off. Both can be repeated.
    pub(crate) fn switch(path: Vec<String>, on: bool) -> Self {
        if on {
            Self::put(path)
        } else {
            Self::delete(path).repeatable()
        }
    }

    pub(crate) fn post(path: Vec<String>, body: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::new(Method::POST, path, json(body)?))
    }

    pub(crate) fn patch(path: Vec<String>, body: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::new(Method::PATCH, path, json(body)?))
    }

    pub(crate) fn upload(path: Vec<String>, name: String, bytes: Bytes) -> Self {
        Self::new(Method::POST, path, Content::File { name, bytes })
    }

    /// Sets the body.
    pub(crate) fn with(mut self, body: &impl Serialize) -> Result<Self, Error> {
        self.content = json(body)?;
        Ok(self)
    }

    /// Replaces the method.
    pub(crate) fn by(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Adds a query parameter, if there is a value.
    pub(crate) fn about(mut self, name: &'static str, value: Option<impl Display>) -> Self {
        self.query
            .extend(value.map(|value| (name, value.to_string())));
        self
    }

    pub(crate) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    pub(crate) fn accepting(mut self, kind: &'static str) -> Self {
        self.accept = kind;
        self
    }
}

fn json(body: &impl Serialize) -> Result<Content, Error> {
    let bytes = serde_json::to_vec(body).map_err(|source| Error::Unwritable(source.into()))?;
    Ok(Content::Json(bytes))
}
