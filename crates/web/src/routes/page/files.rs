//! The files of the web client, below a path that changes when any of them does.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, web};
use protocol::ErrorCode;

use crate::error::ApiError;
use crate::routes::Answer;
use crate::routes::fixed::Fixed;
use crate::routes::place::{Place, at};

/// A file as it was when the binary was built.
struct File {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    packed: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/client.rs"));

static ALL: LazyLock<HashMap<&'static str, Fixed>> = LazyLock::new(|| {
    let files = FILES.iter();
    files
        .map(|file| {
            (
                file.name,
                Fixed::new(file.kind, file.plain)
                    .packed(file.packed)
                    .for_ever(),
            )
        })
        .collect()
});

/// The route to them.
pub(in crate::routes) fn place() -> Place {
    at("/client/{version}/{name:.*}").get(read)
}

/// `GET /client/{version}/{name}`. Files of another version are not found: a page that was loaded
/// before an upgrade has all its files already, or is reloaded.
async fn read(request: HttpRequest, path: web::Path<(String, String)>) -> Answer {
    let (version, name) = path.into_inner();
    let file = ALL.get(name.as_str()).filter(|_| version == VERSION);
    file.map_or_else(
        || Err(ApiError::new(ErrorCode::NotFound, "there is no such file")),
        |file| -> Answer { Ok::<HttpResponse, _>(file.answer(&request)) },
    )
}
