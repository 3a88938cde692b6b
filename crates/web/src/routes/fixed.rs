//! Answers that are the same for everybody until the server is another one.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::http::header::{CACHE_CONTROL, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;

/// Bytes of the binary, and a name for what they are.
pub(super) struct Fixed {
    kind: &'static str,
    bytes: &'static [u8],
    tag: EntityTag,
}

impl Fixed {
    /// These bytes, of this type.
    pub(super) fn new(kind: &'static str, bytes: &'static [u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self {
            kind,
            bytes,
            tag: EntityTag::new_strong(format!("{:016x}", hasher.finish())),
        }
    }

    /// The bytes, or that they are what the client has already.
    pub(super) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let mut response = if self.is_known(request) {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header(ETag(self.tag.clone()))
            // The next version of the server may say otherwise.
            .insert_header((CACHE_CONTROL, "no-cache"));
        if self.is_known(request) {
            return response.finish();
        }
        response
            .content_type(self.kind)
            .body(Bytes::from_static(self.bytes))
    }

    fn is_known(&self, request: &HttpRequest) -> bool {
        match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.tag)),
            Err(_unreadable) => false,
        }
    }
}
