//! The summariser.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_openai::Client;
use async_trait::async_trait;
use domain::port::Summariser;
use domain::port::summariser::{Digest, Material, Piece, Pieces, SummariseError, Telling};
use futures::stream;
use tokio::time::{Instant, timeout_at};

use crate::address::Address;
use crate::broken::Broken;
use crate::client::client;
use crate::estimate::tokens;
use crate::prompt::{SYSTEM, VERSION, data, split};
use crate::question::{Form, Question};
use crate::sources::Sources;
use crate::tale::{Events, PendingRequest, Tale};
use crate::{OpenAiOptions, OpenError};

/// Asks a language model.
pub struct OpenAi {
    client: Client<Address>,
    model: String,
    maker: String,
    timeout: Duration,
    patience: Duration,
    context_tokens: u64,
    answer_tokens: u32,
    /// The form to start with: the best one that the server has not rejected.
    form: Mutex<Form>,
}

impl OpenAi {
    /// Checks the options. Nothing is sent yet.
    pub fn new(options: OpenAiOptions) -> Result<Self, OpenError> {
        if options.model.trim().is_empty() {
            return Err(OpenError::Model);
        }
        Ok(Self {
            client: client(&options)?,
            maker: format!("{}/{VERSION}", options.model),
            model: options.model,
            timeout: options.timeout,
            patience: options.first_byte_timeout,
            context_tokens: options.context_tokens,
            answer_tokens: options.answer_tokens,
            form: Mutex::new(Form::Schema),
        })
    }

    /// Sends the request in the best form that the server accepts.
    async fn ask(&self, data: &str) -> Result<Events, Broken> {
        let mut form = self.known_form();
        loop {
            let question = Question::new(&self.model, SYSTEM, data, self.answer_tokens, form);
            let chat = self.client.chat();
            let refused = match chat.create_stream_byot(&question).await {
                Ok(events) => {
                    self.learn(form);
                    return Ok(events);
                }
                Err(error) => Broken::from_library(error),
            };
            form = match (&refused, form.simpler()) {
                (Broken::Form { .. }, Some(simpler)) => simpler,
                _ => return Err(refused),
            };
        }
    }

    fn known_form(&self) -> Form {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, form: Form) {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner) = form;
    }

    fn nothing(&self) -> Digest {
        Digest {
            summary: String::new(),
            bullets: Vec::new(),
            model: self.maker.clone(),
            tokens: (0, 0),
        }
    }
}

#[async_trait]
impl Summariser for OpenAi {
    fn maker(&self) -> &str {
        &self.maker
    }

    async fn summarise(
        &self,
        material: &Material,
        telling: &Telling,
    ) -> Result<Pieces, SummariseError> {
        let (parts, lines) = split(material);
        if parts.is_empty() && lines.is_empty() {
            let nothing = Ok(Piece::Done(self.nothing()));
            return Ok(Box::pin(stream::iter([nothing])));
        }
        let data = data(material, telling).ok_or(Broken::Unasked)?;
        let sent = tokens(SYSTEM).saturating_add(tokens(&data));
        if sent.saturating_add(self.answer_tokens.into()) > self.context_tokens {
            return Err(SummariseError::TooLong);
        }
        let until = Instant::now() + self.timeout;
        let events = timeout_at(until, self.ask(&data)).await;
        let events = events.map_err(|_late| Broken::Late)??;
        let request = PendingRequest {
            maker: self.maker.clone(),
            sent,
            sources: Arc::new(Sources::of(material)),
            until,
            patience: self.patience,
        };
        Ok(Tale::new(request, events).into_pieces())
    }
}
