//! The table of who may do what, cell by cell.

use acceptance::{Answer, Person, World, scenarios};
use reqwest::Method;
use serde_json::{Value, json};

scenarios![a_public_room, a_private_room];

/// Somebody in each column of the table.
struct Cast {
    room: String,
    /// A message of the owner's, for others to try their hands on.
    message: String,
    stranger: Person,
    banned: Person,
    member: Person,
    admin: Person,
    owner: Person,
}

impl Cast {
    async fn meet(world: &World, private: bool) -> Self {
        let owner = world.person("owner").await;
        let room = owner
            .makes(json!({ "name": "stage", "isPrivate": private }))
            .await;
        let code = owner.sees(&room).await["inviteCode"].clone();
        let mut others = Vec::new();
        for name in ["banned", "member", "admin"] {
            let other = world.person(name).await;
            let body = if private {
                json!({ "inviteCode": code })
            } else {
                json!({})
            };
            other
                .post(&format!("/api/rooms/{room}/join"), body)
                .await
                .expect(200);
            others.push(other);
        }
        let [banned, member, admin] = others.try_into().ok().unwrap();
        let user = |person: &Person| format!("/api/rooms/{room}/users/{}", person.id);
        owner
            .patch(&user(&admin), json!({ "role": "admin" }))
            .await
            .expect(200);
        owner
            .delete(&format!("{}?ban=true", user(&banned)))
            .await
            .expect_nothing();
        let message = owner.posts(&room, "hands off").await["id"]
            .as_str()
            .unwrap()
            .to_owned();
        Self {
            stranger: world.person("stranger").await,
            room,
            message,
            banned,
            member,
            admin,
            owner,
        }
    }

    /// What each of them is told: stranger, banned, member, admin, owner.
    async fn told(&self, method: Method, path: &str, body: Option<Value>) -> [String; 5] {
        let path = path
            .replace("{room}", &self.room)
            .replace("{message}", &self.message);
        let everybody = [
            &self.stranger,
            &self.banned,
            &self.member,
            &self.admin,
            &self.owner,
        ];
        let mut told = Vec::new();
        for person in everybody {
            told.push(brief(
                &person.ask(method.clone(), &path, body.clone()).await,
            ));
        }
        told.try_into().ok().unwrap()
    }
}

/// `200`, or `403 banned`.
fn brief(answer: &Answer) -> String {
    if answer.status < 400 {
        return answer.status.to_string();
    }
    let problem: Value = serde_json::from_str(&answer.text).unwrap();
    format!("{} {}", answer.status, problem["code"].as_str().unwrap())
}

const READING: [&str; 8] = [
    "/api/rooms/{room}/messages",
    "/api/rooms/{room}/events?since=0",
    "/api/rooms/{room}/users",
    "/api/rooms/{room}/pins",
    "/api/messages/{message}",
    "/api/messages/{message}/replies",
    "/api/messages/{message}/receipts",
    "/api/messages/room/{room}",
];

/// What those outside are told, stranger and banned, whatever they try.
type Outside<'a> = [&'a str; 2];

const NO: &str = "403 forbidden";

async fn members_read(cast: &Cast, [stranger, banned]: Outside<'_>) {
    for path in READING {
        let told = cast.told(Method::GET, path, None).await;
        assert_eq!(told, [stranger, banned, "200", "200", "200"], "GET {path}");
    }
    let put = Method::PUT;
    let told = cast
        .told(put.clone(), "/api/messages/read/{room}", None)
        .await;
    assert_eq!(
        told,
        [stranger, banned, "200", "200", "200"],
        "moving cursors"
    );
    let reaction = "/api/messages/{message}/reactions/%F0%9F%91%8D";
    let told = cast.told(put, reaction, None).await;
    assert_eq!(told, [stranger, banned, "200", "200", "200"], "reacting");
}

