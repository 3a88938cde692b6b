//! The model's server.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use super::hall::Hall;
use super::reply::Reply;
use super::request::Request;
use super::voice::serve;
use crate::wait::PATIENCE;

/// A private model on a free port, which ends when it is dropped.
///
/// It replies to every call with [`Reply::Summary`] unless it was told otherwise.
pub struct Model {
    hall: Arc<Hall>,
    address: SocketAddr,
    door: Option<JoinHandle<()>>,
}

impl Model {
    /// Starts one.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let hall = Arc::<Hall>::default();
        let inside = Arc::clone(&hall);
        let door = thread::spawn(move || admit(&listener, &inside));
        Self {
            hall,
            address,
            door: Some(door),
        }
    }

    /// The value for `OPENAI_BASE_URL`.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Sets the replies to the next calls, one each.
    pub fn next(&self, replies: impl IntoIterator<Item = Reply>) {
        self.hall.enter(|state| state.next.extend(replies));
    }

    /// Sets the reply to all further calls.
    pub fn always(&self, reply: Reply) {
        self.hall.enter(|state| state.always = Some(reply));
    }

    /// Stops reporting token counts.
    pub fn without_usage(&self) {
        self.hall.enter(|state| state.without_usage = true);
    }

    /// Refuses calls that ask for this response format: `json_schema`, `json_object`.
    pub fn refuse_format(&self, format: &'static str) {
        self.hall.enter(|state| state.refused_formats.push(format));
    }

    /// Records calls without answering them, until [`release`](Self::release).
    pub fn hold(&self) {
        self.hall.enter(|state| state.held = true);
    }

    /// Answers the calls that were held.
    pub fn release(&self) {
        self.hall.enter(|state| state.held = false);
    }

    /// The calls so far, in the order in which they arrived.
    pub fn requests(&self) -> Vec<Request> {
        self.hall.enter(|state| state.requests.clone())
    }

    /// The total number of input tokens of all calls so far.
    pub fn tokens(&self) -> u64 {
        self.requests().iter().map(Request::tokens).sum()
    }

    /// Forgets the calls so far.
    pub fn forget(&self) {
        self.hall.enter(|state| state.requests.clear());
    }

    /// Waits until there have been this many calls. Blocks the thread.
    pub fn wait_for_requests(&self, count: usize) {
        let came = self
            .hall
            .wait(PATIENCE, |state| state.requests.len() >= count);
        assert!(came, "there were only {} calls", self.requests().len());
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.hall.enter(|state| state.closed = true);
        // Wakes the thread that is blocked in `accept`.
        TcpStream::connect(self.address).ok();
        if let Some(door) = self.door.take() {
            door.join().ok();
        }
    }
}

fn admit(listener: &TcpListener, hall: &Arc<Hall>) {
    for stream in listener.incoming() {
        if hall.enter(|state| state.closed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let hall = Arc::clone(hall);
        // The client may disconnect before it is answered, which is not an error here.
        thread::spawn(move || serve(&stream, &hall).ok());
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use serde_json::{Value, json};

    use super::*;

    fn ask(model: &Model, body: &Value) -> String {
        let body = body.to_string();
        let mut stream = TcpStream::connect(model.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer k\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The events of a chunked response: each chunk is preceded by a line with its length.
    fn events(answer: &str) -> String {
        let (_, chunks) = answer.split_once("\r\n\r\n").unwrap();
        chunks.split("\r\n").skip(1).step_by(2).collect()
    }

    fn body(stream: bool) -> Value {
        let data = json!({ "messages": [{ "seq": 7, "text": "hello there" }] }).to_string();
        json!({
            "messages": [{ "role": "user", "content": data }],
            "stream": stream,
            "stream_options": { "include_usage": true },
            "response_format": { "type": "json_schema" },
        })
    }

    #[test]
    fn it_answers_and_counts() {
        let model = Model::start();
        assert!(ask(&model, &body(false)).contains("hello there"));
        let streamed = events(&ask(&model, &body(true)));
        assert!(streamed.contains("prompt_tokens"), "{streamed}");
        assert!(streamed.contains("[DONE]"), "{streamed}");
        model.without_usage();
        assert!(!events(&ask(&model, &body(true))).contains("prompt_tokens"));

        let requests = model.requests();
        assert_eq!(requests.len(), 3);
        assert_eq!(requests[0].authorization.as_deref(), Some("Bearer k"));
        assert!(requests[0].said_by("user").contains("hello"));
        assert_eq!(model.tokens(), 3 * requests[0].tokens());
        model.forget();
        assert_eq!(model.tokens(), 0);
    }

    #[test]
    fn it_does_as_it_was_told() {
        let model = Model::start();
        model.next([Reply::busy("3"), Reply::Broken]);
        let busy = ask(&model, &body(true));
        assert!(busy.starts_with("HTTP/1.1 429"), "{busy}");
        assert!(busy.contains("retry-after: 3\r\n"), "{busy}");
        let broken = events(&ask(&model, &body(true)));
        assert!(broken.contains("content"), "{broken}");
        assert!(!broken.contains("[DONE]"), "{broken}");
        model.refuse_format("json_schema");
        assert!(ask(&model, &body(true)).starts_with("HTTP/1.1 400"));
    }

    #[test]
    fn what_is_held_is_answered_when_it_is_released() {
        let model = Model::start();
        model.hold();
        thread::scope(|scope| {
            let asked = scope.spawn(|| ask(&model, &body(false)));
            model.wait_for_requests(1);
            assert!(!asked.is_finished());
            model.release();
            assert!(asked.join().unwrap().contains("hello there"));
        });
    }
}
