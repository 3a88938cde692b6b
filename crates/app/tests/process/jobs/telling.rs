//! Notifying people who are away, through every kind of failure.

use std::path::Path;

use acceptance::{Person, Receiver};
use serde_json::json;
use servers::Rabbit;

use crate::server::Server;

const SECRET: &str = "a secret that both sides know of";

fn start(data: &Path, receiver: &Receiver, others: &[(&str, &str)]) -> Server {
    let mut variables = vec![
        ("TERTULIA_NOTIFICATIONS__WEBHOOK_URL", receiver.url()),
        ("TERTULIA_NOTIFICATIONS__WEBHOOK_SECRET", SECRET),
        ("TERTULIA_NOTIFICATIONS__DELAY", "1s"),
        ("TERTULIA_JOBS__RETRY_FIRST", "1s"),
    ];
    variables.extend(others);
    Server::with(data, &variables)
}

/// A room of ana's that ben has joined.
async fn room(ana: &Person, ben: &Person, name: &str) -> String {
    let room = ana.makes_room(name).await;
    ben.joins(&room).await;
    room
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_away_is_told_and_nobody_who_is_present() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start();
    let server = start(folder.path(), &receiver, &[]);
    let ana = Person::register(server.client(), "ana").await;
    let ben = Person::register(server.client(), "ben").await;
    let cyd = Person::register(server.client(), "cyd").await;
    let garden = room(&ana, &ben, "garden").await;
    cyd.joins(&garden).await;
    let socket = cyd.connects().await;

    // Both are due at the same time: he is notified of one of them, and whichever it is.
    let beans = ["the beans are up", "all of them"];
    for text in beans {
        ana.posts(&garden, text).await;
    }
    let heard = receiver.hears(1).await;
    assert_eq!(heard[0]["userId"], json!(ben.id));
    assert_eq!(heard[0]["reason"], "message");
    assert_eq!(heard[0]["roomName"], "garden");
    assert!(beans.iter().any(|text| heard[0]["preview"] == *text));

    // A mention is notified although the room already was. The last notification shows that nothing
    // else was sent.
    ana.posts(&garden, "look, @ben").await;
    let path = format!("/api/messages/read/{garden}");
    let heard = receiver.hears(2).await;
    assert_eq!(heard[1]["reason"], "mention");
    ben.put(&path).await.expect(200);
    ana.posts(&garden, "and the peas").await;
    let heard = receiver.hears(3).await;
    let told: Vec<_> = heard.iter().map(|one| &one["userId"]).collect();
    assert_eq!(told, [&json!(ben.id); 3]);
    assert_eq!(heard[2]["preview"], "and the peas");
    drop(socket);
    assert!(server.stop().0);
}

/// In the order in which it happens in practice: RabbitMQ fails, the chat goes on, the node dies
/// with events that were committed and not published, comes back without RabbitMQ, and finally
/// RabbitMQ is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rabbitmq_and_the_node_die_and_everybody_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start();
    let mut rabbit = Rabbit::start();
    let url = rabbit.url();
    let others = [("RABBITMQ_URL", &*url)];
    let server = start(folder.path(), &receiver, &others);
    let ana = Person::register(server.client(), "ana").await;
    let ben = Person::register(server.client(), "ben").await;
    let mut rooms = Vec::new();
    for number in 0..6 {
        rooms.push(room(&ana, &ben, &format!("room {number}")).await);
    }
    ana.posts(&rooms[0], "while all is well").await;
    receiver.hears(1).await;

    rabbit.kill();
    ana.posts(&rooms[1], "without RabbitMQ").await;
    ana.posts(&rooms[2], "without RabbitMQ").await;
    let log = server.kill();
    assert!(!log.contains("panicked"), "{log}");

    let server = start(folder.path(), &receiver, &others);
    let ana = ana.at(&server.client());
    ana.posts(&rooms[3], "still without").await;
    let health = server.client().get("/health/ready").await.expect(200);
    assert_eq!(health["status"], "degraded", "{health}");
    let rabbit = tokio::task::spawn_blocking(move || {
        rabbit.restart();
        rabbit
    });
    let rabbit = rabbit.await.unwrap();
    receiver.hears(4).await;
    ana.posts(&rooms[4], "all is well again").await;
    let heard = receiver.hears(5).await;

    let mut told: Vec<&str> = heard
        .iter()
        .filter_map(|one| one["roomId"].as_str())
        .collect();
    told.sort_unstable();
    let mut expected: Vec<&str> = rooms.iter().take(5).map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(told, expected, "each room once");
    let (content, log) = server.stop();
    assert!(content && !log.contains("panicked"), "{log}");
    drop(rabbit);
}
