//! Sessions, refresh tokens and profiles in MongoDB.
