//! The room in which the tables are tested, with its members.

use std::collections::HashMap;

use acceptance::{Person, World};
use futures::future::join_all;
use serde_json::{Value, json};

use super::cast::{Cast, fresh, somebody};
use crate::media::uploaded;

/// A room in which every user has posted, or a direct room for each of them.
pub(super) struct Stage {
    name: String,
    /// The code of an invite to the room, or of none.
    invite: String,
    /// The other user of direct rooms.
    other: Option<Person>,
    spots: HashMap<&'static str, Spot>,
}

/// What a user's requests can refer to.
#[derive(Clone)]
struct Spot {
    room: String,
    /// A message that the user has posted.
    own: String,
    /// A message that another user has posted.
    theirs: String,
    /// A file that was uploaded to the room.
    media: String,
}

/// A well-formed invite code that does not exist.
const NO_INVITE: &str = "00000000000000000000000000000000";

impl Stage {
    /// Creates a stage of this kind.
    pub(super) async fn set(world: &World, cast: &Cast, kind: &str) -> Self {
        match kind {
            "direct" => Self::of_pairs(world, cast).await,
            // The section `anywhere` does not depend on the kind of the room.
            _ => Self::of_many(cast, kind == "private").await,
        }
    }

    async fn of_many(cast: &Cast, private: bool) -> Self {
        let (owner, name) = (cast.get("owner"), fresh());
        let plan = json!({ "name": name, "isPrivate": private });
        let room = owner.makes(plan).await;
        let invites = format!("/api/rooms/{room}/invites");
        let invite = text(&owner.post(&invites, json!({})).await.expect(201)["code"]);
        let enter = async |who| {
            let (person, join) = (cast.get(who), json!({ "inviteCode": invite }));
            person.post("/api/rooms/join", join).await.expect(200);
            (who, says(person, &room).await)
        };
        let entered = join_all(["owner", "member", "admin", "banned", "blocked"].map(enter)).await;
        let messages: HashMap<&str, String> = entered.into_iter().collect();
        let media = file(cast.get("member"), &room).await;
        let user = |who| format!("/api/rooms/{room}/users/{}", cast.get(who).id);
        let role = json!({ "role": "admin" });
        owner.patch(&user("admin"), role).await.expect(200);
        let ban = format!("{}?ban=true", user("banned"));
        owner.delete(&ban).await.expect_nothing();

        let spot = |who| Spot {
            room: room.clone(),
            own: messages[who].clone(),
            theirs: messages[if who == "owner" { "member" } else { "owner" }].clone(),
            media: media.clone(),
        };
        Self {
            name,
            invite,
            other: None,
            spots: messages.keys().map(|who| (*who, spot(*who))).collect(),
        }
    }

    async fn of_pairs(world: &World, cast: &Cast) -> Self {
        let other = somebody(world).await;
        let mut spots = HashMap::new();
        for who in ["member", "blocked"] {
            let person = cast.get(who);
            let plan = json!({ "participantIds": [other.id] });
            let room = text(&person.post("/api/chat", plan).await.expect(201)["id"]);
            let own = says(person, &room).await;
            let theirs = says(&other, &room).await;
            let media = file(&other, &room).await;
            let spot = Spot {
                room,
                own,
                theirs,
                media,
            };
            spots.insert(who, spot);
        }
        let block = format!("/api/users/{}/block", cast.get("blocked").id);
        other.put(&block).await.expect_nothing();
        Self {
            name: fresh(),
            invite: NO_INVITE.to_owned(),
            other: Some(other),
            spots,
        }
    }

    /// A text of the table, with its placeholders filled in for a user.
    pub(super) fn filled(&self, cast: &Cast, who: &str, text: &str) -> String {
        let me = if who == "anonymous" { "member" } else { who };
        let (person, spot) = (cast.get(me), self.spot(me));
        let bystander = cast.get("bystander");
        let mut known = vec![
            ("{me}", person.id.as_str()),
            ("{login}", &person.email),
            ("{password}", acceptance::PASSWORD),
            ("{session}", &person.session_id),
            ("{refresh}", &person.refresh_token),
            ("{session of the bystander}", &bystander.session_id),
            ("{room}", &spot.room),
            ("{own}", &spot.own),
            ("{theirs}", &spot.theirs),
            ("{media}", &spot.media),
            ("{name}", &self.name),
            ("{invite}", &self.invite),
        ];
        if let Some(other) = &self.other {
            known.push(("{other}", &other.id));
        }
        let mut filled = text.replace("{fresh}", &fresh());
        for (name, value) in known {
            filled = filled.replace(name, value);
        }
        for (name, person) in cast.all() {
            filled = filled.replace(&format!("{{{name}}}"), &person.id);
        }
        filled
    }

    /// Those who are not here look at where a member is.
    fn spot(&self, who: &str) -> &Spot {
        self.spots.get(who).unwrap_or(&self.spots["member"])
    }
}

async fn file(person: &Person, room: &str) -> String {
    let media = uploaded(person, room, "a.txt", b"hello").await;
    text(&media["id"])
}

async fn says(person: &Person, room: &str) -> String {
    text(&person.posts(room, "a word").await["id"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
