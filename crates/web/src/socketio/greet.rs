//! Authenticates a client that came without a token.

use std::time::Duration;

use protocol::ErrorCode;
use protocol::limits::AUTH_SECONDS;
use socketio::{Event, Incoming, Socket};
use tokio::time::timeout;

use super::answers::{Reply, complain};
use super::door::admit;
use super::order::{Order, Word};
use super::vocabulary;
use crate::error::ApiError;
use crate::live::{Arrival, Worker};

/// How many tokens a client may try.
const TRIES: usize = 5;

/// Waits for the client to authenticate.
pub(super) async fn greet(worker: &Worker, socket: &Socket) -> Option<Arrival> {
    let patience = Duration::from_secs(AUTH_SECONDS);
    let known = timeout(patience, first_token(worker, socket)).await;
    if known.is_err() {
        let words = "no access token was sent in time";
        complain(socket, &ApiError::new(ErrorCode::Unauthenticated, words));
        socket.disconnect(true);
    }
    known.ok().flatten()
}

async fn first_token(worker: &Worker, socket: &Socket) -> Option<Arrival> {
    let mut refused = 0;
    while refused < TRIES {
        let Incoming::Event(Event {
            name, args, ack, ..
        }) = socket.next().await?
        else {
            return None;
        };
        let reply = Reply::new(socket.clone(), ack);
        let order = (name == "authenticate").then(|| vocabulary::authenticate(&args));
        match order {
            Some(Ok(Order::Authenticate(Word::Token(token)))) => {
                match admit(worker, token.reveal()).await {
                    Ok(arrival) => {
                        let user = arrival.user().as_uuid();
                        let mut fields = serde_json::Map::new();
                        fields.insert("userId".to_owned(), serde_json::json!(user));
                        reply.done(fields);
                        return Some(arrival);
                    }
                    Err(error) => {
                        refused += 1;
                        reply.refused(&error);
                    }
                }
            }
            Some(Err(error)) => reply.refused(&error),
            Some(Ok(_)) | None => {
                let words = "authenticate with an access token first";
                reply.refused(&ApiError::new(ErrorCode::Unauthenticated, words));
            }
        }
    }
    socket.disconnect(true);
    None
}
