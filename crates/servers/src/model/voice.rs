//! Performing a reply.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::summary;
use super::hall::Hall;
use super::http;
use super::reply::Reply;
use super::request::{Request, tokens};
use crate::wait::PATIENCE;

/// Answers the single request of a connection.
pub(crate) fn serve(stream: &TcpStream, hall: &Hall) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let Some(call) = http::read(stream)? else {
        return Ok(());
    };
    if !call.line.starts_with("POST /v1/chat/completions ") {
        let body = error("not_found", "there is nothing here");
        return http::write(stream, 404, None, &body);
    }
    let request = call.request;
    let (reply, refused, usage) = hall.enter(|state| {
        state.requests.push(request.clone());
        let next = state.next.pop_front();
        let reply = next.or_else(|| state.always.clone());
        let format = request.format();
        let refused = format.is_some_and(|format| state.refused_formats.contains(&format));
        (
            reply.unwrap_or(Reply::Summary),
            refused,
            !state.without_usage,
        )
    });
    hall.wait(PATIENCE, |state| !state.held || state.closed);
    if refused {
        let body = error("invalid_value", "this response_format is not supported");
        return http::write(stream, 400, None, &body);
    }
    perform(stream, hall, &request, &reply, usage)
}

fn perform(
    stream: &TcpStream,
    hall: &Hall,
    request: &Request,
    reply: &Reply,
    usage: bool,
) -> io::Result<()> {
    let idle = |span: Duration| hall.wait(span, |state| state.closed);
    match reply {
        Reply::Error {
            status,
            retry_after,
            code,
            message,
        } => http::write(
            stream,
            *status,
            retry_after.as_deref(),
            &error(code, message),
        ),
        Reply::Words(words) => tell(stream, request, words, usage),
        Reply::Summary => tell(stream, request, &summary(request), usage),
        Reply::Late(span) => {
            idle(*span);
            tell(stream, request, &summary(request), usage)
        }
        Reply::Broken => tell_half(stream, request),
        Reply::Short => {
            tell_half(stream, request)?;
            http::end_events(stream)
        }
        Reply::Stuck(span) => {
            tell_half(stream, request)?;
            idle(*span);
            Ok(())
        }
        Reply::Garbage => {
            http::begin_events(stream)?;
            http::event(stream, "{\"choices\": [{\"delta\": oh no")?;
            http::end_events(stream)
        }
    }
}

/// Sends the whole text, at once or streamed, as the request asks.
fn tell(stream: &TcpStream, request: &Request, words: &str, usage: bool) -> io::Result<()> {
    let counted = usage.then(|| {
        let (sent, told) = (request.tokens(), tokens(words));
        json!({ "prompt_tokens": sent, "completion_tokens": told, "total_tokens": sent + told })
    });
    if !request.streams() {
        let choice = json!({
            "index": 0,
            "message": { "role": "assistant", "content": words },
            "finish_reason": "stop",
        });
        let mut body = completion("chat.completion", &json!([choice]));
        if let (Some(usage), Some(fields)) = (counted, body.as_object_mut()) {
            fields.insert("usage".to_owned(), usage);
        }
        return http::write(stream, 200, None, &body);
    }
    http::begin_events(stream)?;
    pieces(stream, words)?;
    http::event(stream, &chunk(&json!({}), Some("stop")).to_string())?;
    if let Some(usage) = counted.filter(|_| request.wants_usage()) {
        let mut last = completion("chat.completion.chunk", &json!([]));
        if let Some(fields) = last.as_object_mut() {
            fields.insert("usage".to_owned(), usage);
        }
        http::event(stream, &last.to_string())?;
    }
    http::event(stream, "[DONE]")?;
    http::end_events(stream)
}

fn tell_half(stream: &TcpStream, request: &Request) -> io::Result<()> {
    let words = summary(request);
    let half: String = words.chars().take(words.chars().count() / 2).collect();
    http::begin_events(stream)?;
    pieces(stream, &half)
}

/// Streams the text a few characters at a time, about as many as a token has.
fn pieces(stream: &TcpStream, words: &str) -> io::Result<()> {
    let letters: Vec<char> = words.chars().collect();
    for piece in letters.chunks(7) {
        let delta = json!({ "content": String::from_iter(piece) });
        http::event(stream, &chunk(&delta, None).to_string())?;
    }
    Ok(())
}

fn chunk(delta: &Value, finish: Option<&str>) -> Value {
    let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish });
    completion("chat.completion.chunk", &json!([choice]))
}

fn completion(object: &str, choices: &Value) -> Value {
    json!({
        "id": "chatcmpl-1",
        "object": object,
        "created": 1_700_000_000,
        "model": "a-model",
        "choices": choices,
    })
}

fn error(code: &str, message: &str) -> Value {
    json!({ "error": { "message": message, "type": "error", "param": null, "code": code } })
}
