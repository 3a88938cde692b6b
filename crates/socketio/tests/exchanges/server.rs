//! A server with two workers, whose owners send back whatever they receive.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, rt};
use serde_json::{Map, Value};
use socketio::{Event, Handshake, Incoming, IoServer, Namespaces, Options, Socket};

/// More than one worker, so that requests of one session arrive on several threads.
const WORKERS: usize = 2;
/// Where the server is mounted.
pub(crate) const PATHS: [&str; 2] = ["/socket.io/", "/ws"];

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) io: IoServer,
    handle: ServerHandle,
}

/// The settings of the public test suites: a heartbeat that a test can wait for.
pub(crate) fn options() -> Options {
    Options {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        max_payload: 1_000_000,
        linger: Duration::from_millis(300),
        max_attached: 2_000_000,
        ..Options::default()
    }
}

/// The same, with a heart that does not beat while a test runs.
pub(crate) fn calm() -> Options {
    Options {
        ping_interval: Duration::from_mins(5),
        ..options()
    }
}

impl Server {
    /// One that echoes, with these settings.
    pub(crate) fn start(options: Options) -> Self {
        Self::serving(options, echoes)
    }

    /// One whose every worker makes its own owners.
    pub(crate) fn serving(
        options: Options,
        namespaces: impl Fn() -> Namespaces + Send + Clone + 'static,
    ) -> Self {
        Self::on(
            TcpListener::bind("127.0.0.1:0").unwrap(),
            options,
            namespaces,
        )
    }

    /// The same at an address that is known before.
    pub(crate) fn on(
        listener: TcpListener,
        options: Options,
        namespaces: impl Fn() -> Namespaces + Send + Clone + 'static,
    ) -> Self {
        // Beside crates that encrypt, the client of these tests wants to be told by what. Once is enough.
        drop(rustls::crypto::ring::default_provider().install_default());
        let address = listener.local_addr().unwrap();
        let io = IoServer::new(options);
        let mounted = io.clone();
        let server =
            HttpServer::new(move || App::new().configure(mounted.mount(&PATHS, namespaces())))
                .workers(WORKERS)
                .tcp_nodelay(true)
                .disable_signals()
                .listen(listener)
                .unwrap()
                .run();
        let handle = server.handle();
        rt::spawn(server);
        Self {
            address,
            io,
            handle,
        }
    }

    /// Ends it, and looks whether anything is left behind.
    pub(crate) async fn stop(self) {
        assert!(
            self.io.shut_down(Duration::from_mins(1)).await,
            "a task is left"
        );
        assert_eq!(self.io.sessions(), 0, "a session is left");
        self.handle.stop(false).await;
    }
}

/// What the echo servers of the public test suites have.
pub(crate) fn echoes() -> Namespaces {
    Namespaces::new().on("/", echo).on("/custom", echo)
}

/// Tells a client what it authenticated with, and then all that it tells.
pub(crate) async fn echo(socket: Socket, handshake: Handshake) {
    let auth = match handshake.auth {
        Value::Null => Value::Object(Map::new()),
        auth => auth,
    };
    socket.emit("auth", &auth).unwrap();
    while let Some(incoming) = socket.next().await {
        if let Incoming::Event(event) = incoming {
            answer(&socket, event).await;
        }
    }
}

pub(crate) async fn answer(socket: &Socket, event: Event) {
    let Event {
        name,
        args,
        attachments,
        ack,
    } = event;
    if let Some(ack) = ack {
        ack.send_with(&args, &attachments).ok();
    } else if name == "message" {
        socket.has_capacity().await;
        socket.emit_with("message-back", &args, &attachments).ok();
    }
}
