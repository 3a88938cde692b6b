//! Malformed upload requests.

use std::time::Duration;

use acceptance::{World, scenarios};
use reqwest::Method;
use serde_json::json;

use super::scene::{form, sends, uploads};

scenarios![
    what_is_no_form_with_one_file_is_refused,
    whoever_may_not_is_told_so_after_they_have_sent_it,
];

async fn what_is_no_form_with_one_file_is_refused(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let path = format!("/api/media?roomId={room}");
    let send = async |body: Vec<u8>| sends(&ana, Method::POST, &path, body).await;

    ana.post(&path, json!({ "file": "hello" }))
        .await
        .expect_problem(415, "unsupported_media_type");
    ana.ask(Method::POST, &path, None)
        .await
        .expect_problem(415, "unsupported_media_type");
    assert_eq!(send(form(&[])).await.expect_fields(), ["file"]);
    let two: [(&str, &[u8]); 2] = [("a.txt", b"a"), ("b.txt", b"b")];
    assert_eq!(send(form(&two)).await.expect_fields(), ["file"]);
    assert_eq!(
        send(form(&[("a.txt", b"")])).await.expect_fields(),
        ["file"]
    );

    let whole = form(&[("a.txt", &vec![b'a'; 100_000])]);
    let cut = whole[..50_000].to_vec();
    let endless = [b"------a-fence\r\nX: ".to_vec(), vec![b'y'; 1_000_000]].concat();
    for broken in [Vec::new(), b"hello".to_vec(), cut, endless] {
        send(broken).await.expect_problem(400, "malformed");
    }
    let odd = sends(&ana, Method::POST, "/api/media?roomId=x", whole).await;
    assert_eq!(odd.expect_fields(), ["roomId"]);
    // None of that was kept: the whole quota is still available.
    uploads(&ana, &room, "a.txt", b"hello").await.expect(201);
}

async fn whoever_may_not_is_told_so_after_they_have_sent_it(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    let large = vec![b'a'; 8 << 20];
    let sent = async |client: &acceptance::Client| {
        let sending = uploads(client, &room, "a.txt", &large);
        let sent = tokio::time::timeout(Duration::from_mins(1), sending).await;
        sent.expect("it is answered")
    };
    sent(&world.visitor())
        .await
        .expect_problem(401, "unauthenticated");
    sent(&ben).await.expect_problem(403, "forbidden");
    sent(&ana).await.expect(201);
}
