//! The sessions of the caller.

use actix_web::HttpRequest;
use protocol::shape;

use super::{Answer, App};
use crate::body::path_id;
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/auth/sessions`.
pub(super) async fn list(app: App, SignedIn(caller): SignedIn) -> Answer {
    let sessions = app.use_cases.list_sessions.run(&caller).await?;
    let shown = sessions.iter();
    Ok(answer::ok(&shape::Sessions {
        sessions: shown
            .map(|session| translate::session(session, &caller))
            .collect(),
    }))
}

/// `DELETE /api/auth/sessions/{id}`.
pub(super) async fn end(app: App, SignedIn(caller): SignedIn, request: HttpRequest) -> Answer {
    let id = path_id(&request, "id")?;
    app.use_cases.end_session.run(&caller, id).await?;
    Ok(answer::nothing())
}

/// `POST /api/auth/logout-all`.
pub(super) async fn end_all(app: App, SignedIn(caller): SignedIn) -> Answer {
    app.use_cases.log_out_everywhere.run(&caller).await?;
    Ok(answer::nothing())
}
