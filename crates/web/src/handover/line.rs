//! A client's connection, and which side currently owns it: HTTP or the socket.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::Shutdown;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use bytes::Bytes;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much is read at a time.
const READ: usize = 16 * 1024;

thread_local! {
    /// The read buffer that all connections of a worker share.
    static INTAKE: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ].into_boxed_slice());
}

/// Which side owns a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Http,
    /// Still HTTP, which flushes its write buffer but no longer reads.
    HttpLeaving,
    /// HTTP has flushed its write buffer.
    HttpDone,
    /// The handler that answered the handshake.
    Socket,
    Nobody,
}

/// A client's connection. It never leaves its worker's thread.
pub(super) struct Line {
    stream: RefCell<TcpStream>,
    holder: Cell<Holder>,
    /// Whether a handshake is being answered.
    handshake: Cell<bool>,
    /// Whether a request is being answered that nobody waits for once the client has shut down its side.
    poll: Cell<bool>,
    /// What is sent once HTTP is done.
    body: RefCell<Option<BoxBody>>,
    /// The task that reads once HTTP is done.
    reader: RefCell<Option<Waker>>,
}

/// A connection as HTTP sees it.
pub(crate) struct HttpLine(Rc<Line>);

/// Lets requests find the connection that they arrived on.
pub(crate) fn introduce(io: &HttpLine, data: &mut Extensions) {
    data.insert(Rc::downgrade(&io.0));
}

impl Line {
    pub(super) fn new(stream: TcpStream) -> Rc<Self> {
        Rc::new(Self {
            stream: RefCell::new(stream),
            holder: Cell::new(Holder::Http),
            handshake: Cell::default(),
            poll: Cell::default(),
            body: RefCell::default(),
            reader: RefCell::default(),
        })
    }

    pub(super) fn for_http(self: &Rc<Self>) -> HttpLine {
        HttpLine(Rc::clone(self))
    }

    /// Waits until the client has sent something or has disconnected.
    pub(super) fn poll_first_bytes(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.stream.borrow().poll_read_ready(cx).map(drop)
    }

    /// Sets whether a handshake is being answered.
    pub(super) fn set_handshake(&self, on: bool) {
        self.handshake.set(on);
    }

    /// Whether a handshake is being answered.
    pub(super) fn is_in_handshake(&self) -> bool {
        self.handshake.get()
    }

    /// Sets whether the end of the client's input breaks the connection, as far as HTTP can see. Otherwise
    /// HTTP first answers the request.
    pub(super) fn set_poll(&self, on: bool) {
        self.poll.set(on);
    }

    /// Makes HTTP leave as soon as it has flushed its write buffer; this body is sent afterwards.
    pub(super) fn depart(&self, body: BoxBody) {
        self.holder.set(Holder::HttpLeaving);
        *self.body.borrow_mut() = Some(body);
    }

    /// Takes the connection over from HTTP, and returns the body to send on it. `None` if HTTP did not leave
    /// for a socket.
    pub(super) fn after_http(&self) -> Option<BoxBody> {
        let body = self.body.take().filter(|_| self.http_is_done());
        self.hand_to(match body {
            Some(_) => Holder::Socket,
            None => Holder::Nobody,
        });
        body
    }

    /// Whether HTTP has left and flushed its write buffer.
    pub(super) fn http_is_done(&self) -> bool {
        self.holder.get() == Holder::HttpDone
    }

    /// Whether HTTP no longer reads.
    pub(super) fn has_left_http(&self) -> bool {
        self.holder.get() != Holder::Http
    }

    /// What the client sent. `None` once it has shut down its side, or the connection has no owner.
    pub(super) fn poll_read(&self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        self.note(cx);
        match self.holder.get() {
            Holder::Http | Holder::HttpLeaving | Holder::HttpDone => Poll::Pending,
            Holder::Nobody => Poll::Ready(None),
            Holder::Socket => self.poll_intake(cx, Bytes::copy_from_slice).map(|read| {
                let end = read.as_ref().is_ok_and(Bytes::is_empty);
                (!end).then_some(read)
            }),
        }
    }

    /// Reads and discards until the client shuts down its side.
    pub(super) fn poll_drain(&self, cx: &mut Context<'_>) -> Poll<()> {
        while let Poll::Ready(read) = self.poll_intake(cx, <[u8]>::len) {
            if !read.is_ok_and(|length| length > 0) {
                return Poll::Ready(());
            }
        }
        Poll::Pending
    }

    pub(super) fn poll_write(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.stream.borrow_mut()).poll_write(cx, bytes)
    }

    /// Shuts down our side. The reader sees the end of the stream, whatever the client still sends.
    pub(super) fn end(&self) {
        self.hand_to(Holder::Nobody);
        // This fails only if the connection is broken, and then it has ended anyway.
        drop(SockRef::from(&*self.stream.borrow()).shutdown(Shutdown::Write));
    }

    fn hand_to(&self, holder: Holder) {
        self.holder.set(holder);
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }

    fn note(&self, cx: &Context<'_>) {
        let mut reader = self.reader.borrow_mut();
        if !reader
            .as_ref()
            .is_some_and(|known| known.will_wake(cx.waker()))
        {
            *reader = Some(cx.waker().clone());
        }
    }

    fn poll_intake<T>(
        &self,
        cx: &mut Context<'_>,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Poll<io::Result<T>> {
        INTAKE.with_borrow_mut(|intake| {
            let mut read = ReadBuf::new(intake);
            let polled = Pin::new(&mut *self.stream.borrow_mut()).poll_read(cx, &mut read);
            polled.map_ok(|()| take(read.filled()))
        })
    }
}

impl AsyncRead for HttpLine {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        read: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.0.has_left_http() {
            // HTTP sees the end of the client's input.
            return Poll::Ready(Ok(()));
        }
        let before = read.filled().len();
        ready!(Pin::new(&mut *self.0.stream.borrow_mut()).poll_read(cx, read))?;
        if self.0.poll.get() && read.filled().len() == before {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for HttpLine {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_write(cx, bytes)
    }

    /// HTTP calls this once it has written everything in its buffer.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.0.holder.get() == Holder::HttpLeaving {
            self.0.holder.set(Holder::HttpDone);
        }
        Pin::new(&mut *self.0.stream.borrow_mut()).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.0.has_left_http() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut *self.0.stream.borrow_mut()).poll_shutdown(cx)
    }
}
