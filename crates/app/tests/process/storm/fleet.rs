//! The storm, for people who use the official client of Socket.IO.
//!
//! The scenario is in JavaScript: `tests/scenarios/vocabularies/client/storm.mjs`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use acceptance::until;
use serde_json::{Value, json};

use super::harbour::{Harbour, Signs, living};
use super::sailor::Tally;
use super::voyage::{SAILORS, storm};
use crate::examples::socketio_client;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_leaves_everybody_on_socketio_with_the_same() {
    let mut harbour = Harbour::build();
    let fleet = Fleet::sail(&harbour.signs());
    storm(&mut harbour, &fleet.tally).await;
    fleet.told.tell(&json!({ "orders": "calm" }));
    until("all is acknowledged", async || {
        fleet.tally.quiet.load(Ordering::Relaxed) == SAILORS
    })
    .await;
    fleet.told.tell(&json!({ "orders": "over" }));
    until("everybody has come home", async || fleet.is_home()).await;
    let last = fleet.agreed();
    assert_eq!(last["agreed"], true, "{last}");
    eprintln!("{last}");
    harbour.close();
}

/// All of the clients, in one process, which is killed when dropped.
struct Fleet {
    process: Child,
    tally: Arc<Tally>,
    told: Told,
    /// The last thing that they report.
    heard: Option<JoinHandle<Value>>,
}

/// The configuration that they get.
#[derive(Clone)]
struct Told(Arc<Mutex<ChildStdin>>);

impl Fleet {
    fn sail(signs: &Signs) -> Self {
        let mut nodes = signs.watch();
        let mut command = socketio_client().command();
        command
            .arg("storm")
            .args(living(&nodes.borrow_and_update()));
        let process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = process.unwrap();
        let told = Told(Arc::new(Mutex::new(process.stdin.take().unwrap())));
        let news = told.clone();
        tokio::spawn(async move {
            while nodes.changed().await.is_ok() {
                news.tell(&json!({ "nodes": living(&nodes.borrow_and_update()) }));
            }
        });
        let tally = Arc::new(Tally::default());
        let counting = Arc::clone(&tally);
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let heard = thread::spawn(move || {
            let mut last = Value::Null;
            for line in lines {
                last = serde_json::from_str(&line.unwrap()).unwrap();
                counting
                    .acked
                    .store(number(&last, "acked"), Ordering::Relaxed);
                counting
                    .quiet
                    .store(number(&last, "quiet"), Ordering::Relaxed);
            }
            last
        });
        Self {
            process,
            tally,
            told,
            heard: Some(heard),
        }
    }

    fn is_home(&self) -> bool {
        self.heard.as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// Waits for them to succeed, and returns their last report.
    fn agreed(mut self) -> Value {
        assert!(self.process.wait().unwrap().success(), "they do not agree");
        self.heard.take().unwrap().join().unwrap()
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Told {
    /// Detached: nobody may be waiting for their last report.
    fn tell(&self, line: &Value) {
        let mut input = self.0.lock().unwrap();
        drop(input.write_all(format!("{line}\n").as_bytes()));
    }
}

fn number(told: &Value, name: &str) -> usize {
    usize::try_from(told[name].as_u64().unwrap()).unwrap()
}
