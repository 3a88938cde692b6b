//! Starts the server, and shuts it down.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use ::socketio::IoServer;
use actix_http::HttpService;
use actix_server::{Server, ServerBuilder, ServerHandle};
use actix_service::{IntoServiceFactory as _, apply_fn_factory, map_config};
use actix_web::dev::AppConfig;
use actix_web::middleware::from_fn;
use actix_web::{App, web};
use application::UseCases;
use domain::port::Ids;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::finish::{cross_origin, finish};
use crate::gate::gate;
use crate::handover::{Entrance, LINGER, beyond_http, introduce, leave_http};
use crate::live::{Sockets, Worker};
use crate::options::Options;
use crate::state::{State, WrittenMetrics};
use crate::{routes, socketio};

/// How long a connection may be idle: longer than common proxies keep theirs. So the proxy closes it first,
/// and never sends a request on one that the server is closing.
const IDLE: Duration = Duration::from_secs(75);
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How many connections may wait to be accepted: all clients of a node reconnect at once when it restarts.
const BACKLOG: i32 = 4096;
/// How long a shutdown waits for Socket.IO clients that have not authenticated.
const ANONYMOUS: Duration = Duration::from_secs(2);

/// A bound server. It queues connections from the start, and serves them once [`Door::serve`] runs.
pub struct Door {
    addresses: Vec<SocketAddr>,
    server: Server,
    sockets: Arc<Sockets>,
    io: IoServer,
    shutdown: Duration,
    closed: Arc<Notify>,
}

/// Shuts a server down from elsewhere.
#[derive(Clone)]
pub struct Handle {
    server: ServerHandle,
    sockets: Arc<Sockets>,
    io: IoServer,
    shutdown: Duration,
    closed: Arc<Notify>,
}

/// Binds the address and prepares the workers. Must be called within an actix system.
pub fn open(
    use_cases: Arc<UseCases>,
    ids: Arc<dyn Ids>,
    written_metrics: WrittenMetrics,
    sockets: Arc<Sockets>,
    options: Options,
) -> io::Result<Door> {
    let listeners = listen(&options.host, options.port)?;
    let addresses = listeners.iter().map(TcpListener::local_addr);
    let addresses: Vec<SocketAddr> = addresses.collect::<io::Result<_>>()?;
    let shutdown = options.shutdown;
    let builder = workers(&options);
    let handle_sockets = Arc::clone(&sockets);
    let state = web::Data::new(State {
        use_cases,
        ids,
        written_metrics,
        options,
    });
    let io = socketio::server(&state.options);
    let handle_io = io.clone();
    let app = move || {
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
            .wrap(from_fn(leave_http))
    };
    let stopping = builder.graceful_shutdown_signal();
    let service = move || {
        let stopping = stopping.clone();
        let http = HttpService::build()
            .keep_alive(IDLE)
            .client_request_timeout(HEAD)
            .client_disconnect_timeout(LINGER)
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(introduce)
            .h1(map_config(app().into_factory(), |()| AppConfig::default()));
        let entrance = Entrance::new();
        apply_fn_factory(http, move |stream, http| {
            beyond_http(stream, http, &entrance)
        })
    };
    let listening = listeners
        .into_iter()
        .try_fold(builder, |builder, listener| {
            builder.listen("http", listener, service.clone())
        });
    Ok(Door {
        addresses,
        server: listening?.run(),
        sockets: handle_sockets,
        io: handle_io,
        shutdown,
        closed: Arc::default(),
    })
}

/// The workers, with the connection limit divided among them.
fn workers(options: &Options) -> ServerBuilder {
    let workers = options.workers.max(1);
    Server::build()
        .workers(workers)
        .max_concurrent_connections(options.max_connections.div_ceil(workers))
        .shutdown_timeout(options.shutdown.as_secs())
        .disable_signals()
}

/// Listens at every address that the host resolves to. Fails only if none of them can be bound.
fn listen(host: &str, port: u16) -> io::Result<Vec<TcpListener>> {
    let (mut listeners, mut refused) = (Vec::new(), None);
    for address in (host, port).to_socket_addrs()? {
        match listen_at(address) {
            Ok(listener) => listeners.push(listener),
            Err(error) => refused = Some(error),
        }
    }
    match refused {
        _ if !listeners.is_empty() => Ok(listeners),
        Some(error) => Err(error),
        None => Err(io::ErrorKind::AddrNotAvailable.into()),
    }
}

fn listen_at(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // So that a restarted node need not wait until its old connections have left TIME_WAIT.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

impl Door {
    /// The addresses that it listens at.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// A handle that shuts it down.
    pub fn handle(&self) -> Handle {
        Handle {
            server: self.server.handle(),
            sockets: Arc::clone(&self.sockets),
            io: self.io.clone(),
            shutdown: self.shutdown,
            closed: Arc::clone(&self.closed),
        }
    }

    /// Serves until the server is shut down.
    pub async fn serve(self) -> io::Result<()> {
        tokio::select! {
            served = self.server => served,
            () = self.closed.notified() => Ok(()),
        }
    }
}

impl Handle {
    /// Stops accepting connections, tells the sockets' clients to reconnect elsewhere, and waits for requests
    /// in flight, all within the configured shutdown time.
    pub async fn close(&self) {
        let closing = async {
            self.server.pause().await;
            self.sockets.close(self.shutdown / 2).await;
            // Clients that never authenticated.
            self.io.shut_down(ANONYMOUS).await;
            self.server.stop(true).await;
        };
        if timeout(self.shutdown, closing).await.is_err() {
            tracing::warn!("shutdown timed out; requests still in flight were aborted");
        }
        self.closed.notify_one();
    }
}
