//! Request bodies, queries, and the ids in paths.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::rt::time::timeout;
use actix_web::{FromRequest, HttpRequest};
use bytes::{Bytes, BytesMut};
use domain::Id;
use futures::StreamExt as _;
use futures::future::LocalBoxFuture;
use protocol::limits::BODY_BYTES;
use protocol::{ErrorCode, Query, Request};

use crate::error::ApiError;

/// How much of an oversized body is read and discarded. Responding while the client is still
/// sending would reset its connection before it could read the reason.
const MAX_DRAINED: usize = 32 * 1024 * 1024;
/// How long a body may take to arrive. A client that sends a byte a minute would otherwise hold a
/// connection forever.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request body as it arrived. Extracting it never fails, so that a client without a valid token
/// gets a 401 whatever it sent.
pub(crate) struct Body(Result<Bytes, ApiError>);

impl Body {
    /// Parses the body as a request.
    pub(crate) fn read<T: Request>(self) -> Result<T, ApiError> {
        Ok(protocol::read(&self.0?)?)
    }
}

impl FromRequest for Body {
    type Error = Infallible;
    type Future = LocalBoxFuture<'static, Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let announced = announced(request);
        let payload = payload.take();
        Box::pin(async move { Ok(Self(taken(payload, announced, is_json).await)) })
    }
}

/// Whether the headers declare uncompressed JSON, or do not declare anything.
fn is_json(request: &HttpRequest) -> bool {
    let told = |name| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap_or_default().to_ascii_lowercase())
    };
    let plain = told(CONTENT_ENCODING).is_none_or(|encoding| encoding.trim() == "identity");
    let json = told(CONTENT_TYPE).is_none_or(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence.ends_with("+json")
    });
    plain && json
}

fn announced(request: &HttpRequest) -> Option<usize> {
    let length = request.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

async fn taken(
    payload: Payload,
    announced: Option<usize>,
    is_json: bool,
) -> Result<Bytes, ApiError> {
    if announced.is_some_and(|length| length > MAX_DRAINED) {
        return Err(too_large());
    }
    let (body, size) = timeout(PATIENCE, gathered(payload))
        .await
        .map_err(|_elapsed| malformed("the body took too long to arrive"))??;
    if size > 0 && !is_json {
        return Err(ApiError::new(
            ErrorCode::UnsupportedMediaType,
            "send the body as application/json",
        ));
    }
    if size > BODY_BYTES {
        return Err(too_large());
    }
    Ok(body)
}

/// Reads the body, keeping at most the permitted size, and returns its full size with it.
async fn gathered(mut payload: Payload) -> Result<(Bytes, usize), ApiError> {
    let mut body = BytesMut::new();
    let mut size: usize = 0;
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_broken| malformed("the body ended before it was complete"))?;
        size = size.saturating_add(piece.len());
        if size > MAX_DRAINED {
            break;
        }
        if size <= BODY_BYTES {
            body.extend_from_slice(&piece);
        }
    }
    Ok((body.freeze(), size))
}

fn malformed(detail: &'static str) -> ApiError {
    ApiError::new(ErrorCode::Malformed, detail)
}

fn too_large() -> ApiError {
    ApiError::new(
        ErrorCode::TooLarge,
        format!("the body may have at most {BODY_BYTES} bytes"),
    )
}

/// Parses the query string.
pub(crate) fn query<T: Query>(request: &HttpRequest) -> Result<T, ApiError> {
    Ok(protocol::read_query(request.query_string())?)
}

/// A segment of the path.
pub(crate) fn piece<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.match_info().get(name).unwrap_or_default()
}

/// An id in the path. A segment that is not an id is not found.
pub(crate) fn path_id<T: Id>(request: &HttpRequest, name: &str) -> Result<T, ApiError> {
    protocol::parse_id(piece(request, name))
        .map(T::from_uuid)
        .ok_or_else(ApiError::not_found)
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use actix_web::error::PayloadError;
    use actix_web::test::TestRequest;
    use futures::stream;

    use super::*;

    fn payload(pieces: Vec<Result<Bytes, PayloadError>>) -> Payload {
        let stream: Pin<Box<dyn futures::Stream<Item = _>>> = Box::pin(stream::iter(pieces));
        Payload::from(stream)
    }

    fn sized(size: usize) -> Payload {
        let piece = Bytes::from(vec![b' '; 64 * 1024]);
        let pieces = size / piece.len();
        payload((0..pieces).map(|_| Ok(piece.clone())).collect())
    }

    async fn code(payload: Payload, announced: Option<usize>, is_json: bool) -> Option<ErrorCode> {
        let taken = taken(payload, announced, is_json).await;
        taken.err().map(|error| error.code())
    }

    #[actix_web::test]
    async fn a_body_has_a_bound_whether_announced_or_not() {
        assert_eq!(code(sized(BODY_BYTES), None, true).await, None);
        let larger = BODY_BYTES + 64 * 1024;
        let too_large = Some(ErrorCode::TooLarge);
        assert_eq!(code(sized(larger), None, true).await, too_large);
        assert_eq!(code(sized(larger), Some(larger), true).await, too_large);
        assert_eq!(code(sized(0), Some(usize::MAX), true).await, too_large);
        assert_eq!(
            code(sized(MAX_DRAINED + 64 * 1024), None, true).await,
            too_large
        );
    }

    #[actix_web::test]
    async fn a_body_of_another_type_is_not_read_and_none_is_of_no_type() {
        let other = Some(ErrorCode::UnsupportedMediaType);
        assert_eq!(code(sized(64 * 1024), None, false).await, other);
        assert_eq!(code(sized(0), None, false).await, None);
    }

    #[actix_web::test]
    async fn a_broken_body_is_malformed() {
        let pieces = vec![
            Ok(Bytes::from_static(b"{")),
            Err(PayloadError::Incomplete(None)),
        ];
        let broken = code(payload(pieces), None, true).await;
        assert_eq!(broken, Some(ErrorCode::Malformed));
    }

    #[test]
    fn json_is_told_by_its_type() {
        let request = |headers: &[(&str, &str)]| {
            let start = TestRequest::default();
            let filled = headers
                .iter()
                .fold(start, |request, header| request.insert_header(*header));
            is_json(&filled.to_http_request())
        };
        assert!(request(&[]));
        assert!(request(&[("content-type", "application/json")]));
        assert!(request(&[(
            "content-type",
            "Application/JSON; charset=utf-8"
        )]));
        assert!(request(&[("content-type", "application/merge-patch+json")]));
        assert!(!request(&[("content-type", "text/plain")]));
        assert!(!request(&[(
            "content-type",
            "application/x-www-form-urlencoded"
        )]));
        assert!(!request(&[("content-encoding", "gzip")]));
        assert!(request(&[("content-encoding", "identity")]));
    }
}
