//! Push notifications for the caller's device.

use super::{Answer, App};
use crate::body::Body;
use crate::gate::SignedIn;
use crate::{answer, translate};

/// `GET /api/push`.
pub(super) async fn read(app: App, SignedIn(caller): SignedIn) -> Answer {
    let key = app.use_cases.push.key(&caller);
    Ok(answer::ok(&translate::push(key)))
}

/// `PUT /api/push/subscription`.
pub(super) async fn subscribe(app: App, SignedIn(caller): SignedIn, body: Body) -> Answer {
    let subscription = translate::push_subscription(&body.read()?)?;
    app.use_cases.push.subscribe(&caller, &subscription).await?;
    Ok(answer::nothing())
}

/// `DELETE /api/push/subscription`.
pub(super) async fn unsubscribe(app: App, SignedIn(caller): SignedIn) -> Answer {
    app.use_cases.push.unsubscribe(&caller).await?;
    Ok(answer::nothing())
}
