//! Everything at once: fifty people on three nodes, of which one is killed, and Redis is as well: on
//! `/api/ws`, and over Socket.IO.

mod fleet;
mod harbour;
mod orders;
mod sailor;
mod voyage;
