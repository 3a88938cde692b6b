//! Responses that are the same for everybody until the server is upgraded.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::http::header::{
    AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ETag, Encoding, EntityTag, Header as _,
    IfNoneMatch, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;

/// Static bytes, with their media type and caching policy.
pub(super) struct Fixed {
    kind: &'static str,
    plain: Form,
    packed: Option<Form>,
    keeping: &'static str,
}

/// The bytes as they are sent. Each encoding has an `ETag` of its own, since its bytes differ.
struct Form {
    bytes: &'static [u8],
    tag: EntityTag,
}

impl Fixed {
    /// These bytes, with this media type.
    pub(super) fn new(kind: &'static str, bytes: &'static [u8]) -> Self {
        Self {
            kind,
            plain: Form::of(bytes),
            packed: None,
            // The next version of the server may have other bytes.
            keeping: "no-cache",
        }
    }

    /// Clients do not cache it, as with all other JSON.
    pub(super) const fn unkept(mut self) -> Self {
        self.keeping = "no-store";
        self
    }

    /// Adds a gzip-compressed form, for clients that accept it.
    pub(super) fn packed(mut self, bytes: &'static [u8]) -> Self {
        self.packed = Some(Form::of(bytes));
        self
    }

    /// Clients may cache it forever: the content at this path never changes.
    pub(super) const fn for_ever(mut self) -> Self {
        self.keeping = "public, max-age=31536000, immutable";
        self
    }

    /// The bytes, or 304 if the client has them already.
    pub(super) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let packed = self.packed.as_ref().filter(|_| takes_gzip(request));
        let form = packed.unwrap_or(&self.plain);
        let known = form.is_known(request);
        let mut response = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header(ETag(form.tag.clone()))
            .insert_header((CACHE_CONTROL, self.keeping));
        if self.packed.is_some() {
            response.insert_header((VARY, "accept-encoding"));
        }
        if known {
            return response.finish();
        }
        if packed.is_some() {
            response.insert_header((CONTENT_ENCODING, "gzip"));
        }
        response
            .content_type(self.kind)
            .body(Bytes::from_static(form.bytes))
    }
}

impl Form {
    fn of(bytes: &'static [u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self {
            bytes,
            tag: EntityTag::new_strong(format!("{:016x}", hasher.finish())),
        }
    }

    fn is_known(&self, request: &HttpRequest) -> bool {
        match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.tag)),
            Err(_unreadable) => false,
        }
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let forms = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request)
        .ok()
        .and_then(|accepted| accepted.negotiate(forms.iter()))
        .is_some_and(|chosen| chosen == Encoding::gzip())
}
