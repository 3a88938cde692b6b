//! The responses that handlers are built from.

use std::time::Duration;

use actix_web::http::header::{
    CONTENT_RANGE, ContentType, HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use application::Quota;
use serde::Serialize;

/// 200 with a body.
pub(crate) fn ok(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().json(body)
}

/// 200 with JSON that is already serialised.
pub(crate) fn written(json: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .body(json)
}

/// 201 with a body and its `Location`.
pub(crate) fn created(location: String, body: &impl Serialize) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((LOCATION, location))
        .json(body)
}

/// 204 with no body.
pub(crate) fn nothing() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// 201 if the resource was created by this request, otherwise 200.
pub(crate) fn created_or_ok(fresh: bool, location: String, body: &impl Serialize) -> HttpResponse {
    if fresh {
        created(location, body)
    } else {
        ok(body)
    }
}

/// A builder for 200 with a whole file.
pub(crate) fn whole_file() -> HttpResponseBuilder {
    HttpResponse::Ok()
}

/// A builder for 206 with part of a file.
pub(crate) fn part_of_file() -> HttpResponseBuilder {
    HttpResponse::PartialContent()
}

/// A builder for 304.
pub(crate) fn not_modified() -> HttpResponseBuilder {
    HttpResponse::NotModified()
}

/// 416, with the size of the file. The problem document is added by `finish`.
pub(crate) fn unsatisfiable(size: u64) -> HttpResponse {
    HttpResponse::RangeNotSatisfiable()
        .insert_header((CONTENT_RANGE, format!("bytes */{size}")))
        .finish()
}

/// 503 with a body that says what is unavailable.
pub(crate) fn unready(body: &impl Serialize) -> HttpResponse {
    HttpResponse::ServiceUnavailable().json(body)
}

/// Sets what is left of a limit, in the fields of the IETF's rate limit draft.
pub(crate) fn tell_quota(headers: &mut HeaderMap, quota: &Quota) {
    let Quota { name, limit, .. } = quota;
    let window = limit.per.as_secs();
    let policy = format!("\"{name}\";q={};w={window}", limit.points);
    let reset = whole_seconds(quota.reset);
    let left = format!("\"{name}\";r={};t={reset}", quota.remaining);
    for (header, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(header), value);
        }
    }
}

/// Likewise for the limit on all requests, unless the route has reported one of its own.
pub(crate) fn tell_general_quota(headers: &mut HeaderMap, quota: &Quota) {
    if !headers.contains_key("ratelimit") {
        tell_quota(headers, quota);
    }
}

/// Whole seconds, rounded up, so that a client that waits that long has waited long enough.
pub(crate) fn whole_seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use domain::port::limiter::Limit;

    use super::*;

    #[test]
    fn a_quota_is_told_as_the_contract_writes_it() {
        let quota = Quota {
            name: "message",
            limit: Limit {
                points: 5,
                per: Duration::from_secs(10),
            },
            remaining: 3,
            reset: Duration::from_millis(6_001),
            retry_after: Duration::ZERO,
        };
        let mut headers = HeaderMap::new();
        tell_quota(&mut headers, &quota);
        assert_eq!(
            headers.get("ratelimit-policy").unwrap(),
            "\"message\";q=5;w=10"
        );
        assert_eq!(headers.get("ratelimit").unwrap(), "\"message\";r=3;t=7");

        let general = Quota {
            name: "user",
            ..quota
        };
        tell_general_quota(&mut headers, &general);
        let told: Vec<_> = headers.get_all("ratelimit").collect();
        assert_eq!(told, ["\"message\";r=3;t=7"]);
    }
}
