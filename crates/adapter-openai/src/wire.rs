//! One HTTP call: within a time limit, retried at most once, and with errors that contain no secret.
//!
//! It sits below the library, because only here are the headers that say when to retry, and because the
//! library would log verbatim what it cannot parse.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::middleware::HttpRequestFactory;
use domain::BoxError;
use futures::StreamExt as _;
use reqwest::Response;
use serde::Deserialize;
use tokio::time::{Instant, sleep, timeout};
use tower_service::Service;

use crate::broken::Broken;
use crate::guard::guarded;
use crate::{OpenAiOptions, retry};

/// How many bytes of an error response are read.
const REFUSAL: usize = 64 * 1024;

#[derive(Clone)]
pub(crate) struct Wire {
    http: reqwest::Client,
    patience: Duration,
    whole: Duration,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;

impl Wire {
    pub(crate) fn new(http: reqwest::Client, options: &OpenAiOptions) -> Self {
        Self {
            http,
            patience: options.first_byte_timeout,
            whole: options.timeout,
        }
    }

    /// Sends the request, and retries it once if the server indicates that this may help and there is
    /// time.
    async fn send(&self, request: &HttpRequestFactory) -> Result<Response, BoxError> {
        let until = Instant::now() + self.whole;
        let (refusal, wait) = match self.once(request).await? {
            Sent::Answered(response) => return Ok(response),
            Sent::Refused(refusal, wait) => (refusal, wait),
        };
        let left = until.saturating_duration_since(Instant::now());
        let Some(wait) = wait.filter(|wait| *wait < left) else {
            return Err(refusal.into());
        };
        sleep(wait).await;
        match self.once(request).await? {
            Sent::Answered(response) => Ok(response),
            Sent::Refused(refusal, _) => Err(refusal.into()),
        }
    }

    async fn once(&self, request: &HttpRequestFactory) -> Result<Sent, BoxError> {
        let request = request.build().await?;
        let response = match timeout(self.patience, self.http.execute(request)).await {
            Err(_late) => return Err(Broken::Late.into()),
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_timeout() => return Err(Broken::Late.into()),
            Ok(Err(error)) => {
                // A kept-alive connection that the server has closed ends like this, and a new one may
                // succeed.
                let broken = Broken::Unreachable(error.without_url());
                return Ok(Sent::Refused(broken, Some(Duration::ZERO)));
            }
        };
        if response.status().is_success() {
            return Ok(Sent::Answered(guarded(response)));
        }
        let status = response.status().as_u16();
        let wait = retry::after(status, response.headers());
        let refusal = timeout(self.patience, refusal(response)).await;
        let code = refusal.ok().flatten().unwrap_or_default();
        // A monthly quota that is used up does not come back in a moment.
        let wait = wait.filter(|_| code != "insufficient_quota");
        Ok(Sent::Refused(broken(status, code), wait))
    }
}

enum Sent {
    Answered(Response),
    /// Why, and how long to wait before a retry, if at all.
    Refused(Broken, Option<Duration>),
}

fn broken(status: u16, code: String) -> Broken {
    match status {
        _ if code == "context_length_exceeded" => Broken::TooLong,
        413 => Broken::TooLong,
        400 | 422 => Broken::Form { status, code },
        _ => Broken::Status { status, code },
    }
}

#[derive(Deserialize)]
struct Wrapped {
    error: Named,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    code: serde_json::Value,
    #[serde(default)]
    r#type: serde_json::Value,
}

/// The server's code for its error and nothing else, since its message may repeat what it was sent.
async fn refusal(response: Response) -> Option<String> {
    let mut read = Vec::new();
    let mut body = response.bytes_stream();
    while let Some(Ok(bytes)) = body.next().await {
        read.extend_from_slice(&bytes);
        if read.len() > REFUSAL {
            return None;
        }
    }
    let wrapped: Wrapped = serde_json::from_slice(&read).ok()?;
    let Named { code, r#type } = wrapped.error;
    let name = code.as_str().or_else(|| r#type.as_str())?;
    let is_name = |it: char| it.is_ascii_lowercase() || it == '_';
    (name.len() <= 64 && name.chars().all(is_name)).then(|| name.to_owned())
}

impl Service<HttpRequestFactory> for Wire {
    type Response = Response;
    type Error = BoxError;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Answer {
        let wire = self.clone();
        Box::pin(async move { wire.send(&request).await })
    }
}
