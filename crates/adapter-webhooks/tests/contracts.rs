//! Every obligation of a notifier, a webhook sender and a pusher, each with a real receiver at the
//! other end.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    reason = "nothing but tests is in here"
)]

mod push;
mod webhooks;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use adapter_webhooks::WebhookNotifier;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::port::Clock;
use domain::port::notifier::{Notification, Reason};
use domain::{Id, Seq, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use port_contracts::notifier::Hearer;
use port_contracts::{Kept, Notifiers, at};
use serde_json::Value;
use sha2::Sha256;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "a secret of more than 24 bytes";
const NOW: i64 = 1_700_000_000;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        at(7)
    }
}

/// Accepts posts, one connection after the other.
#[derive(Default)]
struct Receiver {
    heard: Mutex<Vec<(String, Notification)>>,
    refuses: AtomicBool,
}

impl Hearer for Receiver {
    fn heard(&self) -> Vec<(String, Notification)> {
        self.heard.lock().unwrap().clone()
    }

    fn refuse(&self, refuse: bool) {
        self.refuses.store(refuse, Ordering::Relaxed);
    }
}

impl Receiver {
    async fn serve(self: Arc<Self>, listener: TcpListener) -> ! {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            self.answer(connection).await;
        }
    }

    async fn answer(&self, connection: TcpStream) {
        let mut connection = BufReader::new(connection);
        let (headers, body) = head_and_body(&mut connection).await;
        let status = if self.refuses.load(Ordering::Relaxed) {
            "503 Service Unavailable"
        } else {
            check_signature(SECRET.as_bytes(), &headers, &body);
            let id = headers["webhook-id"].clone();
            self.heard.lock().unwrap().push((id, read(&body)));
            "204 No Content"
        };
        let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        connection.write_all(answer.as_bytes()).await.unwrap();
    }
}

async fn head_and_body(
    connection: &mut BufReader<TcpStream>,
) -> (HashMap<String, String>, Vec<u8>) {
    let mut first = String::new();
    connection.read_line(&mut first).await.unwrap();
    assert_eq!(first, "POST /hook?team=7 HTTP/1.1\r\n");
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    connection.read_exact(&mut body).await.unwrap();
    (headers, body)
}

fn check_signature(secret: &[u8], headers: &HashMap<String, String>, body: &[u8]) {
    assert_eq!(headers["content-type"], "application/json");
    let sent: &String = &headers["webhook-timestamp"];
    assert_eq!(*sent, NOW.to_string());
    let signature = headers["webhook-signature"].strip_prefix("v1,").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{}.{NOW}.", headers["webhook-id"]).as_bytes());
    mac.update(body);
    mac.verify_slice(&STANDARD.decode(signature).unwrap())
        .unwrap();
}

fn read(body: &[u8]) -> Notification {
    let body: Value = serde_json::from_slice(body).unwrap();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    assert_eq!(text("type"), "notification");
    Notification {
        event: id(&text("eventId")),
        user: id(&text("userId")),
        reason: match text("reason").as_str() {
            "mention" => Reason::Mention,
            "direct" => Reason::Direct,
            "reply" => Reason::Reply,
            "message" => Reason::Message,
            other => panic!("{other}"),
        },
        room: id(&text("roomId")),
        room_name: body["roomName"].as_str().map(str::to_owned),
        message: id(&text("messageId")),
        seq: Seq::new(body["seq"].as_i64().unwrap()).unwrap(),
        sender: id(&text("senderId")),
        sender_name: text("senderName"),
        preview: text("preview"),
        at: moment(&text("createdAt")),
    }
}

fn id<T: Id>(text: &str) -> T {
    T::from_uuid(text.parse().unwrap())
}

fn moment(text: &str) -> Timestamp {
    let at = OffsetDateTime::parse(text, &Rfc3339).unwrap();
    Timestamp::from_millis(i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap())
}

async fn notifier() -> Kept<Notifiers> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?team=7", listener.local_addr().unwrap());
    let receiver = Arc::new(Receiver::default());
    let serving = tokio::task::JoinSet::from_iter([Arc::clone(&receiver).serve(listener)]);
    let notifier = WebhookNotifier::new(&url, SECRET, Arc::new(Fixed)).unwrap();
    let both = Notifiers {
        notifier: Arc::new(notifier),
        hearer: receiver,
    };
    Kept::on(both, serving)
}

port_contracts::notifier!(notifier);

use push::pusher;
use webhooks::webhook_sender;

port_contracts::pusher!(pusher);
port_contracts::webhook_sender!(webhook_sender);

#[test]
fn what_cannot_be_used_is_refused_without_repeating_it() {
    for (url, secret) in [
        ("not an address", SECRET),
        ("ftp://ana:hunter2@host/", SECRET),
        ("http://host/", "hunter2"),
    ] {
        let refused = WebhookNotifier::new(url, secret, Arc::new(Fixed));
        let Err(error) = refused else {
            panic!("{url} was taken");
        };
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
