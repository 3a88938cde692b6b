//! Push subscriptions, each within the document of its session.

use domain::{Device, PushEndpoint, PushKeys, PushSubscription};
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, DateTime, Document, Uuid, doc};
use serde::{Deserialize, Serialize};

use super::fields::{id, moment, timestamp};
use super::row::Row;
use crate::failure::{Broken, Spot};

/// The part of a session's document that is read here.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeviceRow {
    #[serde(rename = "_id")]
    id: Uuid,
    user: Uuid,
    push: PushRow,
}

#[derive(Debug, Serialize, Deserialize)]
struct PushRow {
    endpoint: String,
    point: Binary,
    secret: Binary,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime>,
}

impl Row for DeviceRow {
    const COLLECTION: &'static str = "sessions";
}

impl DeviceRow {
    pub(crate) fn device(self) -> Result<Device, Broken> {
        let session = id(self.id);
        let spot = Spot::new(Self::COLLECTION, &session);
        let keys = PushKeys::parse(&self.push.point.bytes, &self.push.secret.bytes);
        let keys = keys.ok_or("the keys have the wrong length");
        let endpoint = PushEndpoint::parse(&self.push.endpoint);
        Ok(Device {
            user: id(self.user),
            session,
            subscription: PushSubscription {
                endpoint: spot.parsed("push.endpoint", endpoint)?,
                keys: spot.parsed("push.point", keys)?,
                expires_at: self.push.expires_at.map(timestamp),
            },
        })
    }
}

/// A subscription as a field of its session's document.
pub(crate) fn push(subscription: &PushSubscription) -> Document {
    let binary = |bytes: &[u8]| Binary {
        subtype: BinarySubtype::Generic,
        bytes: bytes.to_vec(),
    };
    let mut row = doc! {
        "endpoint": subscription.endpoint.as_str(),
        "point": binary(subscription.keys.point()),
        "secret": binary(subscription.keys.secret()),
    };
    if let Some(at) = subscription.expires_at {
        row.insert("expires_at", moment(at));
    }
    row
}
