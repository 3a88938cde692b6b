//! A loop that relays what one client sends to all others.
//!
//! It has one thread, no queues but the sockets' own buffers, and does not allocate for clients that keep up.
//! Everything that can be read at once becomes a single write to each of the others.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use crate::wire::{ACCEPT, Epoll, Flags, Kind, next_frame, put_header, unmasked};

const LISTENER: usize = usize::MAX;
const BUFFER: usize = 256 * 1024;

/// Serves until it is killed.
pub(crate) fn serve(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let mut server = Loop {
        epoll: Epoll::new()?,
        seats: Vec::new(),
        buffer: vec![0; BUFFER],
        frames: Vec::new(),
    };
    server.epoll.watch(&listener, LISTENER, Flags::IN)?;
    let mut ready = Vec::new();
    loop {
        server.epoll.wait(Duration::from_secs(1), &mut ready)?;
        for &(number, flags) in &ready {
            if number == LISTENER {
                server.accept(&listener)?;
            } else if server.attend(number, flags).is_err()
                && let Some(place) = server.seats.get_mut(number)
            {
                *place = None;
            }
        }
    }
}

struct Loop {
    epoll: Epoll,
    seats: Vec<Option<Seat>>,
    buffer: Vec<u8>,
    /// The complete frames that are written to all clients.
    frames: Vec<u8>,
}

struct Seat {
    stream: TcpStream,
    open: bool,
    joined: bool,
    unread: Vec<u8>,
    unsent: Vec<u8>,
    /// Whether the send buffer is full, so that some bytes are unsent.
    blocked: bool,
}

impl Loop {
    fn accept(&mut self, listener: &TcpListener) -> io::Result<()> {
        loop {
            let stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            self.epoll.watch(&stream, self.seats.len(), Flags::IN)?;
            self.seats.push(Some(Seat {
                stream,
                open: false,
                joined: false,
                unread: Vec::new(),
                unsent: Vec::new(),
                blocked: false,
            }));
        }
    }

    fn attend(&mut self, number: usize, flags: Flags) -> io::Result<()> {
        self.frames.clear();
        let Some(seat) = self.seats.get_mut(number).and_then(Option::as_mut) else {
            return Ok(());
        };
        if flags.contains(Flags::OUT) {
            seat.write(&[], &self.epoll, number)?;
        }
        if flags.intersects(Flags::IN | Flags::HUP | Flags::ERR) {
            seat.read(&mut self.buffer, &mut self.frames)?;
            seat.write(&[], &self.epoll, number)?;
        }
        if !self.frames.is_empty() {
            self.broadcast();
        }
        Ok(())
    }

    fn broadcast(&mut self) {
        for (number, place) in self.seats.iter_mut().enumerate() {
            let Some(seat) = place.as_mut().filter(|seat| seat.joined) else {
                continue;
            };
            if seat.write(&self.frames, &self.epoll, number).is_err() {
                *place = None;
            }
        }
    }
}

impl Seat {
    fn read(&mut self, buffer: &mut [u8], frames: &mut Vec<u8>) -> io::Result<()> {
        match self.stream.read(buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => self.unread.extend(buffer.iter().take(count)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
        if !self.open {
            if !self.unread.ends_with(b"\r\n\r\n") {
                return Ok(());
            }
            self.unread.clear();
            self.open = true;
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
            );
            self.unsent.extend(answer.as_bytes());
        }
        let mut bytes = self.unread.as_slice();
        while let Some((frame, rest)) = next_frame(bytes) {
            bytes = rest;
            if frame.kind != Kind::Text {
                continue;
            }
            let mask = frame.mask.unwrap_or_default();
            if unmasked(frame.payload, mask).eq(*b"join") {
                self.joined = true;
                put_header(&mut self.unsent, Kind::Text, 6, false);
                self.unsent.extend(b"joined");
            } else {
                put_header(frames, Kind::Text, frame.payload.len(), false);
                frames.extend(unmasked(frame.payload, mask));
            }
        }
        let rest = bytes.len();
        self.unread.drain(..self.unread.len() - rest);
        Ok(())
    }

    /// Writes what was left over, and then this. What does not fit into the send buffer is kept.
    fn write(&mut self, bytes: &[u8], epoll: &Epoll, number: usize) -> io::Result<()> {
        if self.unsent.is_empty() {
            let sent = write_all_there_is_room_for(&mut self.stream, bytes)?;
            let rest = bytes.get(sent..).unwrap_or_default();
            self.unsent.extend_from_slice(rest);
        } else {
            self.unsent.extend_from_slice(bytes);
            let sent = write_all_there_is_room_for(&mut self.stream, &self.unsent)?;
            self.unsent.drain(..sent);
        }
        let blocked = !self.unsent.is_empty();
        if blocked != self.blocked {
            self.blocked = blocked;
            let also = if blocked { Flags::OUT } else { Flags::empty() };
            epoll.change(&self.stream, number, Flags::IN | also)?;
        }
        Ok(())
    }
}

fn write_all_there_is_room_for(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut sent = 0;
    while let Some(rest @ [_, ..]) = bytes.get(sent..) {
        match stream.write(rest) {
            Ok(count) => sent += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
