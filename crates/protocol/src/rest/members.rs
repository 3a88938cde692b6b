//! Members of rooms, and invites.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;
use validator::Validate;

use crate::limits::{
    INVITE_SECONDS_MAX, INVITE_SECONDS_MIN, INVITE_USES_MAX, PAGE_DEFAULT, PAGE_MAX,
};
use crate::shape::Role;
use crate::{Fields, Patch, Query, Request, Timestamp, schema};

/// `GET /api/rooms/{id}/users`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct MembersQuery {
    /// Where the previous page ended.
    pub cursor: Option<Uuid>,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    #[schemars(default = "schema::page_limit")]
    pub limit: i64,
    /// Only members who are online.
    #[schemars(default)]
    pub online: bool,
}

impl Query for MembersQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            cursor: fields.id("cursor").optional(),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
            online: fields.flag("online").or(false),
        }
    }
}

/// `PATCH /api/rooms/{id}/users/{userId}`. Missing fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditMember {
    /// The new role. Making someone the owner makes the previous owner an admin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(transform = schema::never_null)]
    pub role: Option<Role>,
    /// Until when the member may not write; null lifts the restriction.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schemars(default)]
    pub muted_until: Patch<Timestamp>,
}

impl Request for EditMember {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            role: fields.word("role").change(),
            muted_until: fields.time("mutedUntil").patch(),
        }
    }
}

/// The query of `DELETE /api/rooms/{id}/users/{userId}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Validate, JsonSchema)]
pub struct RemoveQuery {
    /// Whether to ban the member as well, so that they cannot rejoin.
    #[schemars(default)]
    pub ban: bool,
}

impl Query for RemoveQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            ban: fields.flag("ban").or(false),
        }
    }
}

/// `POST /api/rooms/{id}/invites`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateInvite {
    /// The number of seconds after which it expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(range(min = INVITE_SECONDS_MIN, max = INVITE_SECONDS_MAX))]
    pub expires_in: Option<i64>,
    /// How often it can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = INVITE_USES_MAX))]
    pub max_uses: Option<i64>,
}

impl Request for CreateInvite {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            expires_in: fields.whole("expiresIn").optional(),
            max_uses: fields.whole("maxUses").optional(),
        }
    }
}

/// `PUT /api/rooms/{id}/mute`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct Mute {
    /// Until when notifications are muted; without it, until they are unmuted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Request for Mute {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            until: fields.time("until").optional(),
        }
    }
}
