//! A fake language model: a server with the wire format of OpenAI's chat completions, streaming
//! included, that replies as a test tells it to.

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
