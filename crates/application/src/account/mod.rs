//! Accounts and the sessions of their owners.
