//! What happens when the database is away. Each test has a server of its own to break.

mod appends;
mod frozen;
mod killed;
mod scene;
mod standby;
