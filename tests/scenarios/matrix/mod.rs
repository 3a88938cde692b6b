//! The permission matrix: every route for every role. The expected responses are in `answers.txt`.

mod cast;
mod expired;
mod form;
mod play;
mod routes;
mod stage;
mod table;
