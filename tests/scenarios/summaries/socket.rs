//! Summaries over `/api/ws`.

use acceptance::{Socket, World, scenarios};
use serde_json::{Value, json};

use super::scene::{missed_by, reads_everything};

scenarios![
    a_socket_is_told_piece_by_piece,
    what_is_wrong_with_the_question_is_told,
    other_commands_go_on_meanwhile,
];

/// All frames up to the response to a frame, and the response.
async fn told(socket: &mut Socket, frame: Value) -> (Vec<Value>, Value) {
    let id = socket.asks(frame.clone()).await;
    let answer = socket.reply(id, frame).await.done();
    let parts = socket.kept().into_iter();
    let parts = parts.filter(|frame| frame["type"] == "summary_part" && frame["id"] == id);
    (parts.collect(), answer)
}

async fn a_socket_is_told_piece_by_piece(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[&ben]).await;
    let mut socket = ben.connects().await;
    let (parts, answer) = told(&mut socket, json!({ "type": "summary", "roomId": room })).await;
    let text: String = parts
        .iter()
        .map(|part| part["text"].as_str().unwrap())
        .collect();
    let summary = &answer["summary"];
    assert_eq!(text, summary["summary"].as_str().unwrap());
    assert!(parts.iter().all(|part| part["roomId"] == room.as_str()));
    assert_eq!(summary["messageCount"], 6);

    reads_everything(&ben, &room).await;
    let (parts, answer) = told(&mut socket, json!({ "type": "summary", "roomId": room })).await;
    assert_eq!(
        (parts.len(), &answer["summary"]["bullets"]),
        (0, &json!([]))
    );
    let since = json!({ "type": "summary", "roomId": room, "since": 4, "style": "brief" });
    let (_, answer) = told(&mut socket, since).await;
    assert_eq!(answer["summary"]["fromSeq"], 5);
}

async fn what_is_wrong_with_the_question_is_told(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[]).await;
    let mut socket = ben.connects().await;
    let ask = json!({ "type": "summary", "roomId": room });
    socket.ask(ask.clone()).await.refused("forbidden");
    let bad = json!({ "type": "summary", "roomId": "here", "since": "noon", "style": "long" });
    assert_eq!(socket.ask(bad).await.fields(), ["roomId", "since", "style"]);
    // Without an id there can be no response.
    socket.tells(ask).await;
    let error = socket.next("error").await;
    assert_eq!(
        (&error["code"], &error["errors"][0]["field"]),
        (&json!("invalid"), &json!("id"))
    );
    socket
        .ask(json!({ "type": "subscribe", "rooms": {} }))
        .await
        .done();
}

async fn other_commands_go_on_meanwhile(world: &mut World) {
    let (ana, ben) = (world.person("ana").await, world.person("ben").await);
    let room = missed_by(&ana, &[&ben]).await;
    let mut socket = ben.connects().await;
    let ask = json!({ "type": "summary", "roomId": room });
    let asked = socket.asks(ask.clone()).await;
    let posted = socket.posts(&room, "I am back").await;
    assert_eq!(posted["content"], "I am back");
    let answer = socket.reply(asked, ask).await.done();
    assert!(answer["summary"]["messageCount"].as_i64().unwrap() >= 6);
}

/// A world in which few unread messages are worth a summary.
mod hinted {
    use super::{World, json, missed_by, reads_everything, scenarios};

    scenarios![
        with &[("TERTULIA_SUMMARIES__WORTH", "6")];
        who_comes_back_to_much_is_told_that_it_is_worth_asking,
    ];

    async fn who_comes_back_to_much_is_told_that_it_is_worth_asking(world: &mut World) {
        let (ana, ben) = (world.person("ana").await, world.person("ben").await);
        let room = missed_by(&ana, &[&ben]).await;
        let mut socket = ben.connects().await;
        socket.subscribes(&room).await;
        let hint = socket.next("summary_hint").await;
        assert_eq!(
            (&hint["roomId"], &hint["unread"]),
            (&json!(room), &json!(6))
        );

        reads_everything(&ben, &room).await;
        socket.subscribes(&room).await;
        // Whatever follows the ack has arrived before the next one.
        socket
            .ask(json!({ "type": "presence", "roomId": room }))
            .await
            .done();
        assert!(
            socket
                .kept()
                .iter()
                .all(|frame| frame["type"] != "summary_hint")
        );
    }
}
