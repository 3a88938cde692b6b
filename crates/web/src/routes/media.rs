//! Files.

use actix_web::{HttpRequest, web};
use application::media::NewUpload;
use domain::port::blobs::Part;
use domain::{MediaId, RoomId};
use protocol::rest;

use super::{Answer, App};
use crate::body::{path_id, query};
use crate::error::ApiError;
use crate::gate::SignedIn;
use crate::upload::{taken_in, turned_away};
use crate::{answer, file, translate};

/// `POST /api/media`.
pub(super) async fn upload(
    app: App,
    signed_in: Result<SignedIn, ApiError>,
    request: HttpRequest,
    payload: web::Payload,
) -> Answer {
    let payload = payload.into_inner();
    let asked = signed_in.and_then(|it| Ok((it, query::<rest::UploadQuery>(&request)?)));
    let (SignedIn(caller), asked) = match asked {
        Ok(asked) => asked,
        Err(error) => return Err(turned_away(payload, error).await),
    };
    let media = taken_in(&request, payload, async |incoming| {
        let new = NewUpload {
            room: asked.room_id.map(RoomId::from_uuid),
            file_name: incoming.file_name,
            bytes: incoming.bytes,
        };
        Ok(app.use_cases.upload_media.run(&caller, new).await?)
    });
    let media = translate::media(media.await?);
    Ok(answer::created(media.url.clone(), &media))
}

/// `PUT /api/users/me/avatar`.
pub(super) async fn put_avatar(
    app: App,
    signed_in: Result<SignedIn, ApiError>,
    request: HttpRequest,
    payload: web::Payload,
) -> Answer {
    let payload = payload.into_inner();
    let SignedIn(caller) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(error) => return Err(turned_away(payload, error).await),
    };
    let person = taken_in(&request, payload, async |incoming| {
        let put = app
            .use_cases
            .put_avatar
            .run(&caller, incoming.file_name, incoming.bytes);
        Ok(put.await?)
    });
    Ok(answer::ok(&translate::user(person.await?)))
}

/// `GET /api/media/{id}`.
pub(super) async fn read(app: App, signed_in: SignedIn, request: HttpRequest) -> Answer {
    shown(app, signed_in, request, Part::Original).await
}

/// `GET /api/media/{id}/thumbnail`.
pub(super) async fn thumbnail(app: App, signed_in: SignedIn, request: HttpRequest) -> Answer {
    shown(app, signed_in, request, Part::Thumbnail).await
}

async fn shown(app: App, SignedIn(caller): SignedIn, request: HttpRequest, part: Part) -> Answer {
    let id: MediaId = path_id(&request, "id")?;
    let media = &app.use_cases.read_media;
    let opened = media.open(&caller, id, part).await?;
    match file::wanted(&request, &opened) {
        file::Wanted::Nothing => Ok(file::unchanged(&opened)),
        file::Wanted::Impossible => Ok(answer::unsatisfiable(opened.size)),
        file::Wanted::Whole => {
            let bytes = media.bytes(&opened, 0..opened.size).await?;
            Ok(file::whole(&opened, bytes))
        }
        file::Wanted::Part(range) => {
            let bytes = media.bytes(&opened, range.clone()).await?;
            Ok(file::part(&opened, &range, bytes))
        }
    }
}
