//! Handles the server's responses to commands: passes them to the callers that wait, and schedules
//! retries of what was refused temporarily.

use std::time::{Duration, Instant};

use protocol::ErrorCode;
use protocol::realtime::{Ack, Subscribed};
use uuid::Uuid;

use super::places::Answer;
use super::questions::Purpose;
use super::talk::Talk;
use super::{Event, Gone};
use crate::Error;

/// After how long to retry what was refused temporarily, if the server does not say.
const LATER: Duration = Duration::from_secs(1);

impl Talk {
    pub(super) fn answered(&mut self, id: u64, answer: Result<Ack, Error>, now: Instant) {
        let Some(purpose) = self.questions.take(id) else {
            return;
        };
        match purpose {
            // The caller may have stopped waiting.
            Purpose::Asked { reply, .. } => drop(reply.send(answer)),
            Purpose::Nothing => {}
            Purpose::Post(client_id) => self.posted(client_id, answer, now),
            Purpose::Subscribe => self.subscribed(id, answer, now),
        }
    }

    fn posted(&mut self, client_id: Uuid, answer: Result<Ack, Error>, now: Instant) {
        let answer = match answer {
            Ok(Ack::Message { message }) => Ok(message),
            Ok(_) => Err(unfit()),
            Err(error) => match again(&error) {
                Some(pause) => return self.outbox.put_off(client_id, now + pause),
                None => Err(error),
            },
        };
        self.outbox.settle(client_id, answer);
    }

    fn subscribed(&mut self, question: u64, answer: Result<Ack, Error>, now: Instant) {
        let rooms = match answer {
            Ok(Ack::Subscribed { rooms }) => rooms,
            // The program did not cause this, and without its rooms it would get no events.
            Ok(_) => return self.places.refused(question, now + LATER),
            Err(error) => {
                let pause = again(&error).unwrap_or(LATER);
                return self.places.refused(question, now + pause);
            }
        };
        for (room, told) in rooms {
            self.stands(question, room, &told, now);
        }
    }

    fn stands(&mut self, question: u64, room: Uuid, told: &Subscribed, now: Instant) {
        match self.places.answered(question, room, told, now + LATER) {
            Answer::Nothing => {}
            Answer::Refused(code) => self.gone(room, Gone::Refused(code)),
            Answer::Live { stand, stood } => {
                self.teller.tell(if stand.reset {
                    Event::Reset {
                        room,
                        rev: stand.rev,
                        stood,
                    }
                } else {
                    Event::Resumed { room, stand }
                });
                for reply in self.waiting.remove(&room).unwrap_or_default() {
                    drop(reply.send(Ok(stand)));
                }
            }
        }
    }
}

/// After how long a retry may succeed, if at all.
fn again(error: &Error) -> Option<Duration> {
    let Error::Refused(problem) = error else {
        return None;
    };
    let passes = problem.is_passing() || problem.code == ErrorCode::RateLimited;
    passes.then(|| problem.retry_after.map_or(LATER, Duration::from_secs))
}

/// The server sent a response that does not fit the request.
pub(super) fn unfit() -> Error {
    Error::Unreadable("the response does not fit the request".into())
}
