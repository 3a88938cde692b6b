//! Users and the caller's own account.

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;
use validator::Validate;

use crate::limits::{BIO_MAX, DISPLAY_NAME_MAX, IDS_MAX, SEARCH_MAX, USERNAME_MAX, USERNAME_MIN};
use crate::{Fields, Patch, Query, Request, Secret, read, schema};

/// `PATCH /api/users/me`. Missing fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = names)]
pub struct ChangeProfile {
    /// The new display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = DISPLAY_NAME_MAX), custom(function = "read::no_control"))]
    #[schemars(pattern(read::NO_CONTROL), transform = schema::never_null)]
    pub display_name: Option<String>,
    /// The new username.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(
        length(min = USERNAME_MIN, max = USERNAME_MAX),
        custom(function = "read::username")
    )]
    #[schemars(pattern(read::USERNAME), transform = schema::never_null)]
    pub username: Option<String>,
    /// What the user says about themselves. An empty text clears it, as null does.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schemars(default)]
    #[validate(length(max = BIO_MAX))]
    pub bio: Patch<String>,
    /// An image that the user has uploaded.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schemars(default)]
    pub avatar_media_id: Patch<Uuid>,
    /// Any JSON object of up to 16 KiB, stored as it is.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schemars(default)]
    #[validate(custom(function = "read::document"))]
    pub profile: Patch<Map<String, Value>>,
}

fn names(schema: &mut Schema) {
    schema::also(schema, "displayName", "name");
}

impl Request for ChangeProfile {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            display_name: fields.text(("displayName", &["name"])).change(),
            username: fields.text("username").change(),
            bio: fields.text("bio").patch().empty_clears(),
            avatar_media_id: fields.id("avatarMediaId").patch(),
            profile: fields.object("profile").patch(),
        }
    }
}

/// `DELETE /api/users/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct EraseAccount {
    /// The account's password, as confirmation.
    #[validate(length(min = 1))]
    pub password: Secret,
}

impl Request for EraseAccount {
    fn read(fields: &mut Fields) -> Self {
        Self {
            password: fields.secret("password").required(),
        }
    }
}

/// `GET /api/users?ids=a,b,c`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct UsersQuery {
    /// The ids of the wanted users.
    #[validate(length(min = 1, max = IDS_MAX))]
    pub ids: Vec<Uuid>,
}

impl Query for UsersQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            ids: fields.ids("ids").required(),
        }
    }
}

/// `GET /api/users/search?q=`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct PeopleQuery {
    /// The beginning of a name. `username` is accepted as another name of this parameter.
    #[validate(length(min = 1, max = SEARCH_MAX))]
    pub q: String,
}

impl Query for PeopleQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            q: fields.text(("q", &["username"])).required(),
        }
    }
}
