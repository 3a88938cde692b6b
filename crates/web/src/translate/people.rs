//! People.

use application::Person;
use application::people::NewProfile;
use domain::{Bio, DisplayName, MediaId, ProfileDocument, Refusal, User, UserId, Username};
use protocol::shape::{self, Presence};
use protocol::{Patch, rest};
use serde_json::{Map, Value};

use super::links;
use super::moments::to_wire;
use super::values::{edit, value};

/// A person, as the reader may see them.
pub(crate) fn user(person: Person) -> shape::User {
    let Person {
        user,
        online,
        profile,
    } = person;
    shape::User {
        id: user.id.as_uuid(),
        username: user.username.as_str().to_owned(),
        display_name: user.display_name.as_str().to_owned(),
        avatar_url: user.avatar.map(links::media),
        bio: user.bio.map(|bio| bio.as_str().to_owned()),
        created_at: to_wire(user.created_at),
        status: if online {
            Presence::Online
        } else {
            Presence::Offline
        },
        last_seen_at: user.last_seen_at.map(to_wire),
        email: user.email.map(|email| email.as_str().to_owned()),
        profile: profile.and_then(|document| object(user.id, &document)),
    }
}

/// A person's name only.
pub(crate) fn named_user(user: &User) -> shape::NamedUser {
    shape::NamedUser {
        id: user.id.as_uuid(),
        username: user.username.as_str().to_owned(),
        display_name: user.display_name.as_str().to_owned(),
        avatar_url: user.avatar.map(links::media),
    }
}

/// A stored profile that cannot be parsed is left out, and hides nothing else of its owner.
fn object(user: UserId, document: &ProfileDocument) -> Option<Map<String, Value>> {
    serde_json::from_str(document.as_str())
        .inspect_err(|error| tracing::warn!(%user, %error, "ignored a malformed stored profile"))
        .ok()
}

/// The requested changes to the caller's account.
pub(crate) fn new_profile(form: rest::ChangeProfile) -> Result<NewProfile, Refusal> {
    let username = form.username.map(Username::parse).transpose();
    let display_name = form.display_name.map(DisplayName::parse).transpose();
    let bio = edit(form.bio, Bio::parse).transpose();
    let document = match form.profile {
        Patch::Absent => None,
        Patch::Null => Some(ProfileDocument::parse("{}")),
        Patch::Set(object) => Some(ProfileDocument::parse(Value::Object(object).to_string())),
    };
    Ok(NewProfile {
        username: value("username", username)?,
        display_name: value("displayName", display_name)?,
        bio: value("bio", bio)?,
        avatar: edit(form.avatar_media_id, MediaId::from_uuid),
        document: value("profile", document.transpose())?,
    })
}
