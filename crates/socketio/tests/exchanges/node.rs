//! The official JavaScript client, in its default setting, on a WebSocket alone, and by polling alone.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use socketio::{AckError, ConnectError, Event, Handshake, Incoming, Namespaces, Options, Socket};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::client::within;
use crate::server::{Server, answer, calm};

/// What the client is installed from, and what it runs.
const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../node/package.json")),
    (
        "package-lock.json",
        include_str!("../node/package-lock.json"),
    ),
    ("client.mjs", include_str!("../node/client.mjs")),
];
const MODES: [&str; 3] = ["default", "websocket", "polling"];

/// Where the client is, which the first test that needs it installs.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("socketio-node");
        fs::create_dir_all(&folder).unwrap();
        // Tests of other processes wait for whoever is the first.
        let lock = File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let mut stale = !folder.join("node_modules/socket.io-client").exists();
        for (name, text) in FILES {
            let path = folder.join(name);
            if !fs::read_to_string(&path).is_ok_and(|present| present == text) {
                stale |= name != "client.mjs";
                fs::write(path, text).unwrap();
            }
        }
        if stale {
            install(&folder);
        }
        folder
    })
}

fn install(folder: &Path) {
    let npm = std::process::Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        .status();
    let installed =
        npm.expect("there is no npm: run tests/run, or install node (18 or newer) and npm");
    assert!(installed.success(), "npm ci failed in {}", folder.display());
}

fn start(server: &Server, scenario: &str, mode: &str) -> Child {
    let url = format!("http://{}", server.address);
    Command::new("node")
        .arg("client.mjs")
        .args([scenario, &url, mode])
        .current_dir(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("there is no node: run tests/run, or install node (18 or newer) and npm")
}

async fn finish(mut node: Child, scenario: &str, mode: &str) {
    let status = tokio::time::timeout(Duration::from_secs(90), node.wait()).await;
    let status = status.expect("this takes too long").unwrap();
    assert!(status.success(), "{scenario} failed with {mode}");
}

/// A heartbeat that a test can wait for, and that a busy machine keeps.
fn patient() -> Options {
    Options {
        ping_interval: Duration::from_millis(500),
        ping_timeout: Duration::from_secs(5),
        ..calm()
    }
}

/// One after the other, each with a server of its own.
async fn play(scenario: &str, options: Options) {
    for mode in MODES {
        let server = Server::serving(options.clone(), obliging);
        let node = start(&server, scenario, mode);
        finish(node, scenario, mode).await;
        server.stop().await;
    }
}

/// Does what the scenarios ask for.
fn obliging() -> Namespaces {
    Namespaces::new()
        .on("/", async |socket, _| oblige(socket).await)
        .on("/custom", async |socket, _| oblige(socket).await)
        .guarded(
            "/admin",
            authorize,
            async |socket: Socket, _, token: String| {
                socket.emit("hello", &token).unwrap();
                oblige(socket).await;
            },
        )
}

async fn authorize(handshake: &Handshake) -> Result<String, ConnectError> {
    let header = handshake.header("authorization").map(str::to_owned);
    match handshake.auth["token"]
        .as_str()
        .map(str::to_owned)
        .or(header)
    {
        Some(token) if token != "wrong" => Ok(token),
        Some(_) => Err(ConnectError::with_data(
            "not you",
            json!({ "code": "bad_token" }),
        )),
        None => Err(ConnectError::new("who are you?")),
    }
}

async fn oblige(socket: Socket) {
    let socket = Rc::new(socket);
    while let Some(incoming) = socket.next().await {
        let Incoming::Event(event) = incoming else {
            continue;
        };
        match event.name.as_str() {
            // Its answer comes in where this is pulled.
            "ask-me" => drop(actix_web::rt::spawn(ask(Rc::clone(&socket), event))),
            "silence" => (),
            "bye" => socket.disconnect(event.args[0] == true),
            "ticks" | "tocks" => count(&socket, event).await,
            "make-bytes" => {
                let length = usize::try_from(event.args[0].as_u64().unwrap()).unwrap();
                socket.emit("made", &Bytes::from(vec![7; length])).unwrap();
            }
            "join" => {
                socket.join(event.args[0].as_str().unwrap());
                event.ack.unwrap().send(&true).unwrap();
            }
            "tell" => {
                let room = event.args[0].as_str().unwrap();
                let told = socket.to(room).emit("told", &event.args[1]).unwrap();
                event.ack.unwrap().send(&told).unwrap();
            }
            _ => answer(&socket, event).await,
        }
    }
}

async fn ask(socket: Rc<Socket>, event: Event) {
    let patience = Duration::from_millis(event.args[0].as_u64().unwrap());
    let told = match socket.emit_with_ack("question", "why?", patience).await {
        Ok(answer) => socket.emit_with("answer", &answer.args, &answer.attachments),
        Err(AckError::TimedOut) => socket.emit("unanswered", &true),
        Err(error) => panic!("{error}"),
    };
    told.unwrap();
}

/// Counts, to whoever listens or to whoever is there in the end.
async fn count(socket: &Socket, event: Event) {
    let most = event.args[0].as_u64().unwrap();
    for number in 0..most {
        if event.name == "ticks" {
            socket.emit_volatile("tick", &number).ok();
        } else {
            socket.has_capacity().await;
            socket.emit("tock", &number).unwrap();
            // One at a time, so that the transport changes amid them.
            tokio::task::yield_now().await;
        }
    }
    if let Some(ack) = event.ack {
        ack.send(&most).unwrap();
    }
}

macro_rules! scenarios {
    ($($name:ident, $options:expr;)*) => {
        $(
            #[actix_web::test]
            async fn $name() {
                play(stringify!($name), $options).await;
            }
        )*
    };
}

// A heart that beats as fast as in the other tests would stop on a machine that is busy with something else.
scenarios! {
    events, calm();
    binary, calm();
    acks, calm();
    namespaces, calm();
    auth, calm();
    goodbye, calm();
    volatile, calm();
    big, calm();
    flow, calm();
    rooms, calm();
    heartbeat, patient();
}

#[actix_web::test]
async fn a_client_comes_back_when_its_server_does() {
    for mode in MODES {
        let server = Server::serving(patient(), obliging);
        let address = server.address;
        let mut node = start(&server, "reconnection", mode);
        let mut said = BufReader::new(node.stdout.take().unwrap()).lines();
        let line = within(said.next_line()).await.unwrap();
        assert_eq!(line.as_deref(), Some("connected"));
        server.stop().await;
        let listener = std::net::TcpListener::bind(address).unwrap();
        let again = Server::on(listener, patient(), obliging);
        node.stdin
            .as_mut()
            .unwrap()
            .write_all(b"back\n")
            .await
            .unwrap();
        finish(node, "reconnection", mode).await;
        again.stop().await;
    }
}
