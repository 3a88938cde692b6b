//! Passwords, and the threads that hash them.

mod hasher;
mod pool;

pub use hasher::BcryptPasswords;
