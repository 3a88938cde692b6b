//! Malicious files.

use acceptance::{World, scenarios};
use serde_json::json;

use super::scene::{Pair, fetched, looked_at, pair, png, uploaded};

scenarios![
    bombs_and_broken_pictures_are_rejected,
    pages_are_kept_and_never_shown,
    names_lead_nowhere,
];

async fn bombs_and_broken_pictures_are_rejected(world: &mut World) {
    let Pair {
        ana, room, mut a, ..
    } = pair(world).await;
    let whole = png((64, 64), (64, 64), "");
    for (name, bytes) in [
        ("bomb.png", png((60_000, 60_000), (1, 1), "")),
        ("cut.png", whole[..whole.len() / 2].to_vec()),
        ("short.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec()),
        ("odd.gif", b"GIF89a\xff\xff\xff\xff\xff\xff\xff".to_vec()),
        (
            "odd.webp",
            b"RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff".to_vec(),
        ),
    ] {
        let media = uploaded(&ana, &room, name, &bytes).await;
        let seen = looked_at(&mut a, &media).await;
        assert_eq!(seen["status"], "rejected", "{name}");
        let url = media["url"].as_str().unwrap();
        ana.get(url).await.expect_problem(404, "not_found");
        let post = json!({ "content": "look", "attachments": [media["id"]] });
        let answer = ana.post(&format!("/api/rooms/{room}/messages"), post).await;
        assert_eq!(answer.expect_fields(), ["attachments"]);
    }
}

async fn pages_are_kept_and_never_shown(world: &mut World) {
    let Pair {
        ana,
        ben,
        room,
        mut a,
        ..
    } = pair(world).await;
    for (name, bytes) in [
        ("a.png", &b"<!doctype html><script>alert(1)</script>"[..]),
        (
            "a.svg",
            &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
        ),
        (
            "a.html",
            &b"\xef\xbb\xbf<html><script>alert(1)</script>"[..],
        ),
        ("a.pdf", &b"%PDF-1.7 <script>alert(1)</script>"[..]),
        ("a.bin", &b"\0\x01<html>"[..]),
    ] {
        let media = uploaded(&ana, &room, name, bytes).await;
        let url = media["url"].as_str().unwrap();
        // Before it is processed, and after that.
        for looked in [false, true] {
            if looked {
                looked_at(&mut a, &media).await;
            }
            let (status, headers, read) = fetched(&ben, url, &[]).await;
            assert_eq!((status, &read[..]), (200, bytes), "{name}");
            let header = |name: &str| headers[name].to_str().unwrap();
            assert!(
                header("content-disposition").starts_with("attachment; "),
                "{name}"
            );
            assert!(
                header("content-security-policy").starts_with("sandbox"),
                "{name}"
            );
            assert!(!header("content-type").contains("html"), "{name}");
            assert!(!header("content-type").contains("svg"), "{name}");
            assert_eq!(header("x-content-type-options"), "nosniff");
        }
    }
}

async fn names_lead_nowhere(world: &mut World) {
    let Pair { ana, room, .. } = pair(world).await;
    for (sent, kept) in [
        ("../../../etc/passwd", "passwd"),
        (r"C:\windows\system.ini", "system.ini"),
        ("..", "file"),
        ("", "file"),
        ("a\u{202e}gpj.exe", "a\u{202e}gpj.exe"),
    ] {
        let media = uploaded(&ana, &room, sent, b"hello").await;
        assert_eq!(media["fileName"], kept, "{sent}");
        let (status, headers, _) = fetched(&ana, media["url"].as_str().unwrap(), &[]).await;
        assert_eq!(status, 200);
        assert!(headers["content-disposition"].to_str().is_ok());
    }
}
