//! Sends back whatever it receives, in two namespaces, until it is interrupted.
//!
//! `cargo run -p socketio --example echo`, and then from a page or from Node:
//! `io("http://127.0.0.1:3000").emit("message", 1, "2")`.

use actix_web::{App, HttpServer};
use serde_json::Value;
use socketio::{Cors, Event, Handshake, Incoming, IoServer, Namespaces, Options, Origins, Socket};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let io = IoServer::new(Options {
        cors: Cors {
            origins: Origins::Any,
            ..Cors::default()
        },
        ..Options::default()
    });
    HttpServer::new(move || {
        let namespaces = Namespaces::new().on("/", echo).on("/custom", echo);
        App::new().configure(io.mount(&["/socket.io"], namespaces))
    })
    .workers(2)
    .tcp_nodelay(true)
    .bind(("127.0.0.1", 3000))?
    .run()
    .await
}

/// Sends a client what it authenticated with, and then everything that it sends.
async fn echo(socket: Socket, handshake: Handshake) {
    let nothing = || Value::Object(serde_json::Map::new());
    let auth = Some(handshake.auth).filter(|auth| !auth.is_null());
    let auth = auth.unwrap_or_else(nothing);
    if socket.emit("auth", &auth).is_err() {
        return;
    }
    while let Some(incoming) = socket.next().await {
        match incoming {
            Incoming::Event(event) => answer(&socket, event).await,
            Incoming::Gone(reason) => eprintln!("{} is gone: {reason}", socket.id()),
        }
    }
}

async fn answer(socket: &Socket, event: Event) {
    let Event {
        name,
        args,
        attachments,
        ack,
    } = event;
    if let Some(ack) = ack {
        // A client that has gone in the meantime gets no answer.
        ack.send_with(&args, &attachments).ok();
    } else if name == "message" {
        // Sends no faster than the client reads.
        socket.has_capacity().await;
        socket.emit_with("message-back", &args, &attachments).ok();
    }
}
