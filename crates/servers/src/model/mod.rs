//! A server that speaks the wire format of OpenAI's chat completions, streaming included, and answers
//! as a test tells it to.

mod answer;
mod hall;
mod http;
mod reply;
mod request;
mod server;
mod voice;

pub use reply::Reply;
pub use request::Request;
pub use server::Model;
