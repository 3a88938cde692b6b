//! The part of HTTP/1.1 that a model's client needs: one request per connection.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::request::Request;

/// The maximum size of a body, more than any prompt has.
const MOST: usize = 64 * 1024 * 1024;

/// A request with its request line.
pub(crate) struct Call {
    pub(crate) line: String,
    pub(crate) request: Request,
}

/// Reads a request; `None` if the connection was closed without one.
pub(crate) fn read(stream: &TcpStream) -> io::Result<Option<Call>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut authorization = None;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => authorization = Some(value.to_owned()),
            "content-length" => length = value.parse().map_err(io::Error::other)?,
            _ => {}
        }
    }
    if length > MOST {
        return Err(io::Error::other("the request is too long"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let request = Request {
        authorization,
        body,
    };
    Ok(Some(Call { line, request }))
}

/// Writes a complete response.
pub(crate) fn write(
    mut stream: &TcpStream,
    status: u16,
    retry_after: Option<&str>,
    body: &Value,
) -> io::Result<()> {
    let body = body.to_string();
    let retry = retry_after.map(|after| format!("retry-after: {after}\r\n"));
    write!(
        stream,
        "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\nconnection: close\r\n\
         {}content-length: {}\r\n\r\n{body}",
        retry.unwrap_or_default(),
        body.len()
    )
}

/// Begins a stream of server-sent events.
pub(crate) fn begin_events(mut stream: &TcpStream) -> io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\
         transfer-encoding: chunked\r\n\r\n"
    )
}

/// Writes an event in two chunks, since a proxy may split it anywhere.
pub(crate) fn event(mut stream: &TcpStream, data: &str) -> io::Result<()> {
    let event = format!("data: {data}\n\n").into_bytes();
    for part in event.chunks(event.len().div_ceil(2)) {
        write!(stream, "{:x}\r\n", part.len())?;
        stream.write_all(part)?;
        write!(stream, "\r\n")?;
        stream.flush()?;
    }
    Ok(())
}

/// Ends a stream of server-sent events.
pub(crate) fn end_events(mut stream: &TcpStream) -> io::Result<()> {
    write!(stream, "0\r\n\r\n")
}
