//! How clients enter a namespace, and what serves them there.

use std::collections::HashMap;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::rt;

use super::handle::Socket;
use super::handshake::Handshake;
use super::seat::{Seat, refuse};
use super::seats::Arrival;
use crate::engine::Home;
use crate::error::ConnectError;
use crate::reason::Reason;

type Stay = Pin<Box<dyn Future<Output = ()>>>;

/// The namespaces of a server and their handlers: built once for each worker, so that handlers may hold
/// what belongs to its thread. Every worker must have the same namespaces.
#[derive(Default)]
pub struct Namespaces {
    pub(crate) doors: Doors,
}

/// The handler of each namespace.
pub(crate) type Doors = HashMap<Arc<str>, Rc<dyn Door>>;

impl Namespaces {
    /// No namespaces yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets all clients enter a namespace, such as `/`. Each socket is served by one call, on the thread
    /// that opened its session; when that returns, the socket is disconnected.
    #[must_use]
    pub fn on<H>(self, namespace: &str, serve: H) -> Self
    where
        H: AsyncFn(Socket, Handshake) + 'static,
    {
        self.guarded(
            namespace,
            async |_: &Handshake| Ok(()),
            async move |socket, handshake, ()| serve(socket, handshake).await,
        )
    }

    /// Asks a guard first, and tells a client that may not enter why. What the guard finds out, such as
    /// who the client is, is passed to the handler.
    #[must_use]
    pub fn guarded<A, H, T>(mut self, namespace: &str, authorize: A, serve: H) -> Self
    where
        A: AsyncFn(&Handshake) -> Result<T, ConnectError> + 'static,
        H: AsyncFn(Socket, Handshake, T) + 'static,
        T: 'static,
    {
        let door = Guarded {
            authorize,
            serve,
            granted: PhantomData,
        };
        let namespace = named(namespace);
        self.doors.insert(Arc::from(namespace), Rc::new(door));
        self
    }
}

/// The name of a namespace, which starts with a slash.
pub(crate) fn named(namespace: &str) -> String {
    if namespace.starts_with('/') {
        namespace.to_owned()
    } else {
        format!("/{namespace}")
    }
}

/// Takes an arrival to the door of the namespace that it wants to enter.
pub(crate) fn greet(home: &Rc<Home>, arrival: Arrival) {
    let session = &home.session;
    let shared = &session.shared;
    let door = home.worker.doors.get_key_value(&*arrival.namespace);
    let Some((namespace, door)) = door else {
        let error = ConnectError::new("Invalid namespace");
        return refuse(session, &arrival.namespace, &error);
    };
    let crowd = shared.crowd(namespace);
    let seat = Seat::new(session, Arc::clone(namespace), crowd);
    if session.seats.sit(&seat) {
        let guest = Guest {
            seat,
            home: Rc::clone(home),
            handshake: Handshake::new(arrival.auth, Rc::clone(&home.opening)),
        };
        let stay = Rc::clone(door).answer(guest);
        rt::spawn(shared.tasks.track_future(stay));
    }
}

/// Decides whether a client may enter, and serves it until it leaves.
pub(crate) trait Door {
    fn answer(self: Rc<Self>, guest: Guest) -> Stay;
}

struct Guarded<A, H, T> {
    authorize: A,
    serve: H,
    granted: PhantomData<fn() -> T>,
}

impl<A, H, T> Door for Guarded<A, H, T>
where
    A: AsyncFn(&Handshake) -> Result<T, ConnectError> + 'static,
    H: AsyncFn(Socket, Handshake, T) + 'static,
    T: 'static,
{
    fn answer(self: Rc<Self>, guest: Guest) -> Stay {
        Box::pin(async move {
            let granted = tokio::select! {
                biased;
                () = guest.seat.session.over() => return,
                granted = (self.authorize)(&guest.handshake) => granted,
            };
            match granted {
                Err(error) => guest.seat.refuse(&error),
                Ok(granted) if guest.seat.welcome() => {
                    tracing::debug!(socket = %guest.seat.id, namespace = %guest.seat.namespace, "connected");
                    let socket = Socket::new(&guest.seat, &guest.home);
                    let handshake = guest.handshake.clone();
                    (self.serve)(socket, handshake, granted).await;
                }
                Ok(_) => (),
            }
        })
    }
}

/// A client at a door. However its stay ends, it is removed when this is dropped.
pub(crate) struct Guest {
    seat: Arc<Seat>,
    home: Rc<Home>,
    handshake: Handshake,
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.seat.disconnect();
        self.seat.inbox.clear();
        self.home.detach(self.seat.id);
        tracing::debug!(
            socket = %self.seat.id,
            reason = self.seat.inbox.ended().map_or("", Reason::as_str),
            "disconnected"
        );
    }
}
