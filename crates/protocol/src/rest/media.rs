//! Files.

use schemars::JsonSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{Fields, Query};

/// `POST /api/media`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct UploadQuery {
    /// The room whose members may see it. Without one, it is a picture of its sender.
    pub room_id: Option<Uuid>,
}

impl Query for UploadQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            room_id: fields.id("roomId").optional(),
        }
    }
}
