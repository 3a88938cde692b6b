//! As much of HTTP as it takes to move in.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

/// A connection on which one request follows the other.
pub(crate) struct Http(BufReader<TcpStream>);

impl Http {
    pub(crate) fn connect(server: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    pub(crate) fn get(&mut self, path: &str, token: &str) -> anyhow::Result<Value> {
        self.call("GET", path, token, "")
    }

    pub(crate) fn post(&mut self, path: &str, token: &str, body: &Value) -> anyhow::Result<Value> {
        self.call("POST", path, token, &body.to_string())
    }

    /// Asks, and expects to be given what was asked for.
    fn call(&mut self, method: &str, path: &str, token: &str, body: &str) -> anyhow::Result<Value> {
        let authorization = match token {
            "" => String::new(),
            token => format!("authorization: Bearer {token}\r\n"),
        };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n{authorization}\r\n{body}"
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let (status, answer) = self.answer()?;
        let told = String::from_utf8_lossy(&answer);
        ensure!(
            (200..300).contains(&status),
            "{method} {path}: {status} {told}"
        );
        serde_json::from_slice(&answer).with_context(|| format!("{method} {path}: {told}"))
    }

    fn answer(&mut self) -> anyhow::Result<(u16, Vec<u8>)> {
        let line = self.line()?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no answer of HTTP: {line}"))?;
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                None if line.is_empty() => break,
                Some(("content-length", value)) => length = value.parse()?,
                Some(("transfer-encoding", _)) => bail!("an answer comes in pieces"),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok((status, body))
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        let count = self.0.read_line(&mut line)?;
        ensure!(count > 0, "the server closed the connection");
        Ok(line.trim_end().to_owned())
    }
}
