//! Limits on uploads.

use acceptance::{World, scenarios};
use reqwest::Method;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::scene::{form, uploads};

scenarios![
    with &[("TERTULIA_MEDIA__MAX_BYTES", "100000"), ("TERTULIA_MEDIA__QUOTA_BYTES", "250000")];
    too_much_is_too_much,
    what_breaks_off_takes_no_room,
];

async fn too_much_is_too_much(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let send = async |who: &acceptance::Client, size: usize| {
        uploads(who, &room, "a.txt", &vec![b'a'; size]).await
    };
    send(&ana, 100_001).await.expect_problem(413, "too_large");
    send(&ana, 30_000_000)
        .await
        .expect_problem(413, "too_large");
    for _ in 0..2 {
        send(&ana, 100_000).await.expect(201);
    }
    send(&ana, 60_000).await.expect_problem(413, "too_large");
    send(&ana, 50_000).await.expect(201);
    send(&ana, 1).await.expect_problem(413, "too_large");
    send(&ben, 100_000).await.expect(201);
}

async fn what_breaks_off_takes_no_room(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let body = form(&[("a.txt", &vec![b'a'; 90_000])]);
    for _ in 0..4 {
        let request = ana
            .request(Method::POST, &format!("/api/media?roomId={room}"))
            .build()
            .unwrap();
        let token = request.headers()["authorization"].to_str().unwrap();
        let url = request.url();
        let port = url.port().unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let head = format!(
            "POST {}?{} HTTP/1.1\r\nHost: here\r\nAuthorization: {token}\r\nContent-Length: {}\r\n\
             Content-Type: multipart/form-data; boundary=----a-fence\r\n\r\n",
            url.path(),
            url.query().unwrap(),
            body.len(),
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body[..body.len() - 10]).await.unwrap();
        drop(stream);
    }
    // If those had been kept, there would be no quota left for these.
    for _ in 0..2 {
        let sent = uploads(&ana, &room, "a.txt", &vec![b'a'; 100_000]).await;
        sent.expect(201);
    }
}
