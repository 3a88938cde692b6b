//! Summaries of what people missed, as one response or as a stream of events.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures::stream;
use protocol::{rest, shape};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Answer, App};
use crate::body::{path_id, query};
use crate::error::ApiError;
use crate::finish::request_id;
use crate::gate::SignedIn;
use crate::live::{Next, Telling};
use crate::{answer, tasks, translate};

const EVENTS: &str = "text/event-stream";

/// How often an idle stream sends a comment to show that it is alive.
const BEAT: Duration = Duration::from_secs(15);

/// How many events may be queued for a client.
const WAITING: usize = 8;

/// `GET /api/rooms/{id}/summary`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let form: rest::SummaryQuery = query(&request)?;
    let room = path_id(&request, "id")?;
    let summarise = &app.use_cases.summarise;
    let opened = summarise.open(&caller, room, translate::ask(form)).await?;
    let quota = opened.quota;
    let mut response = if wants_events(&request) {
        let telling = Telling::begin(&app.use_cases, opened);
        events(telling, request_id(&request))
    } else {
        let view = summarise.tell(opened, None).await?;
        answer::ok(&translate::summary(view))
    };
    if let Some(quota) = quota {
        answer::tell_quota(response.headers_mut(), &quota);
    }
    Ok(response)
}

/// Whether the client accepts this media type by name.
fn wants_events(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT);
    let types = accepted.filter_map(|value| value.to_str().ok());
    types.flat_map(|types| types.split(',')).any(is_events)
}

fn is_events(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let is_named = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case(EVENTS));
    let refused = |part: &str| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
    is_named && !parts.any(refused)
}

/// The summary as server-sent events. If the client disconnects, this is noticed when the next
/// event is sent.
fn events(telling: Telling, request_id: String) -> HttpResponse {
    let (sender, receiver) = mpsc::channel(WAITING);
    tasks::spawn(tell(telling, sender, request_id));
    let events = stream::unfold(receiver, async |mut receiver| {
        let event: Option<Bytes> = receiver.recv().await;
        event.map(|event| (Ok::<_, Infallible>(event), receiver))
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, EVENTS))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Otherwise proxies that buffer responses would hold the events back.
        .insert_header((HeaderName::from_static("x-accel-buffering"), "no"))
        .streaming(events)
}

async fn tell(mut telling: Telling, sender: mpsc::Sender<Bytes>, request_id: String) {
    loop {
        let event = match timeout(BEAT, telling.next()).await {
            Ok(Some(Next::Piece(text))) => event("delta", &shape::SummaryDelta { text }),
            Ok(Some(Next::End(Ok(view)))) => event("done", &translate::summary(view)),
            Ok(Some(Next::End(Err(error)))) => {
                let error = ApiError::from(error);
                error.log(&request_id);
                event("error", &shape::SummaryFailure { code: error.code() })
            }
            Ok(None) => return,
            Err(_elapsed) => Bytes::from_static(b": still at it\n\n"),
        };
        // The client has disconnected.
        if sender.send(event).await.is_err() {
            return;
        }
    }
}

/// One event. JSON contains no raw line breaks, so it is one line.
fn event(name: &str, data: &impl Serialize) -> Bytes {
    // Shapes are plain data; serialising them cannot fail.
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn events_are_for_those_who_name_them() {
        for (accept, wanted) in [
            ("text/event-stream", true),
            ("Text/Event-Stream;q=0.5, application/json", true),
            ("application/json, text/event-stream; charset=utf-8", true),
            ("*/*", false),
            ("text/*", false),
            ("application/json", false),
            ("text/event-stream;q=0", false),
        ] {
            let request = TestRequest::get().insert_header((ACCEPT, accept));
            assert_eq!(wants_events(&request.to_http_request()), wanted, "{accept}");
        }
        assert!(!wants_events(&TestRequest::get().to_http_request()));
    }

    #[test]
    fn an_event_is_a_name_and_a_line() {
        let text = "one\ntwo \u{2028}".to_owned();
        assert_eq!(
            event("delta", &shape::SummaryDelta { text }),
            "event: delta\ndata: {\"text\":\"one\\ntwo \u{2028}\"}\n\n"
        );
    }
}
