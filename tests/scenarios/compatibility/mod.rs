//! What the documents of five other systems tell their clients to call, one file a system, as
//! docs/compatibility.md lists it. And what went wrong in those systems, as far as a REST call shows it.

mod ai_summaries;
mod chat_app;
mod convo;
mod document;
mod documented;
mod limits;
mod mongodb_redis;
mod prisma_mysql;
mod scene;
