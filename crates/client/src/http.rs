//! HTTP requests and their responses.

use std::time::Duration;

use protocol::{ErrorCode, Secret};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};
use serde::de::DeserializeOwned;

use crate::call::{Call, Content};
use crate::error::{Code, Problem};
use crate::{Error, tls};

/// How long connecting to the server may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a response may stall. Summaries take their time.
const SILENCE: Duration = Duration::from_mins(1);
/// The maximum size of a response that is held in memory.
const ANSWER_MAX: usize = 32 * 1024 * 1024;
/// The longest pause before a retry, in seconds.
const PAUSE_MAX: u64 = 30;
/// How often a request is attempted.
const ATTEMPTS: u32 = 5;

/// A server to send requests to.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: reqwest::Client,
    base: Url,
}

impl Http {
    pub(crate) fn at(address: &str) -> Result<Self, Error> {
        let base = Url::parse(address).ok();
        let base = base.filter(|url| matches!(url.scheme(), "http" | "https"));
        let base = base.ok_or_else(|| Error::Address(address.to_owned()))?;
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            // Following a redirect would send the token elsewhere.
            .redirect(Policy::none())
            .tls_backend_preconfigured(tls::config(base.scheme() == "https")?)
            .build()
            .map_err(|source| Error::Encryption(source.into()))?;
        Ok(Self { client, base })
    }

    /// The URL of an API path.
    pub(crate) fn url(&self, path: &[String]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut pieces) = url.path_segments_mut() {
            pieces.pop_if_empty().push("api").extend(path);
        }
        url
    }

    /// Sends a request, with retries where these are safe and may help, and parses the response.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        call: &Call,
        token: Option<&Secret>,
    ) -> Result<T, Error> {
        read(self.answer(call, token).await?).await
    }

    /// The same, with the response's body unread.
    pub(crate) async fn answer(
        &self,
        call: &Call,
        token: Option<&Secret>,
    ) -> Result<Response, Error> {
        let mut attempt = 1;
        loop {
            match self.once(call, token).await {
                Err(error) if attempt < ATTEMPTS && may_repeat(call, &error) => {
                    tokio::time::sleep(pause(attempt, &error)).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn once(&self, call: &Call, token: Option<&Secret>) -> Result<Response, Error> {
        let mut url = self.url(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.client.request(call.method.clone(), url);
        request = request.header(ACCEPT, call.accept);
        if let Some(token) = token {
            request = request.bearer_auth(token.reveal());
        }
        request = match &call.content {
            Content::Nothing => request,
            Content::Json(bytes) => request
                .header(CONTENT_TYPE, "application/json")
                .body(bytes.clone()),
            Content::File { name, bytes } => {
                let part = Part::stream_with_length(bytes.clone(), length(bytes.len()));
                request.multipart(Form::new().part("file", part.file_name(name.clone())))
            }
        };
        let response = request.send().await.map_err(unreachable)?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refusal(response).await)
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn unreachable(source: reqwest::Error) -> Error {
    // The URL may contain a password.
    Error::Unreachable(source.without_url().into())
}

async fn refusal(response: Response) -> Error {
    let status = response.status();
    let Ok(body) = whole(response).await else {
        return Error::Stranger(status.as_u16());
    };
    if let Some(problem) = Problem::read(status.as_u16(), &body) {
        return Error::Refused(problem);
    }
    match serde_json::from_slice::<Code>(&body) {
        Ok(Code { code }) => Error::Refused(Problem {
            status: Some(status.as_u16()),
            ..Problem::of(code)
        }),
        Err(_nobody_of_ours) => Error::Stranger(status.as_u16()),
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let body = whole(response).await?;
    serde_json::from_slice(&body).map_err(|source| Error::Unreadable(source.into()))
}

async fn whole(mut response: Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(Error::Unreadable("the response is too long".into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Whether a request may be retried: the server did not act on it, or repeating it does no harm.
fn may_repeat(call: &Call, error: &Error) -> bool {
    let unheard = |source: &(dyn std::error::Error + 'static)| {
        let source = source.downcast_ref::<reqwest::Error>();
        source.is_some_and(reqwest::Error::is_connect)
    };
    if let Error::Unreachable(source) = error {
        return call.repeatable || unheard(source.as_ref());
    }
    call.repeatable && error.is_passing()
}

fn pause(attempt: u32, error: &Error) -> Duration {
    if let Error::Refused(Problem {
        retry_after: Some(seconds),
        ..
    }) = error
    {
        return Duration::from_secs(PAUSE_MAX.min(*seconds));
    }
    Duration::from_millis(100) * 2_u32.saturating_pow(attempt)
}

/// Whether a fresh token may help.
pub(crate) fn wants_token(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(ErrorCode::TokenExpired | ErrorCode::Unauthenticated)
    )
}

/// Whether the session is over.
pub(crate) fn ends_session(error: &Error) -> bool {
    error.code() == Some(ErrorCode::SessionRevoked)
}
