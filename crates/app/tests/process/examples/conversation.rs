//! Two people talk, with the same program or with two different ones.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use acceptance::Person;
use serde_json::Value;

use super::chat::{Chat, Seat};
use super::install::{Program, python, rust, typescript};
use crate::server::Server;

/// Tokens expire during the conversation.
const TOKEN: Duration = Duration::from_secs(3);
const SETTINGS: (&str, &str) = ("JWT_EXPIRATION", "3s");
const PASSWORD: &str = "correct horse";

#[tokio::test]
async fn two_people_talk_in_typescript() {
    talk(&typescript(), &typescript()).await;
}

#[tokio::test]
async fn two_people_talk_in_python() {
    talk(&python(), &python()).await;
}

#[tokio::test]
async fn two_people_talk_in_rust() {
    talk(&rust(), &rust()).await;
}

#[tokio::test]
async fn one_talks_in_typescript_and_one_in_python() {
    talk(&typescript(), &python()).await;
}

async fn talk(anas: &Program, bens: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::with(&data, &[SETTINGS]);
    let address = server.address().to_owned();
    let url = format!("http://{address}");
    let seat = |program, name, room| sits(program, &url, name, room, folder.path());

    let mut ana = Chat::open(&seat(anas, "ana", None));
    let room = ana.sees("room ").pop().unwrap();
    let room = room.trim_start_matches("room ");
    ana.sees("* online");
    let mut ben = Chat::open(&seat(bens, "ben", Some(room)));
    ben.sees("* online");
    they_talk_for_longer_than_a_token(&mut ana, &mut ben);

    // He leaves, and comes back to exactly what he missed.
    ben.leaves();
    let missed = ["ana: are you there?", "ana: no?", "ana: then later"];
    for line in missed {
        ana.says(line.trim_start_matches("ana: "));
    }
    let mut ben = Chat::open(&seat(bens, "ben", Some(room)));
    ben.sees("* online");
    ben.types("back again");
    let seen = ben.sees("ben: back again");
    assert_eq!(seen, [&missed[..], &["ben: back again"]].concat());
    ana.sees("ben: back again");

    who_comes_with_revs_of_another_store(&mut ana, ben, &seat(bens, "ben", Some(room)));
    let mut ben = Chat::open(&seat(bens, "ben", Some(room)));
    ben.sees("* online");

    // The server is killed. What is posted meanwhile arrives when it is back, once.
    server.kill();
    for one in [&ana, &ben] {
        one.sees("* offline, coming back");
    }
    ana.types("said to nobody");
    let port = address.rsplit_once(':').unwrap().1;
    let server = Server::with(&data, &[SETTINGS, ("PORT", port)]);
    ana.sees("ana: said to nobody");
    assert_eq!(ben.sees("ana: "), ["* online", "ana: said to nobody"]);
    ben.types("/search nobody");
    assert_eq!(ben.sees("? "), ["? ana: said to nobody"]);

    ana.types("/edit said to somebody");
    assert_eq!(ben.sees("ana: "), ["ana: said to somebody (changed)"]);
    what_cannot_be_is_told(&mut ana);
    for program in [anas, bens] {
        strangers_are_told(program, &url, folder.path());
    }
    ana.leaves();
    ben.leaves();
    everything_is_there_once(&server, room, &missed).await;
    let (content, log) = server.stop();
    assert!(content && !log.contains("panicked"), "{log}");
}

fn sits<'a>(
    program: &'a Program,
    server: &'a str,
    name: &'a str,
    room: Option<&'a str>,
    folder: &'a Path,
) -> Seat<'a> {
    Seat {
        program,
        server,
        name,
        password: PASSWORD,
        room,
        folder,
    }
}

/// Back and forth, on the same sockets all the while.
fn they_talk_for_longer_than_a_token(ana: &mut Chat, ben: &mut Chat) {
    let begun = Instant::now();
    let mut said = 0;
    while begun.elapsed() < TOKEN * 2 || said < 3 {
        let (question, answer) = (format!("question {said}"), format!("answer {said}"));
        assert_eq!(ana.says(&question), [format!("ana: {question}")]);
        assert_eq!(ben.sees("ana: "), [format!("ana: {question}")]);
        assert_eq!(ben.says(&answer), [format!("ben: {answer}")]);
        assert_eq!(ana.sees("ben: "), [format!("ben: {answer}")]);
        said += 1;
    }
}

/// They are told to read the latest page, and continue from there.
fn who_comes_with_revs_of_another_store(ana: &mut Chat, ben: Chat, seat: &Seat<'_>) {
    ben.leaves();
    for words in ["page one", "page two"] {
        ana.says(words);
    }
    let path = seat.folder.join(seat.name);
    let mut kept: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert!(kept["epoch"].is_string(), "{kept}");
    kept["epoch"] = "another".into();
    fs::write(&path, kept.to_string()).unwrap();
    let ben = Chat::open(seat);
    ben.sees("* what was missed cannot be told");
    assert_eq!(ben.sees("ana: page two").len(), 2, "both and nothing else");
    ana.says("and on");
    assert_eq!(ben.sees("ana: "), ["ana: and on"]);
    ben.leaves();
}

fn what_cannot_be_is_told(chat: &mut Chat) {
    for line in [String::new(), "x".repeat(8001), "/edit".to_owned()] {
        chat.types(&line);
        let told = chat.sees("! ").pop().unwrap();
        assert!(told.starts_with("! invalid:"), "{told}");
        assert!(told.contains("content must "), "{told}");
    }
    chat.types("/dance");
    assert_eq!(chat.sees("! "), ["! /dance is not possible"]);
}

fn strangers_are_told(program: &Program, url: &str, folder: &Path) {
    let fails = |seat: &Seat<'_>, code: &str| {
        let chat = Chat::open(seat);
        chat.sees(&format!("! {code}: "));
        chat.fails();
    };
    let thief = Seat {
        password: "battery staple",
        ..sits(program, url, "ana", None, folder)
    };
    fails(&thief, "bad_credentials");
    let nowhere = "0190f5a0-0000-7000-8000-000000000000";
    let lost = sits(program, url, "carl", Some(nowhere), folder);
    fails(&lost, "not_found");
}

/// As somebody reads it who was not there.
async fn everything_is_there_once(server: &Server, room: &str, missed: &[&str]) {
    let eva = Person::register(server.client(), "eva").await;
    let eva = eva.on_another_device().await;
    eva.joins(room).await;
    let said = eva.reads_all(room).await;
    let talk = said.iter().take_while(|it| *it != "are you there?");
    let mut talked = 0;
    for (number, line) in talk.enumerate() {
        let who = if number % 2 == 0 {
            "question"
        } else {
            "answer"
        };
        assert_eq!(*line, format!("{who} {}", number / 2));
        talked += 1;
    }
    let rest = missed.iter().map(|line| line.trim_start_matches("ana: "));
    let later = [
        "back again",
        "page one",
        "page two",
        "and on",
        "said to somebody",
    ];
    let rest: Vec<_> = rest.chain(later).collect();
    assert_eq!(said.iter().skip(talked).collect::<Vec<_>>(), rest);
}
