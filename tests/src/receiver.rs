//! A system of the operator's that takes notifications.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::within;

/// More than anything takes on a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// Takes what is posted to it, until the test's process ends.
pub struct Receiver {
    url: String,
    heard: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<Value>>> = Arc::default();
        let notes = Arc::clone(&heard);
        std::thread::spawn(move || {
            for body in listener.incoming().flatten().filter_map(take) {
                notes.lock().unwrap().push(body);
            }
        });
        Self { url, heard }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until so many have come, and answers with all.
    pub async fn hears(&self, count: usize) -> Vec<Value> {
        let come = async || self.heard.lock().unwrap().len() >= count;
        let waited = within(PATIENCE, come).await;
        let heard = self.heard.lock().unwrap().clone();
        assert!(waited.is_some(), "{count} are not coming: {heard:?}");
        heard
    }
}

/// Reads one request and takes it. A node that is killed in the middle has told nothing.
fn take(connection: TcpStream) -> Option<Value> {
    let mut connection = BufReader::new(connection);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    let taken = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    connection.get_mut().write_all(taken).ok()?;
    serde_json::from_slice(&body).ok()
}
