//! Streams a summary of what a client missed, piece by piece.

use std::rc::Rc;

use domain::RoomId;
use protocol::realtime::{Ack, ServerFrame};
use protocol::rest::SummaryQuery;
use protocol::{ErrorCode, FieldCode, FieldError, shape};

use super::session::Session;
use crate::error::ApiError;
use crate::live::{Next, Telling};
use crate::translate;

/// How many summaries a connection may wait for at once.
const MOST: u32 = 2;

/// Streams a summary, and answers. Other commands run in the meantime.
pub(super) async fn tell(session: Rc<Session>, id: Option<u64>, room: RoomId, form: SummaryQuery) {
    let told = match id {
        Some(id) => told(&session, id, room, form).await,
        None => Err(nameless()),
    };
    match told {
        Ok(summary) => session.acknowledge(id, Ack::Summary { summary }),
        Err(error) => session.refuse(id, &error),
    }
}

async fn told(
    session: &Rc<Session>,
    id: u64,
    room: RoomId,
    form: SummaryQuery,
) -> Result<shape::Summary, ApiError> {
    let _place = session.summary_place(MOST).ok_or_else(too_many)?;
    let use_cases = &session.peer.worker.sockets.use_cases;
    let ask = translate::ask(form);
    let caller = session.peer.caller();
    let opened = use_cases.summarise.open(&caller, room, ask).await?;
    let mut telling = Telling::begin(use_cases, opened);
    loop {
        match telling.next().await {
            // The ack has the complete text, so a client that is behind is spared the pieces.
            Some(Next::Piece(_)) if session.peer.connection.is_crowded() => (),
            Some(Next::Piece(text)) => session.send(&ServerFrame::SummaryPart {
                id,
                room_id: room.as_uuid(),
                text,
            }),
            Some(Next::End(view)) => return Ok(translate::summary(view?)),
            None => return Err(ApiError::new(ErrorCode::Internal, "the summary was lost")),
        }
    }
}

/// Without an id, answers could not be matched to requests.
fn nameless() -> ApiError {
    let missing = FieldError {
        field: "id".to_owned(),
        code: FieldCode::Required,
        message: "is required".to_owned(),
    };
    ApiError::new(ErrorCode::Invalid, "some fields are not acceptable").about(vec![missing])
}

fn too_many() -> ApiError {
    let waiting = "this connection waits for two summaries already";
    ApiError::new(ErrorCode::TooMany, waiting)
}
