//! The documented APIs of five other systems, one file per system, as listed in docs/compatibility.md. Also the
//! bugs of those systems, as far as a REST call reveals them.

mod ai_summaries;
mod chat_app;
mod convo;
mod document;
mod documented;
mod limits;
mod mongodb_redis;
mod prisma_mysql;
mod scene;
