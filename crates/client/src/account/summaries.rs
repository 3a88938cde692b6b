//! Summaries of missed messages.

use protocol::rest::{SummaryQuery, SummarySince};
use protocol::shape::{Summary, SummaryDelta, SummaryFailure};
use reqwest::Response;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Account;
use crate::call::{Call, path};
use crate::sse::{Pieces, Sent};
use crate::{Error, Problem};

/// Part of a summary's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SummaryPiece {
    /// The next part of the text, while it is being generated.
    Part(String),
    /// The whole summary, which replaces the parts and ends the stream.
    Whole(Summary),
}

/// A summary that is streamed while it is being generated.
#[derive(Debug)]
pub struct SummaryStream {
    response: Response,
    pieces: Pieces,
}

impl Account {
    /// A summary of what was missed, in one response.
    pub async fn summary(&self, room: Uuid, ask: SummaryQuery) -> Result<Summary, Error> {
        self.ask(call(room, ask)).await
    }

    /// A summary of what was missed, streamed while it is being generated.
    pub async fn summary_stream(
        &self,
        room: Uuid,
        ask: SummaryQuery,
    ) -> Result<SummaryStream, Error> {
        let response = self
            .answer(call(room, ask).accepting("text/event-stream"))
            .await?;
        Ok(SummaryStream {
            response,
            pieces: Pieces::default(),
        })
    }
}

fn call(room: Uuid, ask: SummaryQuery) -> Call {
    let since = match ask.since {
        SummarySince::Read => "read".to_owned(),
        SummarySince::Join => "join".to_owned(),
        SummarySince::Place(seq) => seq.to_string(),
    };
    Call::get(path([&"rooms", &room, &"summary"]))
        .about("since", Some(since))
        .about("style", Some(ask.style))
}

impl SummaryStream {
    /// The next piece; `None` after the whole summary.
    pub async fn next(&mut self) -> Result<Option<SummaryPiece>, Error> {
        loop {
            if let Some(piece) = self.pieces.next().map(|sent| told(&sent)) {
                return piece.map(Some);
            }
            let chunk = self.response.chunk().await;
            let chunk = chunk.map_err(|source| Error::Unreachable(source.without_url().into()));
            match chunk? {
                Some(bytes) => self.pieces.add(&bytes)?,
                None => return Ok(None),
            }
        }
    }
}

/// Parses an event. An unknown event of a newer server becomes an empty part.
fn told(sent: &Sent) -> Result<SummaryPiece, Error> {
    match sent.name.as_str() {
        "delta" => Ok(SummaryPiece::Part(read::<SummaryDelta>(&sent.data)?.text)),
        "done" => Ok(SummaryPiece::Whole(read(&sent.data)?)),
        "error" => Err(Problem::of(read::<SummaryFailure>(&sent.data)?.code).into()),
        _ => Ok(SummaryPiece::Part(String::new())),
    }
}

fn read<T: DeserializeOwned>(data: &str) -> Result<T, Error> {
    serde_json::from_str(data).map_err(|source| Error::Unreadable(source.into()))
}
