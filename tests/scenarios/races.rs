//! Concurrent requests, of which only some can succeed.

use acceptance::{Answer, Person, World, scenarios};
use futures::future::join_all;
use serde_json::{Value, json};

scenarios![
    an_invite_for_few_lets_few_in,
    a_room_is_handed_over_to_one,
    who_goes_while_they_are_handed_the_room_leaves_an_owner,
    the_last_two_leave_nothing_or_an_owner,
    who_is_banned_while_they_come_is_out,
];

/// How often each status was returned.
fn tally(answers: &[Answer]) -> Vec<(u16, usize)> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
    let mut told = statuses.clone();
    told.dedup();
    told.into_iter()
        .map(|status| (status, count(status)))
        .collect()
}

async fn people(world: &World, count: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for number in 0..count {
        people.push(world.person(&format!("person{number}")).await);
    }
    people
}

async fn an_invite_for_few_lets_few_in(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes(json!({ "name": "den", "isPrivate": true })).await;
    let invites = format!("/api/rooms/{room}/invites");
    let invite = ana
        .post(&invites, json!({ "maxUses": 3 }))
        .await
        .expect(201);
    let crowd = people(world, 12).await;
    let body = json!({ "inviteCode": invite["code"] });
    let enters = |person: &Person| {
        let (person, body) = (person.clone(), body.clone());
        async move { person.post("/api/rooms/join", body).await }
    };
    let answers = join_all(crowd.iter().map(enters)).await;
    assert_eq!(tally(&answers), [(200, 3), (410, 9)]);
    assert_eq!(ana.sees(&room).await["memberCount"], 4);
    // It is used up, and no longer listed among the valid ones.
    let code = invite["code"].as_str().unwrap();
    let preview = world.visitor().get(&format!("/api/invites/{code}")).await;
    preview.expect_problem(410, "invite_expired");
    let listed = ana.get(&invites).await.expect(200).to_string();
    assert!(!listed.contains(code), "{listed}");
}

/// The owner of the room, which all of its members must agree on.
async fn owners(room: &str, somebody: &Person) -> Vec<String> {
    let users = format!("/api/rooms/{room}/users?limit=100");
    let page = somebody.get(&users).await.expect(200);
    let members = page["users"].as_array().unwrap().iter();
    members
        .filter(|member| member["role"] == "owner")
        .map(|member| member["user"]["id"].as_str().unwrap().to_owned())
        .collect()
}

fn user(room: &str, person: &Person) -> String {
    format!("/api/rooms/{room}/users/{}", person.id)
}

async fn a_room_is_handed_over_to_one(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let heirs = people(world, 6).await;
    for heir in &heirs {
        heir.joins(&room).await;
    }
    let hand_over = async |heir: &Person| {
        let role = json!({ "role": "owner" });
        ana.patch(&user(&room, heir), role).await
    };
    let answers = join_all(heirs.iter().map(hand_over)).await;
    assert_eq!(tally(&answers), [(200, 1), (403, 5)]);
    let heir = answers.iter().position(|answer| answer.status == 200);
    let heir = &heirs[heir.unwrap()];
    assert_eq!(owners(&room, &ana).await, [heir.id.as_str()]);
    assert_eq!(ana.sees(&room).await["ownerId"], heir.id.as_str());
    assert_eq!(heir.sees(&room).await["membership"]["role"], "owner");
}

async fn who_goes_while_they_are_handed_the_room_leaves_an_owner(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    for round in 0..5 {
        let room = ana.makes_room(&format!("room {round}")).await;
        ben.joins(&room).await;
        let leave = format!("/api/rooms/{room}/leave");
        let role = json!({ "role": "owner" });
        let heir = user(&room, &ben);
        let (given, gone) = tokio::join!(ana.patch(&heir, role), ben.delete(&leave));
        match (given.status, gone.status) {
            // The hand-over came first: an owner who is not alone cannot leave.
            (200, 409) => assert_eq!(owners(&room, &ana).await, [ben.id.as_str()]),
            // The member left first: there is nobody to hand over to.
            (404, 204) => assert_eq!(owners(&room, &ana).await, [ana.id.as_str()]),
            other => panic!("{other:?}"),
        }
    }
}

async fn the_last_two_leave_nothing_or_an_owner(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    for round in 0..5 {
        let room = ana.makes_room(&format!("room {round}")).await;
        ben.joins(&room).await;
        let leave = format!("/api/rooms/{room}/leave");
        let (owner, member) = tokio::join!(ana.delete(&leave), ben.delete(&leave));
        member.expect_nothing();
        match owner.status {
            // The member was still there.
            409 => assert_eq!(owners(&room, &ana).await, [ana.id.as_str()]),
            204 => {
                let gone = ana.get(&format!("/api/rooms/{room}")).await;
                gone.expect_problem(404, "not_found");
            }
            other => panic!("{other}"),
        }
    }
}

async fn who_is_banned_while_they_come_is_out(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    for round in 0..5 {
        let room = ana.makes_room(&format!("room {round}")).await;
        let (join, ban) = (
            format!("/api/rooms/{room}/join"),
            format!("{}?ban=true", user(&room, &ben)),
        );
        let (came, banned) = tokio::join!(ben.post(&join, json!({})), ana.delete(&ban));
        banned.expect_nothing();
        assert!([200, 403].contains(&came.status), "{came:?}");
        let bans = ana
            .get(&format!("/api/rooms/{room}/bans"))
            .await
            .expect(200);
        assert_eq!(bans["bans"][0]["user"]["id"], ben.id.as_str());
        let users = ana
            .get(&format!("/api/rooms/{room}/users"))
            .await
            .expect(200);
        let members: Vec<&Value> = users["users"].as_array().unwrap().iter().collect();
        assert_eq!(members.len(), 1, "{users}");
        assert_eq!(ana.sees(&room).await["memberCount"], 1);
    }
}
