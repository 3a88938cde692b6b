//! The port `Sessions`.

mod port;
mod rotate;
mod tokens;
