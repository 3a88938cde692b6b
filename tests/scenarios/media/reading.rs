//! Reading files.

use acceptance::{World, scenarios};
use serde_json::json;

use super::scene::{Pair, fetched, looked_at, pair, png, uploaded};

scenarios![
    a_file_is_read_as_it_was_sent,
    a_picture_is_looked_at_and_told_of,
    what_was_deleted_is_seen_no_more,
];

const SECRET: &str = "N 52.5200 E 13.4050";

async fn a_file_is_read_as_it_was_sent(world: &mut World) {
    let Pair { ana, ben, room, .. } = pair(world).await;
    let text: Vec<u8> = b"0123456789".repeat(20_000);
    let media = uploaded(&ana, &room, "notes.txt", &text).await;
    assert_eq!(media["contentType"], "text/plain; charset=utf-8");
    assert_eq!(
        (&media["size"], &media["status"]),
        (&json!(200_000), &json!("processing"))
    );
    let post = json!({ "content": "here", "attachments": [media["id"]] });
    let messages = format!("/api/rooms/{room}/messages");
    let message = ana.post(&messages, post.clone()).await.expect(201);
    assert_eq!(message["attachments"][0]["id"], media["id"]);
    assert_eq!(
        ana.post(&messages, post).await.expect_fields(),
        ["attachments"]
    );

    let url = media["url"].as_str().unwrap();
    let (status, headers, bytes) = fetched(&ben, url, &[]).await;
    assert_eq!((status, bytes == text), (200, true));
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/plain; charset=utf-8");
    assert!(header("content-disposition").starts_with("attachment; filename=\"notes.txt\""));
    assert!(header("content-security-policy").starts_with("sandbox"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    let etag = header("etag");

    let (status, headers, bytes) = fetched(&ben, url, &[("range", "bytes=5-8")]).await;
    assert_eq!((status, &bytes[..]), (206, &b"5678"[..]));
    assert_eq!(headers["content-range"], "bytes 5-8/200000");
    let (status, _, bytes) = fetched(&ben, url, &[("range", "bytes=-3")]).await;
    assert_eq!((status, &bytes[..]), (206, &b"789"[..]));
    for all in ["bytes=0-", "bytes=0-999999", "bytes=-999999"] {
        let (status, headers, bytes) = fetched(&ben, url, &[("range", all)]).await;
        assert_eq!((status, bytes == text), (206, true), "{all}");
        assert_eq!(headers["content-range"], "bytes 0-199999/200000", "{all}");
    }
    let old = [("range", "bytes=5-8"), ("if-range", "\"another\"")];
    assert_eq!(fetched(&ben, url, &old).await.0, 200);
    for beyond in ["bytes=200000-", "bytes=99999999999999999999-"] {
        let (status, headers, _) = fetched(&ben, url, &[("range", beyond)]).await;
        assert_eq!(
            (status, &headers["content-range"]),
            (416, &"bytes */200000".parse().unwrap()),
            "{beyond}"
        );
    }
    let (status, headers, bytes) = fetched(&ben, url, &[("if-none-match", &etag)]).await;
    assert_eq!(
        (status, bytes.len(), headers["etag"] == etag.as_str()),
        (304, 0, true)
    );
    let small = format!("{url}/thumbnail");
    ben.get(&small).await.expect_problem(404, "not_found");
}

async fn a_picture_is_looked_at_and_told_of(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        mut b,
    } = pair(world).await;
    let picture = png((640, 480), (640, 480), SECRET);
    let media = uploaded(&ana, &room, "me.png", &picture).await;
    let post = json!({ "content": "me", "attachments": [media["id"]] });
    let messages = format!("/api/rooms/{room}/messages");
    ana.post(&messages, post).await.expect(201);
    let seen = looked_at(&mut a, &media).await;
    assert_eq!(seen["status"], "ready");
    assert_eq!(
        (&seen["width"], &seen["height"]),
        (&json!(640), &json!(480))
    );
    b.finds("the message with it", |frame| {
        frame["message"]["attachments"][0]["status"] == "ready"
    })
    .await;

    let url = media["url"].as_str().unwrap();
    let (status, headers, bytes) = fetched(&ben, url, &[]).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    let how = headers["content-disposition"].to_str().unwrap();
    assert!(how.starts_with("inline; "), "{how}");
    let told = bytes
        .windows(SECRET.len())
        .any(|it| it == SECRET.as_bytes());
    assert!(!told, "a picture tells where it was taken");
    let small = seen["thumbnailUrl"].as_str().unwrap();
    let (status, headers, bytes) = fetched(&ben, small, &[]).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (200, &"image/jpeg".parse().unwrap())
    );
    assert!(bytes.starts_with(b"\xff\xd8"));
}

async fn what_was_deleted_is_seen_no_more(world: &mut World) {
    let Pair { ana, ben, room, .. } = pair(world).await;
    let media = uploaded(&ana, &room, "notes.txt", b"hello").await;
    let url = media["url"].as_str().unwrap();
    let post = json!({ "content": "here", "attachments": [media["id"]] });
    let messages = format!("/api/rooms/{room}/messages");
    let message = ana.post(&messages, post).await.expect(201);
    assert_eq!(fetched(&ben, url, &[]).await.0, 200);
    let message = format!("/api/messages/{}", message["id"].as_str().unwrap());
    ana.delete(&message).await.expect(200);
    for reader in [&ana, &ben] {
        reader.get(url).await.expect_problem(404, "not_found");
    }
}
