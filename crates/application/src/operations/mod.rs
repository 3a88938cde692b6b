//! What whoever runs the server needs.
