//! Changes that a member may not read leave no gap in the revs.

use acceptance::{Person, Socket, World, scenarios};
use serde_json::{Value, json};

use super::scene::{id, is};

scenarios![
    an_old_message_that_changes_is_skipped,
    a_resume_skips_it_as_well,
];

/// Ana's room, in which Ben may read only what was posted after he joined, and a message from before.
struct Late {
    ana: Person,
    ben: Person,
    room: String,
    old: String,
}

async fn late(world: &World) -> Late {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana
        .makes(json!({ "name": "tertulia", "history": "joined" }))
        .await;
    let old = id(&ana.posts(&room, "between us").await);
    ben.joins(&room).await;
    Late {
        ana,
        ben,
        room,
        old: format!("/api/messages/{old}"),
    }
}

async fn subscribed(person: &Person, room: &str) -> (Socket, i64) {
    let mut socket = person.connects().await;
    let rev = socket.subscribes(room).await["rev"].as_i64().unwrap();
    (socket, rev)
}

fn shows(text: &str) -> impl Fn(&Value) -> bool {
    move |frame| frame.to_string().contains(text)
}

async fn an_old_message_that_changes_is_skipped(world: &mut World) {
    let Late {
        ana,
        ben,
        room,
        old,
    } = late(world).await;
    let (mut a, _) = subscribed(&ana, &room).await;
    let (mut b, rev) = subscribed(&ben, &room).await;
    ana.patch(&old, json!({ "content": "still between us" }))
        .await
        .expect(200);
    assert_eq!(a.next("message").await["op"], "updated");
    let skip = b.hears_no(shows("between us"), is("skip")).await;
    assert_eq!(
        skip,
        json!({ "type": "skip", "roomId": room, "rev": rev + 1, "prev": rev })
    );
    ana.posts(&room, "for all").await;
    let next = b.next("message").await;
    assert_eq!(next["prev"], rev + 1);
    assert_eq!(next["message"]["content"], "for all");
}

async fn a_resume_skips_it_as_well(world: &mut World) {
    let Late {
        ana,
        ben,
        room,
        old,
    } = late(world).await;
    let (b, rev) = subscribed(&ben, &room).await;
    drop(b);
    ana.posts(&room, "for all").await;
    ana.patch(&old, json!({ "content": "still between us" }))
        .await
        .expect(200);

    let mut b = ben.connects().await;
    let told = b.resumes(&room, Some(rev)).await;
    assert_eq!(told["rev"], rev + 2);
    let replayed = b.replayed();
    assert!(!replayed.iter().any(shows("between us")), "{replayed:?}");
    let kinds: Vec<_> = replayed.iter().map(|frame| &frame["type"]).collect();
    assert_eq!(kinds, ["message", "skip"]);
    assert_eq!(replayed[1]["rev"], rev + 2);

    // Even when resuming from the very beginning.
    let mut b = ben.connects().await;
    b.resumes(&room, Some(0)).await;
    let replayed = b.replayed();
    assert!(!replayed.iter().any(shows("between us")), "{replayed:?}");
}
