//! Helpers for uploading files.

use acceptance::{Answer, Client, Person, Socket};
use reqwest::Method;
use serde_json::Value;

pub(super) use crate::realtime::scene::{Pair, pair};

const FENCE: &str = "----a-fence";

/// A form with files of these names.
pub(super) fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body =
        b"------a-fence\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n".to_vec();
    for (name, bytes) in files {
        let head = format!(
            "--{FENCE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: image/png\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{FENCE}--\r\n").as_bytes());
    body
}

/// Sends a body with the content type of a form, valid or not.
pub(super) async fn sends(client: &Client, method: Method, path: &str, body: Vec<u8>) -> Answer {
    let kind = format!("multipart/form-data; boundary={FENCE}");
    let request = client.request(method, path).header("content-type", kind);
    client.send(request.body(body)).await
}

/// Uploads a file to a room.
pub(super) async fn uploads(client: &Client, room: &str, name: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/media?roomId={room}");
    sends(client, Method::POST, &path, form(&[(name, bytes)])).await
}

/// Uploads a file to a room, which must succeed.
pub(crate) async fn uploaded(person: &Person, room: &str, name: &str, bytes: &[u8]) -> Value {
    uploads(person, room, name, bytes).await.expect(201)
}

/// Waits until an upload was processed, and returns it.
pub(super) async fn looked_at(socket: &mut Socket, media: &Value) -> Value {
    let about = |frame: &Value| frame["type"] == "media" && frame["media"]["id"] == media["id"];
    socket.finds("what it is", about).await["media"].clone()
}

/// Requests a file with these headers, and returns the bytes of the response.
pub(super) async fn fetched(
    client: &Client,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    let request = headers.iter().fold(
        client.request(Method::GET, path),
        |request, (name, value)| request.header(*name, *value),
    );
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap().to_vec())
}

/// A grey PNG of this size, or with only a header that claims it, and with a comment in it.
pub(super) fn png((width, height): (u32, u32), there: (usize, usize), remark: &str) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 0, 0, 0, 0],
    ]
    .concat();
    file.extend(chunk(b"IHDR", &head));
    file.extend(chunk(b"tEXt", format!("Comment\0{remark}").as_bytes()));
    let row: Vec<u8> = std::iter::once(0)
        .chain((0..=u8::MAX).cycle().take(there.0))
        .collect();
    file.extend(chunk(b"IDAT", &stored(&row.repeat(there.1))));
    file.extend(chunk(b"IEND", b""));
    file
}

fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let summed = [kind, content].concat();
    let mut sum = u32::MAX;
    for byte in &summed {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
        }
    }
    [&length[..], &summed, &(!sum).to_be_bytes()].concat()
}

/// The zlib format, uncompressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = bytes.chunks(0xffff).count();
    for (place, block) in bytes.chunks(0xffff).enumerate() {
        out.push(u8::from(place + 1 == blocks));
        let length = u16::try_from(block.len()).unwrap();
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    out.extend(((high << 16) | low).to_be_bytes());
    out
}
