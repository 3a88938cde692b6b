//! Every obligation of a webhook sender, and its reach.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use adapter_webhooks::{HttpWebhookSender, Reach};
use domain::port::WebhookSender as _;
use domain::port::webhook_sender::{Callable, Sent, WebhookCall};
use domain::{EventId, WebhookUrl};
use port_contracts::webhook_sender::{SECRET, WebhookReceiver};
use port_contracts::{Kept, WebhookSenders, at, fresh};
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::{check_signature, head_and_body, id};

/// Accepts posts, one connection after the other.
pub(crate) struct Server {
    taken: Mutex<Vec<(EventId, Vec<u8>)>>,
    status: AtomicU16,
}

impl WebhookReceiver for Server {
    fn taken(&self) -> Vec<(EventId, Vec<u8>)> {
        self.taken.lock().unwrap().clone()
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }
}

impl Server {
    async fn serve(self: Arc<Self>, listener: TcpListener) -> ! {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            self.accept(connection).await;
        }
    }

    async fn accept(&self, connection: TcpStream) {
        let mut connection = BufReader::new(connection);
        let (headers, body) = head_and_body(&mut connection).await;
        check_signature(SECRET.as_bytes(), &headers, &body);
        let name = id(&headers["webhook-id"]);
        self.taken.lock().unwrap().push((name, body));
        let status = self.status.load(Ordering::Relaxed);
        // A client that followed the redirect would come again and be counted.
        let answer = format!(
            "HTTP/1.1 {status} As asked\r\nlocation: /hook?team=7\r\nconnection: close\r\n\
             content-length: 0\r\n\r\n"
        );
        connection.write_all(answer.as_bytes()).await.unwrap();
    }

    /// Starts one; returns its port.
    async fn new() -> (Arc<Self>, u16, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Arc::new(Self {
            taken: Mutex::default(),
            status: AtomicU16::new(200),
        });
        let mut serving = JoinSet::new();
        let receiver = Arc::clone(&server);
        serving.spawn(async move { receiver.serve(listener).await });
        (server, port, serving)
    }
}

fn url(text: String) -> WebhookUrl {
    WebhookUrl::parse(text).unwrap()
}

pub(crate) async fn webhook_sender() -> Kept<WebhookSenders> {
    let (server, port, serving) = Server::new().await;
    // Nothing listens on a port that was closed.
    let left = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = left.local_addr().unwrap();
    drop(left);
    let both = WebhookSenders {
        sender: Arc::new(HttpWebhookSender::new(Reach::Everywhere)),
        receiver: server,
        url: url(format!("http://127.0.0.1:{port}/hook?team=7")),
        nowhere: url(format!("http://{nowhere}/hook?team=7")),
        forbidden: vec![
            url(format!("http://ana:hunter2@127.0.0.1:{port}/hook?team=7")),
            url(format!("http://ana@127.0.0.1:{port}/hook?team=7")),
            url("http://[::1".to_owned()),
        ],
    };
    Kept::on(both, serving)
}

#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let (server, port, _serving) = Server::new().await;
    let sender = HttpWebhookSender::new(Reach::Public);
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "169.254.169.254",
    ] {
        let url = url(format!("http://{host}:{port}/hook?team=7"));
        let call = WebhookCall {
            url: &url,
            secret: &SECRET,
            id: fresh(),
            at: at(7),
            body: b"{}",
        };
        // The name is looked up again when connecting, whatever it resolved to when it was checked.
        let Sent::Failed(words) = sender.send(&call).await else {
            panic!("{host} was called");
        };
        assert!(words.contains("private"), "{host}: {words}");
        let checked = sender.check(&url).await;
        assert!(matches!(checked, Callable::No(_)), "{host}");
    }
    assert_eq!(server.taken(), []);
}
