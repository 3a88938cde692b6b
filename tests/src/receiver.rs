//! An HTTP server that receives webhooks, notifications or push messages.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::within;

/// Longer than anything takes, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Accepts what is posted to it, until the test's process ends.
pub struct Receiver {
    url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    status: Arc<AtomicU16>,
    /// The `Retry-After` of its responses, in seconds.
    rest: Arc<AtomicU64>,
}

/// A request that it received.
#[derive(Clone, Debug)]
pub struct Call {
    /// Keyed by name, in lower case.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
    /// The status of the response.
    pub status: u16,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let status = Arc::new(AtomicU16::new(204));
        let rest: Arc<AtomicU64> = Arc::default();
        let (notes, answer) = (Arc::clone(&calls), Arc::clone(&status));
        let alone = Arc::clone(&rest);
        std::thread::spawn(move || {
            let taken = |connection| {
                let rest = alone.load(Ordering::Relaxed);
                take(connection, answer.load(Ordering::Relaxed), rest)
            };
            for call in listener.incoming().flatten().filter_map(taken) {
                notes.lock().unwrap().push(call);
            }
        });
        Self {
            url,
            calls,
            status,
            rest,
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Responds with this status from now on.
    pub fn answers(&self, status: u16) {
        self.rest.store(0, Ordering::Relaxed);
        self.status.store(status, Ordering::Relaxed);
    }

    /// Responds with this status and this `Retry-After` from now on.
    pub fn wants_rest(&self, status: u16, rest: Duration) {
        self.rest.store(rest.as_secs(), Ordering::Relaxed);
        self.status.store(status, Ordering::Relaxed);
    }

    /// All requests so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// Waits until bodies with this many different ids have arrived, and returns the first of each:
    /// a call may come twice, with the same id.
    pub async fn hears(&self, count: usize) -> Vec<Value> {
        let waited = within(PATIENCE, async || self.heard().len() >= count).await;
        let heard = self.heard();
        assert!(waited.is_some(), "{count} are not coming: {heard:?}");
        heard
    }

    /// The first body of each id so far.
    fn heard(&self) -> Vec<Value> {
        let mut ids = HashSet::new();
        let bodies = self.calls().into_iter().map(|call| call.json());
        bodies
            .filter(|body| ids.insert(body["id"].to_string()))
            .collect()
    }

    /// Waits for a request whose body matches.
    pub async fn hears_of(&self, holds: impl Fn(&Value) -> bool) -> Call {
        let found = || {
            let calls = self.calls();
            calls.into_iter().find(|call| holds(&call.json()))
        };
        let waited = within(PATIENCE, async || found().is_some()).await;
        assert!(waited.is_some(), "it is not coming: {:?}", self.calls());
        found().unwrap()
    }
}

impl Call {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Reads one request and responds. `None` if the sender is killed halfway.
fn take(connection: TcpStream, status: u16, rest: u64) -> Option<Call> {
    let mut connection = BufReader::new(connection);
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    let length = headers.get("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    let rest = match rest {
        0 => String::new(),
        seconds => format!("retry-after: {seconds}\r\n"),
    };
    let taken = format!(
        "HTTP/1.1 {status} As it is\r\n{rest}connection: close\r\ncontent-length: 0\r\n\r\n"
    );
    connection.get_mut().write_all(taken.as_bytes()).ok()?;
    Some(Call {
        headers,
        body,
        status,
    })
}
