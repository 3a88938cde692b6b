//! Registration, login and logout.

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use validator::Validate;

use crate::limits::{
    DISPLAY_NAME_MAX, EMAIL_MAX, PASSWORD_BYTES, PASSWORD_MIN, USERNAME_MAX, USERNAME_MIN,
};
use crate::{Fields, Query, Request, Secret, read, schema};

/// `POST /api/auth/register`, `/api/users` and `/auth/register`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = names)]
pub struct Register {
    /// The user's e-mail address.
    #[validate(length(min = 1, max = EMAIL_MAX), custom(function = "read::email"))]
    #[schemars(pattern(read::EMAIL))]
    pub email: String,
    /// The account's password.
    #[validate(custom(function = "read::password"))]
    #[schemars(length(min = PASSWORD_MIN, max = PASSWORD_BYTES))]
    pub password: Secret,
    /// The unique name; if it is missing, the server derives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(
        length(min = USERNAME_MIN, max = USERNAME_MAX),
        custom(function = "read::username")
    )]
    #[schemars(pattern(read::USERNAME))]
    pub username: Option<String>,
    /// The name that other users see. Defaults to the username.
    #[validate(length(min = 1, max = DISPLAY_NAME_MAX), custom(function = "read::no_control"))]
    #[schemars(with = "Option<String>", pattern(read::NO_CONTROL))]
    pub display_name: String,
}

/// A display name that was sent as `name`.
#[derive(Validate)]
struct Name {
    #[validate(length(min = 1, max = DISPLAY_NAME_MAX), custom(function = "read::no_control"))]
    name: Option<String>,
}

fn is_name(text: &str) -> bool {
    let name = Some(text.to_owned());
    Name { name }.validate().is_ok()
}

/// At least one of the names is required.
fn names(schema: &mut Schema) {
    schema::also(schema, "displayName", "name");
    schema::one_of(schema, &["displayName", "name", "username"]);
}

impl Request for Register {
    fn read(fields: &mut Fields) -> Self {
        let email = fields.text("email").required();
        let password = fields.secret("password").required();
        let (username, display_name) = read_names(fields);
        Self {
            email,
            password,
            username,
            display_name,
        }
    }
}

/// The username, if there is one, and the name that other users see.
fn read_names(fields: &mut Fields) -> (Option<String>, String) {
    let username = fields.text("username").optional();
    let display_name = fields
        .text(("displayName", &["name", "username"]))
        .optional();
    if display_name.is_none() {
        fields.note_none_of(["displayName", "name", "username"]);
    }
    // If both names are invalid, both are reported, although only one of them is used.
    if !display_name.as_deref().is_some_and(is_name) {
        let also = fields.text("name").optional();
        fields.note_rules_of(&Name { name: also });
    }
    (username, display_name.unwrap_or_default())
}

/// `POST /api/admin/users`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = names)]
pub struct AddUser {
    /// The user's e-mail address.
    #[validate(length(min = 1, max = EMAIL_MAX), custom(function = "read::email"))]
    #[schemars(pattern(read::EMAIL))]
    pub email: String,
    /// The unique name; if it is missing, the server derives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(
        length(min = USERNAME_MIN, max = USERNAME_MAX),
        custom(function = "read::username")
    )]
    #[schemars(pattern(read::USERNAME))]
    pub username: Option<String>,
    /// The name that other users see. Defaults to the username.
    #[validate(length(min = 1, max = DISPLAY_NAME_MAX), custom(function = "read::no_control"))]
    #[schemars(with = "Option<String>", pattern(read::NO_CONTROL))]
    pub display_name: String,
}

impl Request for AddUser {
    fn read(fields: &mut Fields) -> Self {
        let email = fields.text("email").required();
        let (username, display_name) = read_names(fields);
        Self {
            email,
            username,
            display_name,
        }
    }
}

/// `POST /api/auth/login` and `/auth/login`.
///
/// Both fields only have to be present: one that cannot be a valid name or password is wrong like any
/// other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct Login {
    /// An e-mail address if it has an `@`, else a username.
    #[validate(length(min = 1))]
    pub email: String,
    /// The password.
    #[validate(length(min = 1))]
    pub password: Secret,
}

impl Request for Login {
    fn read(fields: &mut Fields) -> Self {
        Self {
            email: fields.text(("email", &["username"])).required(),
            password: fields.secret("password").required(),
        }
    }
}

/// `POST /api/auth/refresh`. Without a token in the body, the cookie is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refresh {
    /// The token to exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
}

impl Request for Refresh {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            refresh_token: fields.secret("refreshToken").optional(),
        }
    }
}

/// `POST /api/auth/logout`. Without a token in the body, the access token or the cookie is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Validate, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Logout {
    /// A token of the session to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
}

impl Request for Logout {
    const MAY_BE_EMPTY: bool = true;

    fn read(fields: &mut Fields) -> Self {
        Self {
            refresh_token: fields.secret("refreshToken").optional(),
        }
    }
}

/// `POST /api/auth/password`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct ChangePassword {
    /// The current password.
    #[validate(length(min = 1))]
    pub current: Secret,
    /// The new password.
    #[validate(custom(function = "read::password"))]
    #[schemars(length(min = PASSWORD_MIN, max = PASSWORD_BYTES))]
    pub new: Secret,
}

impl Request for ChangePassword {
    fn read(fields: &mut Fields) -> Self {
        Self {
            current: fields.secret("current").required(),
            new: fields.secret("new").required(),
        }
    }
}

/// The query of login, register and refresh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Validate, JsonSchema)]
pub struct CookieQuery {
    /// Whether to return the refresh token in a cookie instead of the body.
    #[schemars(default)]
    pub cookie: bool,
}

impl Query for CookieQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            cookie: fields.flag("cookie").or(false),
        }
    }
}
