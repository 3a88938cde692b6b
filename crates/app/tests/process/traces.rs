//! Spans, as a collector gets them.

use std::fmt::Write as _;
use std::path::Path;

use acceptance::{Person, Receiver, until};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use serde_json::{Value, json};

use crate::server::Server;

/// A remote trace, and the span in it that makes the request.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

fn start(data: &Path, collector: &str, others: &[(&str, &str)]) -> Server {
    let mut variables = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
        ("OTEL_SERVICE_NAME", "the garden"),
        ("TERTULIA_LOG__FILTER", "info,web=debug"),
    ];
    variables.extend(others);
    Server::with(data, &variables)
}

/// Sends a request as part of the remote trace.
async fn asks_within(person: &Person, path: &str, body: &Value) -> u16 {
    let request = person.request("POST".parse().unwrap(), path);
    let parent = format!("00-{TRACE}-{PARENT}-01");
    let request = request.header("traceparent", parent).json(body);
    person.send(request).await.status
}

/// Everything that has arrived so far.
fn requests(collector: &Receiver) -> Vec<ExportTraceServiceRequest> {
    let calls = collector.calls().into_iter();
    calls
        .map(|call| {
            assert_eq!(call.headers["content-type"], "application/x-protobuf");
            ExportTraceServiceRequest::decode(call.body.as_slice()).unwrap()
        })
        .collect()
}

fn spans(collector: &Receiver) -> Vec<Span> {
    let resources = requests(collector).into_iter();
    let scopes = resources.flat_map(|it| it.resource_spans);
    let scopes = scopes.flat_map(|it| it.scope_spans);
    scopes.flat_map(|it| it.spans).collect()
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|it| it.key == key)?;
    match &found.value {
        Some(AnyValue {
            value: Some(Any::StringValue(text)),
        }) => Some(text),
        _ => None,
    }
}

fn one<'s>(spans: &'s [Span], what: &str, is: impl Fn(&Span) -> bool) -> &'s Span {
    let names: Vec<_> = spans.iter().map(|it| &it.name).collect();
    let found = spans.iter().find(|it| is(it));
    found.unwrap_or_else(|| panic!("{what} is not among {names:?}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_sees_what_is_asked_and_what_it_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let collector = Receiver::start();
    let server = start(folder.path(), collector.url(), &[]);
    let ana = Person::register(server.client(), "ana").await;
    let room = ana.makes_room("garden").await;
    let path = format!("/api/rooms/{room}/messages");
    let message = json!({ "content": "the beans are up" });
    assert_eq!(asks_within(&ana, &path, &message).await, 201);
    let mut socket = ana.connects().await;
    let send = json!({ "type": "send", "roomId": room, "content": "all of the beans" });
    socket.ask(send).await.done();
    drop(socket);
    // The remaining spans are exported on shutdown.
    let (content, log) = server.stop();
    assert!(content, "{log}");

    let all = spans(&collector);
    let request = one(&all, "the request", |it| hex(&it.parent_span_id) == PARENT);
    assert_eq!(request.name, "POST /api/rooms/{id}/messages");
    assert_eq!(hex(&request.trace_id), TRACE);
    assert_eq!(request.kind(), SpanKind::Server);
    let status = request.attributes.iter();
    let status = status
        .into_iter()
        .find(|it| it.key == "http.response.status_code");
    let status = status.and_then(|it| it.value.clone()?.value);
    assert_eq!(status, Some(Any::IntValue(201)));
    let id = text(&request.attributes, "request_id").unwrap();
    assert!(!id.is_empty());
    let below = |above: &Span, name: &str| {
        let is = |it: &Span| it.parent_span_id == above.span_id && it.name == name;
        let found = one(&all, name, is);
        assert_eq!(found.trace_id, above.trace_id);
        found.clone()
    };
    below(request, "post_message");
    let use_case = below(request, "authenticate");
    one(&all, "a call of the store", |it| {
        it.trace_id == use_case.trace_id && it.name.starts_with("sqlite ")
    });
    // A frame is a trace of its own.
    let frame = one(&all, "the frame", |it| it.name == "websocket send");
    assert!(frame.parent_span_id.is_empty());
    below(frame, "post_message");
    // Store calls outside of any span are not exported.
    let orphan = |it: &&Span| it.parent_span_id.is_empty() && it.name.starts_with("sqlite ");
    assert_eq!(all.iter().find(orphan), None);

    let resources = requests(&collector);
    let resource = resources[0].resource_spans[0].resource.as_ref().unwrap();
    assert_eq!(
        text(&resource.attributes, "service.name"),
        Some("the garden")
    );
    tells_nothing_private(&collector, &ana);

    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let told: Vec<_> = lines.filter(|line| line["request_id"] == id).collect();
    assert!(!told.is_empty(), "{log}");
    for line in told {
        assert_eq!(line["trace_id"], TRACE, "{line}");
    }
}

/// No word of any message, and nothing that identifies or authenticates a person.
fn tells_nothing_private(collector: &Receiver, ana: &Person) {
    for call in collector.calls() {
        let told = String::from_utf8_lossy(&call.body).into_owned();
        let secrets = [&*ana.token, &*ana.refresh_token, &*ana.email, &*ana.id];
        for secret in ["beans", "horse", "Bearer"].iter().chain(&secrets) {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_what_begins_here_a_share_is_followed_and_else_the_caller_decides() {
    let folder = tempfile::tempdir().unwrap();
    let collector = Receiver::start();
    let nothing = [("OTEL_TRACES_SAMPLER_ARG", "0")];
    let server = start(folder.path(), collector.url(), &nothing);
    let ana = Person::register(server.client(), "ana").await;
    let body = json!({ "name": "garden" });
    assert_eq!(asks_within(&ana, "/api/rooms", &body).await, 201);
    ana.get("/api/rooms/mine").await.expect(200);
    let (content, log) = server.stop();
    assert!(content, "{log}");
    let all = spans(&collector);
    assert!(all.iter().any(|it| it.name == "create_room"));
    assert!(all.iter().all(|it| hex(&it.trace_id) == TRACE), "{all:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_is_told_of_once_and_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let collector = Receiver::start();
    collector.answers(400);
    let server = start(folder.path(), collector.url(), &[]);
    let ana = Person::register(server.client(), "ana").await;
    let more = async |calls: usize| {
        until("spans are sent", async || {
            ana.get("/api/rooms/mine").await.expect(200);
            collector.calls().len() >= calls
        })
        .await;
    };
    more(3).await;
    collector.answers(200);
    let refused = collector.calls().len();
    more(refused + 3).await;
    let (content, log) = server.stop();
    assert!(content, "{log}");
    for once in ["could not export spans", "spans are exported again"] {
        assert_eq!(log.matches(once).count(), 1, "{log}");
    }
    // The library would log every attempt.
    assert_eq!(log.matches("opentelemetry").count(), 0, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_collector_nobody_waits_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = "http://127.0.0.1:1";
    let server = start(folder.path(), nobody, &[]);
    let ana = Person::register(server.client(), "ana").await;
    let room = ana.makes_room("garden").await;
    ana.posts(&room, "is anybody there?").await;
    let (content, log) = server.stop();
    assert!(content, "{log}");
    assert_eq!(log.matches("could not export spans").count(), 1, "{log}");
}
