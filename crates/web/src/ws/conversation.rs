//! The exchange between a client and the server over one socket.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason};
use domain::{Rev, RoomId};
use protocol::ErrorCode;
use protocol::limits::HEARTBEAT_SECONDS;
use protocol::realtime::{ClientFrame, CloseCode, Command, FrameError, ServerFrame, read_frame};
use realtime::Ending;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument as _;

use super::session::Session;
use super::socket::{end_of, linger};
use super::{commands, summaries};
use crate::error::ApiError;
use crate::live::{self, InFlight, LAST_WORD, Rate, Verdict, Work, resume, wire};
use crate::span;
use crate::tasks::{self, Task};

/// The name of this kind of socket in spans.
const DOOR: &str = "websocket";
/// How often the client is pinged.
const HEARTBEAT: Duration = Duration::from_secs(HEARTBEAT_SECONDS);
/// How many pings in a row it may leave unanswered.
const MOST_MISSED: u32 = 2;
/// How long a close waits for running commands when the node shuts down, and there is time.
const LAST_WORD_AT_STOP: Duration = Duration::from_secs(5);
/// The span over which clients of a stopping node are to reconnect.
const BACK: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(3));

/// How a socket ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The server closes it.
    Closed(CloseCode),
    /// The client closed it.
    Left(Option<CloseReason>),
    /// The connection is broken.
    Gone,
}

/// A job that is done for a client, in its turn.
enum Job {
    Command(ClientFrame),
    /// Bring the client up to date in these rooms.
    Resume(Vec<RoomId>),
    /// The user has stopped typing in these rooms.
    Silence(Vec<RoomId>),
}

impl live::Job for Job {
    fn is_send(&self) -> bool {
        let Self::Command(frame) = self else {
            return false;
        };
        matches!(frame.command, Command::Send { .. })
    }

    fn is_noticed(&self) -> bool {
        let Self::Command(frame) = self else {
            return false;
        };
        match frame.command {
            Command::Send { .. }
            | Command::Edit { .. }
            | Command::Delete { .. }
            | Command::React(_)
            | Command::Read { .. }
            | Command::Delivered { .. } => true,
            Command::Auth { .. }
            | Command::Subscribe(_)
            | Command::Unsubscribe { .. }
            | Command::Typing { .. }
            | Command::Presence { .. }
            | Command::Summary { .. }
            | Command::Ping => false,
        }
    }
}

/// The exchange between a client and the server over one socket.
pub(super) struct Conversation {
    session: Rc<Session>,
    work: Work<Job>,
    rate: Rate,
    next_ping: Instant,
    missed: u32,
}

impl Conversation {
    /// `rate` has counted the frames that the client sent before.
    pub(super) fn new(session: Rc<Session>, rate: Rate) -> Self {
        Self {
            rate,
            session,
            work: Work::new(),
            next_ping: Instant::now() + HEARTBEAT,
            missed: 0,
        }
    }

