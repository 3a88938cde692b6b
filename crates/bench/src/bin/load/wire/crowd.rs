//! Clients of one server, all in one thread.
//!
//! They must be far cheaper than the server, since both share a machine: there is one read buffer for all of
//! them, frames are passed on in place, and one system call reads all that is available.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use super::epoll::{Epoll, Flags};
use super::websocket::{Answer, Kind, answer, next_frame, put_masked};

/// How much is read from one socket at once.
const BUFFER: usize = 256 * 1024;
/// The number of client addresses, from 127.0.0.1 upwards: the ports of one address would not suffice.
const ADDRESSES: usize = 200;

/// What happened on a client's connection.
pub(crate) enum Said<'a> {
    /// It was opened.
    Opened,
    /// A text arrived.
    Text(&'a [u8]),
    /// It was refused, and why.
    TurnedAway(String),
    /// It ended, and why.
    Ended(String),
}

impl Said<'_> {
    fn gone(was_open: bool, why: String) -> Self {
        if was_open {
            Self::Ended(why)
        } else {
            Self::TurnedAway(why)
        }
    }
}

/// Queues a client's replies.
pub(crate) struct Voice<'a>(&'a mut Vec<u8>);

impl Voice<'_> {
    pub(crate) fn say(&mut self, text: &[u8]) {
        put_masked(self.0, Kind::Text, text);
    }
}

/// Many clients, by number.
pub(crate) struct Crowd {
    server: SocketAddr,
    epoll: Epoll,
    ready: Vec<(usize, Flags)>,
    seats: Vec<Option<Seat>>,
    buffer: Vec<u8>,
}

struct Seat {
    number: usize,
    stream: TcpStream,
    open: bool,
    /// The beginning of a frame that has not arrived in full.
    unread: Vec<u8>,
    unsent: Vec<u8>,
    /// Whether the send buffer is full; epoll will report when it has room.
    blocked: bool,
}

impl Crowd {
    pub(crate) fn new(server: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            server,
            epoll: Epoll::new()?,
            ready: Vec::new(),
            seats: Vec::new(),
            buffer: vec![0; BUFFER],
        })
    }

    /// Starts to connect a client, which must not be connected yet.
    pub(crate) fn connect(&mut self, number: usize, request: Vec<u8>) -> io::Result<()> {
        let stream = connecting(self.server, number)?;
        self.epoll.watch(&stream, number, Flags::IN | Flags::OUT)?;
        if self.seats.len() <= number {
            self.seats.resize_with(number + 1, || None);
        }
        if let Some(place) = self.seats.get_mut(number) {
            *place = Some(Seat {
                number,
                stream,
                open: false,
                unread: Vec::new(),
                unsent: request,
                blocked: true,
            });
        }
        Ok(())
    }

    /// Drops a connection without closing it properly.
    pub(crate) fn leave(&mut self, number: usize) {
        if let Some(place) = self.seats.get_mut(number) {
            *place = None;
        }
    }

    /// Queues a text, which is sent at the next [`flush`](Self::flush).
    pub(crate) fn say(&mut self, number: usize, text: &[u8]) {
        if let Some(seat) = self.seats.get_mut(number).and_then(Option::as_mut) {
            put_masked(&mut seat.unsent, Kind::Text, text);
        }
    }

    /// Sends what a client has queued, as far as the send buffer has room. A broken connection is only
    /// noticed when it is read from.
    pub(crate) fn flush(&mut self, number: usize) -> io::Result<()> {
        match self.seats.get_mut(number).and_then(Option::as_mut) {
            Some(seat) if !seat.blocked => seat.flush(&self.epoll),
            _ => Ok(()),
        }
    }

    /// Waits until some sockets are ready or the time is up, and passes on their input. Returns how many were
    /// ready.
    pub(crate) fn turn(
        &mut self,
        patience: Duration,
        mut hear: impl FnMut(usize, Said<'_>, Instant, &mut Voice<'_>),
    ) -> io::Result<usize> {
        self.epoll.wait(patience, &mut self.ready)?;
        for &(number, flags) in &self.ready {
            let Some(place) = self.seats.get_mut(number) else {
                continue;
            };
            let Some(seat) = place else { continue };
            if let Err(error) = seat.attend(flags, &self.epoll, &mut self.buffer, &mut hear) {
                let why = error.to_string();
                let ended = Said::gone(seat.open, why);
                *place = None;
                hear(number, ended, Instant::now(), &mut Voice(&mut Vec::new()));
            }
        }
        Ok(self.ready.len())
    }
}

