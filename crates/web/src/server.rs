//! Opening the door, and closing it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ::socketio::IoServer;
use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use application::UseCases;
use domain::port::Ids;

use crate::finish::{cross_origin, finish};
use crate::gate::gate;
use crate::live::{Sockets, Worker};
use crate::options::Options;
use crate::state::{State, WrittenMetrics};
use crate::{patience, routes, socketio};

/// How long a connection may be idle: longer than common proxies keep theirs, so that it is they who
/// close one and never send into one that is just being closed.
const IDLE: Duration = Duration::from_secs(75);
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long a shutdown waits for clients of Socket.IO that have not said who they are.
const ANONYMOUS: Duration = Duration::from_secs(2);

/// A door that is open: connections are taken, and served once [`Door::serve`] runs.
pub struct Door {
    addresses: Vec<SocketAddr>,
    server: Server,
    sockets: Arc<Sockets>,
    io: IoServer,
    shutdown: Duration,
}

/// Closes a door from elsewhere.
#[derive(Clone)]
pub struct Handle {
    server: ServerHandle,
    sockets: Arc<Sockets>,
    io: IoServer,
    shutdown: Duration,
}

/// Binds the address and gets ready to serve. Must be called where an actix system runs.
pub fn open(
    use_cases: Arc<UseCases>,
    ids: Arc<dyn Ids>,
    written_metrics: WrittenMetrics,
    sockets: Arc<Sockets>,
    options: Options,
) -> io::Result<Door> {
    let address = (options.host.clone(), options.port);
    let workers = options.workers.max(1);
    let connections = options.max_connections.div_ceil(workers);
    let shutdown = options.shutdown;
    let handle_sockets = Arc::clone(&sockets);
    let state = web::Data::new(State {
        use_cases,
        ids,
        written_metrics,
        options,
    });
    let io = socketio::server(&state.options);
    let handle_io = io.clone();
    let server = HttpServer::new(move || {
        let options = &state.options;
        let worker = Worker::start(&sockets, options.frames, &options.cors);
        App::new()
            .app_data(web::Data::clone(&state))
            .configure(socketio::mount(&io, &worker))
            .app_data(worker)
            .configure(routes::all)
            .wrap(from_fn(gate))
            .wrap(cross_origin(&state.options.cors))
            .wrap(from_fn(finish))
    })
    .on_connect(patience::limit)
    .workers(workers)
    .keep_alive(IDLE)
    .client_request_timeout(HEAD)
    .max_connections(connections)
    // When a node comes back all of its clients do, at once.
    .backlog(4096)
    // A message that waits for another one to fill a packet is a message that waits.
    .tcp_nodelay(true)
    .shutdown_timeout(shutdown.as_secs())
    .disable_signals()
    .bind(address)?;
    Ok(Door {
        addresses: server.addrs(),
        server: server.run(),
        sockets: handle_sockets,
        io: handle_io,
        shutdown,
    })
}

impl Door {
    /// Where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What closes it.
    pub fn handle(&self) -> Handle {
        Handle {
            server: self.server.handle(),
            sockets: Arc::clone(&self.sockets),
            io: self.io.clone(),
            shutdown: self.shutdown,
        }
    }

    /// Serves until it is closed.
    pub async fn serve(self) -> io::Result<()> {
        self.server.await
    }
}

impl Handle {
    /// Takes no more connections, sends the sockets' clients elsewhere, and waits for the requests in
    /// flight.
    pub async fn close(&self) {
        self.server.pause().await;
        self.sockets.close(self.shutdown / 2).await;
        // Those who never said who they are.
        self.io.shut_down(ANONYMOUS).await;
        self.server.stop(true).await;
    }
}
