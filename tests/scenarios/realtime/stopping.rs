//! A server that shuts down announces it, and clients that reconnect miss nothing.

use acceptance::{Replica, World, scenarios};

use super::scene::{is, last_rev};

scenarios![
    kept;
    who_is_connected_is_told_when_to_come_back,
    nothing_is_missed_over_a_restart,
];

async fn who_is_connected_is_told_when_to_come_back(world: &mut World) {
    let ana = world.person("ana").await;
    let room = ana.makes_room("tertulia").await;
    let mut sockets = Vec::new();
    for node in 0..world.nodes() {
        let mut socket = ana.clone().at(&world.visitor_at(node)).connects().await;
        socket.subscribes(&room).await;
        sockets.push(socket);
    }
    let reading = tokio::spawn(async move {
        for socket in &mut sockets {
            socket.ends_with(4000).await;
            let heard = socket.kept();
            let shutdown = heard.iter().find(|it| is("shutdown")(it));
            let shutdown = shutdown.unwrap_or_else(|| panic!("{heard:?}"));
            let wait = shutdown["reconnectIn"].as_u64().unwrap();
            assert!(wait <= 60_000, "{shutdown}");
        }
    });
    world.restart().await;
    reading.await.unwrap();
}

async fn nothing_is_missed_over_a_restart(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut replica = Replica::of(&[&room]);
    let mut b = ben.connects().await;
    replica.ready(&b.is_ready().await);
    let ack = b.ask(replica.subscribe()).await.done();
    for frame in b.kept() {
        replica.take(&frame);
    }
    replica.subscribed(&ack);
    ana.posts(&room, "before").await;
    replica.take(&b.next("message").await);
    drop(b);
    ana.posts(&room, "meanwhile").await;

    world.restart().await;
    let (ana, ben) = (ana.at(&world.visitor()), ben.at(&world.visitor()));
    ana.posts(&room, "after").await;
    let mut b = ben.connects().await;
    replica.ready(&b.is_ready().await);
    let ack = b.ask(replica.subscribe()).await.done();
    assert_eq!(ack["rooms"][&room]["reset"], false, "the epoch is the same");
    for frame in b.kept() {
        replica.take(&frame);
    }
    replica.subscribed(&ack);
    assert_eq!(replica.rev(&room), Some(last_rev(&ben, &room).await));
    replica.must_equal_history(&room, &ben).await;
}
