//! Presence, limits, the bus and caches in Redis.
