//! A TCP proxy whose connections can be cut.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Client;

/// An address whose connections are forwarded to a server until they are cut. Clones share it.
#[derive(Clone)]
pub struct Bridge {
    url: Arc<str>,
    /// Where it forwards to, if anywhere. Whenever this is set, all connections are cut.
    leads: watch::Sender<Option<String>>,
}

impl Bridge {
    /// A proxy for the node of this client.
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing is to be waited for when a bridge has gone"
    )]
    pub async fn to(visitor: &Client) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let leads = watch::Sender::new(Some(address(visitor)));
        tokio::spawn(carry(listener, leads.subscribe()));
        Self {
            url: url.into(),
            leads,
        }
    }

    /// The URL of the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Cuts all connections without closing them properly. New ones can be opened.
    pub fn cut(&self) {
        self.leads.send_modify(|_| {});
    }

    /// The same, and new connections are forwarded to the node of this client.
    pub fn turn(&self, visitor: &Client) {
        self.leads.send_replace(Some(address(visitor)));
    }

    /// The same, and new connections are refused.
    pub fn close(&self) {
        self.leads.send_replace(None);
    }
}

fn address(visitor: &Client) -> String {
    visitor.url().trim_start_matches("http://").to_owned()
}

/// Ends when the bridge is dropped.
async fn carry(listener: TcpListener, mut leads: watch::Receiver<Option<String>>) {
    let mut crossing = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                let to = leads.borrow().clone();
                crossing.spawn(cross(stream, to));
            }
            changed = leads.changed() => match changed {
                Ok(()) => crossing.abort_all(),
                Err(_) => return,
            },
            Some(_) = crossing.join_next() => {}
        }
    }
}

/// Errors are ignored: the client sees them on its own connection.
async fn cross(mut from: TcpStream, to: Option<String>) {
    let Some(to) = to else { return };
    if let Ok(mut to) = TcpStream::connect(to).await {
        copy_bidirectional(&mut from, &mut to).await.ok();
    }
}
