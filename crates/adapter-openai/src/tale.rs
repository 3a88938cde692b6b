//! A summary that is still being received.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_openai::error::OpenAIError;
use domain::port::summariser::{Digest, Piece, Pieces, SummariseError};
use futures::{Stream, StreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

use crate::answer::{SUMMARY, read};
use crate::broken::Broken;
use crate::estimate::tokens;
use crate::event::{Event, Usage};
use crate::filter::Filter;
use crate::sources::Sources;
use crate::teller::Teller;

pub(crate) type Events = Pin<Box<dyn Stream<Item = Result<Event, OpenAIError>> + Send>>;

/// What has to be known of a request while it is answered.
pub(crate) struct PendingRequest {
    pub(crate) maker: String,
    /// The estimated number of tokens sent.
    pub(crate) sent: u64,
    pub(crate) sources: Arc<Sources>,
    /// The deadline of the whole answer.
    pub(crate) until: Instant,
    /// How long to wait for each event.
    pub(crate) patience: Duration,
}

pub(crate) struct Tale {
    request: PendingRequest,
    events: Events,
    /// The answer so far.
    answer: String,
    teller: Teller,
    filter: Filter,
    /// What was passed on of the summary.
    told: String,
    usage: Option<Usage>,
    /// The final summary, once only that is left to send.
    whole: Option<Digest>,
}

impl Tale {
    pub(crate) fn new(request: PendingRequest, events: Events) -> Self {
        Self {
            filter: Filter::new(&request.sources, SUMMARY),
            request,
            events,
            answer: String::new(),
            teller: Teller::new(),
            told: String::new(),
            usage: None,
            whole: None,
        }
    }

    pub(crate) fn into_pieces(self) -> Pieces {
        let steps = stream::try_unfold(Some(self), |tale| async {
            let Some(mut tale) = tale else {
                return Ok(None);
            };
            let piece = tale.next().await?;
            let is_last = matches!(piece, Piece::Done(_));
            Ok(Some((piece, (!is_last).then_some(tale))))
        });
        Box::pin(steps.map(|step: Result<Piece, Broken>| step.map_err(SummariseError::from)))
    }

    async fn next(&mut self) -> Result<Piece, Broken> {
        loop {
            if let Some(whole) = self.whole.take() {
                return Ok(Piece::Done(whole));
            }
            let until = self
                .request
                .until
                .min(Instant::now() + self.request.patience);
            let event = timeout_at(until, self.events.next());
            let words = match event.await.map_err(|_late| Broken::Late)? {
                Some(event) => self.take(event.map_err(Broken::from_library)?)?,
                None => self.finish()?,
            };
            if !words.is_empty() {
                self.told.push_str(&words);
                return Ok(Piece::Delta(words));
            }
        }
    }

    /// Processes an event; returns the text of the summary that it brings.
    fn take(&mut self, event: Event) -> Result<String, Broken> {
        if event.error.is_some() {
            return Err(Broken::CutOff);
        }
        self.usage = event.usage.or(self.usage);
        let mut words = String::new();
        // Only one choice was requested; any further one is ignored.
        for choice in event.choices.into_iter().take(1) {
            let refused = choice.delta.refusal.is_some_and(|it| !it.is_empty());
            if refused || choice.finish_reason.as_deref() == Some("content_filter") {
                return Err(Broken::Unusable);
            }
            let content = choice.delta.content.unwrap_or_default();
            let summary = self.teller.push(&content);
            self.answer.push_str(&content);
            words.push_str(&self.filter.push(&summary));
        }
        Ok(words)
    }

    /// Parses the complete answer; returns the rest of the summary's text that was not passed on yet.
    fn finish(&mut self) -> Result<String, Broken> {
        let (summary, bullets) = match read(&self.answer, &self.request.sources) {
            Ok(answer) => answer,
            // An object that was opened but not closed: the rest is missing, not wrong.
            Err(_) if self.is_open() => return Err(Broken::CutOff),
            Err(broken) => return Err(broken),
        };
        // What was streamed already must be the beginning of the final summary.
        let rest = summary.strip_prefix(&self.told).ok_or(Broken::Unusable)?;
        let rest = rest.to_owned();
        let counted = self.usage.filter(|usage| usage.prompt_tokens > 0);
        self.whole = Some(Digest {
            summary,
            bullets,
            model: self.request.maker.clone(),
            tokens: counted.map_or_else(
                || (self.request.sent, tokens(&self.answer)),
                |usage| (usage.prompt_tokens, usage.completion_tokens),
            ),
        });
        Ok(rest)
    }

    fn is_open(&self) -> bool {
        let text = self.answer.trim_end().trim_end_matches('`').trim_end();
        text.is_empty() || (text.contains('{') && !text.ends_with('}'))
    }
}
