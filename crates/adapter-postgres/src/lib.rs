//! Users, rooms, messages and jobs in Postgres.