    /// Runs until either side ends it.
    pub(super) async fn run(&mut self, stream: &mut AggregatedMessageStream) -> End {
        let mut alarm = pin!(sleep_until(self.due()));
        loop {
            if let Some(code) = self.session.closing() {
                return End::Closed(code);
            }
            let session = &self.session;
            self.work
                .start_next(&session.peer.sends, |job| start(session, job));
            let due = self.due();
            if alarm.deadline() != due {
                alarm.as_mut().reset(due);
            }
            let crowded = self.session.peer.connection.is_crowded();
            let reads = !crowded && self.work.has_capacity();
            if !reads {
                // What the client answers is not heard, so it is not missed either.
                self.missed = 0;
            }
            let end = tokio::select! {
                message = stream.recv(), if reads => self.hear(message),
                () = self.work.done() => None,
                () = self.session.peer.sends.moved() => None,
                () = self.session.peer.connection.signalled() => self.look(),
                () = self.session.peer.connection.has_capacity(), if crowded => None,
                () = alarm.as_mut() => self.tick(),
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Ends the socket, and cleans up after it.
    pub(super) async fn finish(mut self, end: End, stream: &mut AggregatedMessageStream) {
        let session = Rc::clone(&self.session);
        let (connection, shard) = (&session.peer.connection, &session.peer.worker.shard);
        if end == End::Closed(CloseCode::Slow) || end == End::Gone {
            connection.give_up();
        }
        if end == End::Gone {
            // Nobody reads what is still sent to it, and nothing waits for room in its queue.
            connection.close();
        }
        let (work, peer, sends) = (&mut self.work, &session.peer, &session.peer.sends);
        match end {
            End::Closed(CloseCode::Shutdown) => work.last_word(sends, LAST_WORD_AT_STOP).await,
            End::Closed(_) => work.last_word(sends, LAST_WORD).await,
            End::Left(_) | End::Gone => work.farewell(peer, |job| start(&session, job)).await,
        }
        shard.disconnect(connection);
        match end {
            End::Closed(code) => {
                connection.send(wire::close(code));
                linger(stream).await;
            }
            End::Left(reason) => {
                let code = reason.map_or(1000, |reason| u16::from(reason.code));
                connection.send(wire::closing(code, ""));
            }
            End::Gone => (),
        }
        connection.close();
        session.peer.leave().await;
    }

    fn hear(
        &mut self,
        message: Option<Result<AggregatedMessage, actix_ws::ProtocolError>>,
    ) -> Option<End> {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Some(end_of(&error)),
            None => return Some(End::Gone),
        };
        self.missed = 0;
        match message {
            AggregatedMessage::Text(text) => self.read(&text),
            AggregatedMessage::Binary(_) => Some(End::Closed(CloseCode::Breach)),
            AggregatedMessage::Ping(payload) => {
                match self.rate.count(Instant::now()) {
                    Verdict::Fine => self.session.peer.connection.send(wire::pong(&payload)),
                    Verdict::Over(_) => (),
                    Verdict::Flood => return Some(End::Closed(CloseCode::TooManyFrames)),
                }
                None
            }
            AggregatedMessage::Pong(_) => None,
            AggregatedMessage::Close(reason) => Some(End::Left(reason)),
        }
    }

    fn read(&mut self, text: &str) -> Option<End> {
        let verdict = self.rate.count(Instant::now());
        if verdict == Verdict::Flood {
            return Some(End::Closed(CloseCode::TooManyFrames));
        }
        let frame = read_frame(text);
        let id = match &frame {
            Ok(frame) => frame.id,
            Err(FrameError::Invalid { id, .. }) => *id,
            Err(FrameError::Breach) => return Some(End::Closed(CloseCode::Breach)),
        };
        if let Verdict::Over(rest) = verdict {
            let error = ApiError::new(
                ErrorCode::RateLimited,
                "too many frames in a short time: try again later",
            );
            self.session.refuse(id, &error.again_after(rest));
            return None;
        }
        match frame {
            Ok(frame) if frame.command == Command::Ping => {
                self.session.send(&ServerFrame::Pong { id });
            }
            Ok(frame) => self.work.take_on(Job::Command(frame)),
            Err(FrameError::Invalid { errors, .. }) => {
                let error = ApiError::new(ErrorCode::Invalid, "some fields are not acceptable");
                self.session.refuse(id, &error.about(errors));
            }
            Err(FrameError::Breach) => (),
        }
        None
    }

    /// Handles what the hub has signalled to this connection.
    fn look(&mut self) -> Option<End> {
        let session = &self.session;
        match session.peer.connection.ending() {
            Some(Ending::Slow) => return Some(End::Closed(CloseCode::Slow)),
            Some(Ending::SessionEnded) => {
                session.send(&ServerFrame::SessionRevoked);
                return Some(End::Closed(CloseCode::SessionRevoked));
            }
            Some(Ending::Restart) => {
                let (least, most) = BACK;
                let span = session.peer.worker.span(least, most).as_millis();
                let reconnect_in = u64::try_from(span).unwrap_or(u64::MAX);
                session.send(&ServerFrame::Shutdown { reconnect_in });
                return Some(End::Closed(CloseCode::Shutdown));
            }
            None => (),
        }
        let fallen = session.peer.connection.fallen();
        if !fallen.is_empty() {
            let rooms = fallen.into_iter().map(RoomId::as_uuid).collect();
            session.send(&ServerFrame::Lagging { rooms });
        }
        let back = session.peer.connection.returns();
        self.work.take_on_if_any(back, Job::Resume);
        None
    }

    fn tick(&mut self) -> Option<End> {
        let now = Instant::now();
        if now >= self.next_ping {
            if self.missed >= MOST_MISSED {
                return Some(End::Gone);
            }
            self.missed += 1;
            self.next_ping = now + HEARTBEAT;
            self.session.peer.connection.send(wire::ping());
        }
        let peer = &self.session.peer;
        if peer.has_stalled(now) {
            return Some(End::Closed(CloseCode::Slow));
        }
        self.session.look_at_token(now);
        let (silent, unfinished) = (peer.fallen_silent(now), peer.unfinished(now));
        self.work.take_on_if_any(silent, Job::Silence);
        self.work.take_on_if_any(unfinished, Job::Resume);
        None
    }

    fn due(&self) -> Instant {
        self.next_ping.min(self.session.due(Instant::now()))
    }
}

/// Brings the client up to date in rooms in which it fell behind.
async fn bring_up(session: Rc<Session>, rooms: Vec<RoomId>) {
    let back = |room: RoomId, rev: Rev, reset| {
        session.send(&ServerFrame::Resumed {
            room_id: room.as_uuid(),
            rev: rev.get(),
            reset,
        });
    };
    resume(&session.peer, rooms, back).await;
}

/// Starts a job.
fn start(session: &Rc<Session>, job: Job) -> Option<Task<()>> {
    let session = Rc::clone(session);
    match job {
        Job::Command(ClientFrame {
            command: Command::Send { room_id, message },
            id,
        }) => {
            let in_flight = InFlight::begin(&session.peer);
            let room = RoomId::from_uuid(room_id);
            let posting = commands::send(session, in_flight, id, room, message);
            tasks::spawn(posting.instrument(span::of_frame(DOOR, "send")));
            None
        }
        Job::Command(ClientFrame {
            command: Command::Summary { room_id, ask },
            id,
        }) => {
            let room = RoomId::from_uuid(room_id);
            let telling = summaries::tell(session, id, room, ask);
            tasks::spawn(telling.instrument(span::of_frame(DOOR, "summary")));
            None
        }
        Job::Command(frame) => {
            let span = span::of_frame(DOOR, frame.command.name());
            Some(tasks::spawn(commands::run(session, frame).instrument(span)))
        }
        Job::Resume(rooms) => Some(tasks::spawn(bring_up(session, rooms))),
        Job::Silence(rooms) => Some(tasks::spawn(
            async move { session.peer.silence(rooms).await },
        )),
    }
}
