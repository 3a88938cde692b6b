//! Who may do what: every route, for everybody, cell by cell. What is expected stands in `answers.txt`.

mod cast;
mod expired;
mod form;
mod play;
mod routes;
mod stage;
mod table;
