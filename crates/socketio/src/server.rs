//! The server, and how to mount it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use tokio::time::timeout;

use crate::engine::{Shared, Worker};
use crate::http;
use crate::options::Options;
use crate::reason::Reason;
use crate::socket::{Broadcast, Namespaces, named};

/// A Socket.IO server: what all workers share. Clones are the same server.
#[derive(Clone)]
pub struct IoServer {
    shared: Arc<Shared>,
}

impl IoServer {
    /// A server without sessions.
    pub fn new(options: Options) -> Self {
        Self {
            shared: Arc::new(Shared::new(options)),
        }
    }

    /// Mounts it in an actix-web application at these paths, each with and without a trailing slash. To
    /// be called once for each worker.
    ///
    /// ```no_run
    /// use actix_web::{App, HttpServer};
    /// use socketio::{IoServer, Namespaces, Options};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let io = IoServer::new(Options::default());
    /// let server = HttpServer::new(move || {
    ///     let namespaces = Namespaces::new().on("/", async |socket, _| {
    ///         while let Some(_incoming) = socket.next().await {}
    ///     });
    ///     App::new().configure(io.mount(&["/socket.io"], namespaces))
    /// });
    /// # drop(server.bind("127.0.0.1:0")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn mount(
        &self,
        paths: &[&str],
        namespaces: Namespaces,
    ) -> impl FnOnce(&mut ServiceConfig) + use<> {
        let worker = Worker::new(&self.shared, namespaces.doors);
        let mut both = Vec::new();
        for path in paths {
            let path = path.trim_end_matches('/');
            both.push(path.to_owned());
            both.push(format!("{path}/"));
        }
        move |config| {
            let serve = move |request, payload| http::serve(request, payload, Rc::clone(&worker));
            config.service(web::resource(both).route(web::route().to(serve)));
        }
    }

    /// All sockets of a namespace, across all workers.
    pub fn of(&self, namespace: &str) -> Broadcast {
        let namespace = named(namespace);
        let crowd = self.shared.crowd(&namespace);
        let overflow = self.shared.options.overflow;
        Broadcast::new(crowd, Arc::from(namespace), None, overflow)
    }

    /// The number of open sessions.
    pub fn sessions(&self) -> usize {
        self.shared.registry.len()
    }

    /// Closes every session, so that its client reconnects elsewhere, and opens no more. Waits until all
    /// tasks have ended, but at most for `within`. Returns whether they have.
    pub async fn shut_down(&self, within: Duration) -> bool {
        self.shared.stopping.cancel();
        for session in self.shared.registry.all() {
            session.close(Reason::ServerShutdown);
        }
        self.shared.tasks.close();
        timeout(within, self.shared.tasks.wait()).await.is_ok()
    }
}
