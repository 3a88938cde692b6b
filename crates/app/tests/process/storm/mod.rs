//! Everything at once: fifty people on three nodes, one of which is killed, as is Redis; on
//! `/api/ws`, and over Socket.IO.

mod fleet;
mod harbour;
mod orders;
mod sailor;
mod voyage;
