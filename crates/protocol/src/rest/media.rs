//! Uploaded files.

use schemars::JsonSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{Fields, Query};

/// `POST /api/media`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct UploadQuery {
    /// The room whose members may see the file. Without one, it is an avatar of the uploader.
    pub room_id: Option<Uuid>,
}

impl Query for UploadQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            room_id: fields.id("roomId").optional(),
        }
    }
}
