//! What is known of a client when it connects.

use std::net::SocketAddr;
use std::rc::Rc;

use serde_json::Value;

use crate::engine::{Opening, Transport};

/// What is known of a client when it connects to a namespace. All but `auth` comes from the request that
/// opened its session.
#[derive(Clone, Debug)]
pub struct Handshake {
    /// The payload that it sent for this namespace: an object, or null.
    pub auth: Value,
    opening: Rc<Opening>,
}

impl Handshake {
    pub(super) const fn new(auth: Value, opening: Rc<Opening>) -> Self {
        Self { auth, opening }
    }

    /// The first header of this name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// All headers that are text.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.opening.headers.iter();
        headers.map(|(name, value)| (&**name, &**value))
    }

    /// The first query parameter of this name.
    pub fn query(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.opening.query.as_bytes());
        let (_, value) = pairs.find(|(known, _)| known == name)?;
        Some(value.into_owned())
    }

    /// The path of the request.
    pub fn path(&self) -> &str {
        &self.opening.path
    }

    /// The other end of the connection, which may be a proxy.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.opening.peer
    }

    /// The transport with which the session was opened.
    pub fn transport(&self) -> Transport {
        self.opening.transport
    }
}
