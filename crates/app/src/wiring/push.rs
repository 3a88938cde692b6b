//! Push notifications.

use std::sync::Arc;

use adapter_webhooks::{Contact, VapidKey, WebPush};
use anyhow::Context as _;
use domain::port::{Clock, Pusher};

use super::jobs::reach;
use crate::keys::Keys;
use crate::settings::Settings;

/// Web Push, if there is a key for it.
pub(super) fn pusher(
    settings: &Settings,
    keys: &Keys,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Option<Arc<dyn Pusher>>> {
    let Some(key) = &keys.push else {
        return Ok(None);
    };
    let key = VapidKey::parse(key).context("push.private_key, or push.key, cannot be used")?;
    let (reach, clock) = (reach(&settings.webhooks), Arc::clone(clock));
    let pusher = WebPush::new(reach, key, contact(settings)?, clock);
    Ok(Some(Arc::new(pusher)))
}

/// The contact for push services: the configured one, or else the public URL of this server.
fn contact(settings: &Settings) -> anyhow::Result<Option<Contact>> {
    if let Some(contact) = &settings.push.contact {
        let contact = Contact::parse(contact).context("push.contact cannot be used")?;
        return Ok(Some(contact));
    }
    let public = settings.http.public_url.as_ref();
    Ok(public.and_then(|url| Contact::parse(url.as_str()).ok()))
}
