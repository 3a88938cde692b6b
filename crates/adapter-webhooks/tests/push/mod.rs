//! Every obligation of a pusher, with a push service at the other end that reads what only a browser could.

use std::sync::atomic::{AtomicI64, AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapter_webhooks::{Contact, Reach, VapidKey, WebPush};
use domain::port::notifier::{Notification, Reason};
use domain::port::pusher::{Pushable, Pushed};
use domain::port::{Clock, Pusher as _};
use domain::{PushEndpoint, PushKeys, PushSubscription, Seq, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::elliptic_curve::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use port_contracts::pusher::PushService;
use port_contracts::{Kept, Pushers, Time, at, fresh};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sha2::Sha256;
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::{head_and_body, read};

const SECRET: [u8; 16] = *b"sixteen of bytes";

/// A clock that is set by hand.
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        at(0) + Duration::from_millis(self.0.load(Ordering::Relaxed).unsigned_abs())
    }
}

/// A push service that leads to one browser.
struct Service {
    browser: SecretKey,
    heard: Mutex<Vec<Notification>>,
    asked: AtomicU64,
    status: AtomicU16,
    rest: AtomicU64,
}

impl PushService for Service {
    fn heard(&self) -> Vec<Notification> {
        self.heard.lock().unwrap().clone()
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed).try_into().unwrap()
    }

    fn answer(&self, status: u16, rest: Option<Duration>) {
        let rest = rest.unwrap_or_default().as_secs();
        self.rest.store(rest, Ordering::Relaxed);
        self.status.store(status, Ordering::Relaxed);
    }
}

impl Service {
    async fn serve(self: Arc<Self>, listener: TcpListener) -> ! {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            self.take(connection).await;
        }
    }

    async fn take(&self, connection: TcpStream) {
        let mut connection = BufReader::new(connection);
        let (headers, body) = head_and_body(&mut connection).await;
        assert_eq!(headers["content-encoding"], "aes128gcm");
        assert!(headers["authorization"].starts_with("vapid t=ey"));
        self.asked.fetch_add(1, Ordering::Relaxed);
        let status = self.status.load(Ordering::Relaxed);
        if status == 201 {
            self.heard.lock().unwrap().push(read(&self.open(&body)));
        }
        let rest = match self.rest.load(Ordering::Relaxed) {
            0 => String::new(),
            seconds => format!("retry-after: {seconds}\r\n"),
        };
        // A long body, which should not be read.
        let words = "x".repeat(100_000);
        let answer = format!(
            "HTTP/1.1 {status} As asked\r\n{rest}location: /hook?team=7\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n{words}",
            words.len()
        );
        // A client that does not read it may hang up.
        drop(connection.write_all(answer.as_bytes()).await);
    }

    fn open(&self, sealed: &[u8]) -> Vec<u8> {
        let (salt, rest) = sealed.split_at(16);
        assert_eq!(rest[..5], [0, 0, 16, 0, 65]);
        let (theirs, record) = rest[5..].split_at(65);
        let public = PublicKey::from_sec1_bytes(theirs).unwrap();
        let shared = diffie_hellman(self.browser.to_nonzero_scalar(), public.as_affine());
        let info = [b"WebPush: info\0", &point(&self.browser)[..], theirs, &[1]].concat();
        let input = mac(&mac(&SECRET, shared.raw_secret_bytes()), &info);
        let start = mac(salt, &input);
        let key = mac(&start, b"Content-Encoding: aes128gcm\0\x01");
        let nonce = mac(&start, b"Content-Encoding: nonce\0\x01");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key[..16]).unwrap());
        let nonce = Nonce::try_assume_unique_for_key(&nonce[..12]).unwrap();
        let mut record = record.to_vec();
        let text = key.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
        text.strip_suffix(&[2]).unwrap().to_vec()
    }
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn point(key: &SecretKey) -> [u8; 65] {
    let point = key.public_key().to_encoded_point(false);
    point.as_bytes().try_into().unwrap()
}

fn subscription(endpoint: &str, keys: PushKeys) -> PushSubscription {
    PushSubscription {
        endpoint: PushEndpoint::parse(endpoint).unwrap(),
        keys,
        expires_at: None,
    }
}

fn web_push(reach: Reach, clock: Arc<Hands>) -> WebPush {
    let key = VapidKey::parse("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap();
    let contact = Contact::parse("mailto:ana@example.org").unwrap();
    WebPush::new(reach, key, Some(contact), clock)
}

pub(crate) async fn pusher() -> Kept<Pushers> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // Nothing listens on a port that was closed.
    let left = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}/push", left.local_addr().unwrap());
    drop(left);
    let service = Arc::new(Service {
        browser: SecretKey::from_slice(&[7; 32]).unwrap(),
        heard: Mutex::default(),
        asked: AtomicU64::new(0),
        status: AtomicU16::new(201),
        rest: AtomicU64::new(0),
    });
    let keys = PushKeys::of(point(&service.browser), SECRET);
    let mut beside = point(&service.browser);
    beside[64] ^= 1;
    let here = format!("http://127.0.0.1:{port}/hook?team=7");
    let elsewhere = |host: &str| format!("http://{host}:{port}/hook?team=7");
    let serving = JoinSet::from_iter([Arc::clone(&service).serve(listener)]);
    let clock = Arc::new(Hands(AtomicI64::new(0)));
    let both = Pushers {
        pusher: Arc::new(web_push(Reach::Everywhere, Arc::clone(&clock))),
        service,
        time: Time::moved(move |span| {
            let millis = i64::try_from(span.as_millis()).unwrap();
            clock.0.fetch_add(millis, Ordering::Relaxed);
        }),
        subscription: subscription(&here, keys),
        nowhere: subscription(&nowhere, keys),
        forbidden: vec![
            subscription(&here, PushKeys::of(beside, SECRET)),
            subscription(&elsewhere("localhost"), keys),
            subscription(&elsewhere("ana:hunter2@127.0.0.1"), keys),
            subscription(&elsewhere("10.1.2.3"), keys),
        ],
    };
    Kept::on(both, serving)
}

#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let public = web_push(Reach::Public, Arc::new(Hands(AtomicI64::new(0))));
    let browser = SecretKey::from_slice(&[7; 32]).unwrap();
    let keys = PushKeys::of(point(&browser), SECRET);
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "LOCALHOST", "[::1]"] {
        let subscription = subscription(&format!("https://{host}/push"), keys);
        let checked = public.check(&subscription).await;
        assert!(matches!(checked, Pushable::Endpoint(_)), "{host}");
        // The name is looked up again when connecting, whatever it resolved to when it was checked.
        let pushed = public.push(&subscription, &notification()).await;
        let Pushed::Refused(words) = pushed else {
            panic!("{host}: {pushed:?}");
        };
        assert!(words.contains("private"), "{host}: {words}");
    }
}

fn notification() -> Notification {
    Notification {
        event: fresh(),
        user: fresh(),
        reason: Reason::Direct,
        room: fresh(),
        room_name: None,
        message: fresh(),
        seq: Seq::new(7).unwrap(),
        sender: fresh(),
        sender_name: "Ana".to_owned(),
        preview: "hello".to_owned(),
        at: at(7),
    }
}