async fn members_write(cast: &Cast, [stranger, banned]: Outside<'_>) {
    let content = Some(json!({ "content": "x" }));
    let posting = "/api/rooms/{room}/messages";
    let told = cast.told(Method::POST, posting, content.clone()).await;
    assert_eq!(told, [stranger, banned, "201", "201", "201"], "posting");
    let told = cast
        .told(Method::PATCH, "/api/messages/{message}", content)
        .await;
    assert_eq!(
        told,
        [stranger, banned, NO, NO, "200"],
        "editing the owner's message"
    );
}

async fn admins_manage(cast: &Cast, [stranger, banned]: Outside<'_>) {
    let told = cast
        .told(Method::PUT, "/api/messages/{message}/pin", None)
        .await;
    assert_eq!(told, [stranger, banned, NO, "200", "200"], "pinning");
    let name = Some(json!({ "name": "set" }));
    let told = cast.told(Method::PATCH, "/api/rooms/{room}", name).await;
    assert_eq!(
        told,
        [stranger, banned, NO, "200", "200"],
        "changing the room"
    );
    let told = cast
        .told(Method::POST, "/api/rooms/{room}/invites", Some(json!({})))
        .await;
    assert_eq!(told, [stranger, banned, NO, "201", "201"], "inviting");
    let told = cast.told(Method::GET, "/api/rooms/{room}/bans", None).await;
    assert_eq!(told, [stranger, banned, NO, "200", "200"], "reading bans");
    let member = format!("/api/rooms/{{room}}/users/{}", cast.member.id);
    let silence = Some(json!({ "mutedUntil": "2999-01-01T00:00:00Z" }));
    let told = cast.told(Method::PATCH, &member, silence).await;
    assert_eq!(
        told,
        [stranger, banned, NO, "200", "200"],
        "muting a member"
    );
    let told = cast
        .told(Method::DELETE, "/api/messages/{message}", None)
        .await;
    assert_eq!(
        told,
        [stranger, banned, NO, "200", "200"],
        "deleting the owner's message"
    );
}

async fn the_owner_decides(cast: &Cast, [stranger, banned]: Outside<'_>) {
    let member = format!("/api/rooms/{{room}}/users/{}", cast.member.id);
    let role = Some(json!({ "role": "member" }));
    let told = cast.told(Method::PATCH, &member, role).await;
    assert_eq!(told, [stranger, banned, NO, NO, "200"], "giving a role");
    let admin = format!("/api/rooms/{{room}}/users/{}", cast.admin.id);
    let told = cast.told(Method::DELETE, &admin, None).await;
    assert_eq!(
        told,
        [stranger, banned, NO, "409 conflict", "204"],
        "kicking the admin"
    );
}

async fn play(cast: &Cast, outside: Outside<'_>) {
    members_read(cast, outside).await;
    members_write(cast, outside).await;
    admins_manage(cast, outside).await;
    the_owner_decides(cast, outside).await;
}

async fn a_public_room(world: &mut World) {
    let cast = Cast::meet(world, false).await;
    let room = cast.told(Method::GET, "/api/rooms/{room}", None).await;
    assert_eq!(room, ["200", "403 banned", "200", "200", "200"]);
    play(&cast, [NO, "403 banned"]).await;
    let delete = cast.told(Method::DELETE, "/api/rooms/{room}", None).await;
    assert_eq!(
        delete,
        [NO, "403 banned", NO, NO, "204"],
        "the admin is out by now"
    );
}

async fn a_private_room(world: &mut World) {
    let cast = Cast::meet(world, true).await;
    let unknown = "404 not_found";
    let room = cast.told(Method::GET, "/api/rooms/{room}", None).await;
    assert_eq!(room, [unknown, unknown, "200", "200", "200"]);
    play(&cast, [unknown, unknown]).await;
    let delete = cast.told(Method::DELETE, "/api/rooms/{room}", None).await;
    assert_eq!(delete, [unknown, unknown, NO, unknown, "204"]);
}
