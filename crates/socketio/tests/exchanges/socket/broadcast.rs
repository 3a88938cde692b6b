//! Broadcasts to sockets on any thread.

use socketio::{Incoming, IoServer, Namespaces, Socket};

use crate::client::{Line, Poller};
use crate::server::{Server, calm};

/// Joins, leaves and sends to rooms as its client wishes.
async fn obey(socket: Socket) {
    while let Some(Incoming::Event(event)) = socket.next().await {
        let words: Vec<&str> = event.args.iter().filter_map(|arg| arg.as_str()).collect();
        let told = match (event.name.as_str(), words.as_slice()) {
            ("join", [room]) => {
                socket.join(room);
                1
            }
            ("leave", [room]) => {
                socket.leave(room);
                1
            }
            ("others", [text]) => socket.broadcast().emit("told", text).unwrap(),
            ("to", [room, text]) => socket.to(*room).emit("told", text).unwrap(),
            ("to", [room, not, text]) => socket.to(*room).except(*not).emit("told", text).unwrap(),
            ("volatile", [room, text]) => socket.to(*room).volatile().emit("told", text).unwrap(),
            _ => 0,
        };
        event.ack.unwrap().send(&told).unwrap();
    }
}

fn obedient() -> Namespaces {
    Namespaces::new()
        .on("/", async |socket, _| obey(socket).await)
        .on("/other", async |socket, _| obey(socket).await)
}

async fn connected(server: &Server) -> (Line, String) {
    let (mut line, _) = Line::open(server).await;
    line.send("40").await;
    let connected = line.text().await;
    let sid = connected.strip_prefix(r#"40{"sid":""#).unwrap();
    let sid = sid.strip_suffix("\"}").unwrap().to_owned();
    (line, sid)
}

async fn bid(line: &mut Line, order: &str, told: usize) {
    line.send(format!("427[{order}]")).await;
    assert_eq!(line.packet().await, format!("437[{told}]"), "{order}");
}

async fn hears(line: &mut Line, text: &str) {
    assert_eq!(line.packet().await, format!(r#"42["told","{text}"]"#));
}

#[actix_web::test]
async fn those_in_a_room_are_told_and_nobody_else() {
    let server = Server::serving(calm(), obedient);
    let mut lines = Vec::new();
    for _ in 0..6 {
        lines.push(connected(&server).await);
    }
    let poller = Poller::open(&server).await;
    poller.post("40").await;
    assert!(poller.poll().await.body.starts_with("40{"));
    poller.post(r#"421["join","red"]"#).await;
    assert_eq!(poller.poll().await.body, "431[1]");
    let [
        (one, _),
        (two, id),
        (three, _),
        (four, _),
        (five, _),
        (six, _),
    ] = lines.as_mut_slice()
    else {
        panic!("there are six");
    };
    bid(two, r#""join","red""#, 1).await;
    bid(three, r#""join","red""#, 1).await;
    bid(three, r#""join","blue""#, 1).await;
    bid(four, r#""join","blue""#, 1).await;
    bid(five, r#""join","red""#, 1).await;
    bid(five, r#""leave","red""#, 1).await;
    bid(one, r#""to","red","to red""#, 3).await;
    assert_eq!(poller.poll().await.body, r#"42["told","to red"]"#);
    poller.post(r#"422["leave","red"]"#).await;
    assert_eq!(poller.poll().await.body, "432[1]");
    hears(two, "to red").await;
    hears(three, "to red").await;
    bid(one, r#""to","red","blue","to red but blue""#, 1).await;
    hears(two, "to red but blue").await;
    bid(two, r#""to","red","from within""#, 1).await;
    hears(three, "from within").await;
    bid(four, r#""volatile","blue","soon""#, 1).await;
    hears(three, "soon").await;
    bid(one, &format!(r#""to","{id}","to one""#), 1).await;
    hears(two, "to one").await;
    bid(one, r#""to","nowhere","to nobody""#, 0).await;
    bid(six, r#""others","to all""#, 6).await;
    for line in [one, two, three, four, five] {
        hears(line, "to all").await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn the_server_tells_a_namespace() {
    let server = Server::serving(calm(), obedient);
    let (mut one, _) = connected(&server).await;
    let (mut two, id) = connected(&server).await;
    two.send("40/other").await;
    assert!(two.packet().await.starts_with("40/other,"));
    let io: &IoServer = &server.io;
    assert_eq!(io.of("/").emit("told", "all").unwrap(), 2);
    assert_eq!(io.of("other").emit("told", "few").unwrap(), 1);
    assert_eq!(io.of("/").count(), 2);
    hears(&mut one, "all").await;
    hears(&mut two, "all").await;
    assert_eq!(two.packet().await, r#"42/other,["told","few"]"#);
    io.of("/").to(id).disconnect(false);
    assert_eq!(two.packet().await, "41");
    assert_eq!(io.of("/").emit("told", "rest").unwrap(), 1);
    hears(&mut one, "rest").await;
    io.of("/").disconnect(true);
    assert_eq!(one.packet().await, "41");
    one.until_closed().await;
    server.stop().await;
}