impl Seat {
    fn attend(
        &mut self,
        flags: Flags,
        epoll: &Epoll,
        buffer: &mut [u8],
        hear: &mut impl FnMut(usize, Said<'_>, Instant, &mut Voice<'_>),
    ) -> io::Result<()> {
        if flags.contains(Flags::OUT) {
            self.flush(epoll)?;
        }
        if !flags.intersects(Flags::IN | Flags::HUP | Flags::ERR) {
            return Ok(());
        }
        let Some(length) = self.read(buffer)? else {
            return Ok(());
        };
        let number = self.number;
        let bytes = buffer.get(..length).unwrap_or_default();
        let rest = self.take(bytes, |said, at, voice| hear(number, said, at, voice))?;
        self.unread.clear();
        self.unread.extend_from_slice(rest);
        if !self.unsent.is_empty() && !self.blocked {
            self.flush(epoll)?;
        }
        Ok(())
    }

    /// Appends what can be read to what was left over. Returns the total length if anything was read.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let kept = self.unread.len();
        let (before, free) = buffer
            .split_at_mut_checked(kept)
            .filter(|(_, free)| !free.is_empty())
            .ok_or_else(|| io::Error::other("a frame is longer than any should be"))?;
        before.copy_from_slice(&self.unread);
        match self.stream.read(free) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => Ok(Some(kept + count)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Passes on complete frames, and returns the rest.
    fn take<'a>(
        &mut self,
        mut bytes: &'a [u8],
        mut hear: impl FnMut(Said<'_>, Instant, &mut Voice<'_>),
    ) -> io::Result<&'a [u8]> {
        let now = Instant::now();
        if !self.open {
            match answer(bytes) {
                Answer::Partial => return Ok(bytes),
                Answer::Refused(line) => return Err(io::Error::other(line)),
                Answer::Opened(rest) => bytes = rest,
            }
            self.open = true;
            hear(Said::Opened, now, &mut Voice(&mut self.unsent));
        }
        while let Some((frame, rest)) = next_frame(bytes) {
            bytes = rest;
            match frame.kind {
                Kind::Text => {
                    let said = Said::Text(frame.payload);
                    hear(said, now, &mut Voice(&mut self.unsent));
                }
                Kind::Ping => put_masked(&mut self.unsent, Kind::Pong, frame.payload),
                Kind::Close => return Err(io::Error::other(closed(frame.payload))),
                Kind::Pong | Kind::Other => {}
            }
        }
        Ok(bytes)
    }

    fn flush(&mut self, epoll: &Epoll) -> io::Result<()> {
        let mut sent = 0;
        let mut blocked = false;
        while let Some(rest @ [_, ..]) = self.unsent.get(sent..) {
            match self.stream.write(rest) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    blocked = true;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        self.unsent.drain(..sent);
        if blocked != self.blocked {
            self.blocked = blocked;
            let also = if blocked { Flags::OUT } else { Flags::empty() };
            epoll.change(&self.stream, self.number, Flags::IN | also)?;
        }
        Ok(())
    }
}

fn connecting(server: SocketAddr, number: usize) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    let last = u8::try_from(number % ADDRESSES + 1).unwrap_or(1);
    socket.bind(&SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)).into())?;
    match socket.connect(&server.into()) {
        Err(error)
            if error.raw_os_error() != Some(rustix::io::Errno::INPROGRESS.raw_os_error()) =>
        {
            Err(error)
        }
        _ => Ok(socket.into()),
    }
}

fn closed(payload: &[u8]) -> String {
    match payload.split_first_chunk() {
        Some((code, reason)) => {
            let (code, reason) = (u16::from_be_bytes(*code), String::from_utf8_lossy(reason));
            format!("closed with {code} {reason}")
        }
        None => "closed without a reason".to_owned(),
    }
}
