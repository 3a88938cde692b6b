//! Finding messages.

use domain::port::messages::Change;
use domain::port::search::MessageQuery;
use domain::search_text::words;
use domain::{MessageId, RoomId, UserId};

use crate::made::{edit, emoji, ids, react};
use crate::{Store, at, fresh, new_message, unique};

pub async fn all_words_must_be_in_a_message(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let mark = unique("w");
    let texts = [
        "The RELEASE is on Friday.",
        "The releases are on Friday.",
        "Prerelease, friday",
        "release\nthe kraken",
        "Ça va, Zoë? R2-D2 (c3po)!",
        "Ca va, Zoe?",
        "Привет, МИР",
        "Γειά σου κόσμε",
        "über_straße",
    ];
    for text in texts {
        store.post(room, ana, &format!("{text} {mark}")).await;
    }

    // (the query, where it is found)
    let table: &[(&str, &[usize])] = &[
        ("release friday", &[0]),
        ("FRIDAY release", &[0]),
        ("friday", &[0, 1, 2]),
        ("friday friday", &[0, 1, 2]),
        ("release", &[0, 3]),
        ("rele", &[]),
        ("release tuesday", &[]),
        ("ÇA", &[4]),
        ("ca", &[5]),
        ("zoë", &[4]),
        ("d2 R2", &[4]),
        ("R2-D2", &[4]),
        ("r2d2", &[]),
        ("C3PO", &[4]),
        ("мир ПРИВЕТ", &[6]),
        ("мир привет friday", &[]),
        ("ΚΌΣΜΕ", &[7]),
        ("ÜBER", &[8]),
        ("straße", &[8]),
    ];
    for (sought, expected) in table {
        let mut query = everywhere(ana, &format!("{sought} {mark}"));
        query.limit = 100;
        let mut found = store.search.messages(&query).await.unwrap();
        found.sort_by_key(|message| message.seq);
        let places = found.iter().map(|message| message.seq.get() - 1);
        let expected = expected.iter().map(|place| i64::try_from(*place).unwrap());
        assert!(places.eq(expected), "{sought}: {found:?}");
    }
}

pub async fn a_search_finds_the_present_text(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let [old, new, kept] = [unique("old"), unique("new"), unique("kept")];
    let message = store.post(room, ana, &format!("{kept} {old}")).await;
    let finds = async |word: &str| find(store, &everywhere(ben, word)).await == [message.id];
    assert!(finds(&old).await && finds(&kept).await && !finds(&new).await);

    let edited = store
        .change(&message, ana, edit(&format!("{new} {kept}")))
        .await;
    assert!(!finds(&old).await && finds(&kept).await && finds(&new).await);

    // A hit is the message as the searcher sees it.
    let reacted = store.change(&edited, ben, react(&emoji(1))).await;
    let hits = store.search.messages(&everywhere(ben, &new)).await;
    assert_eq!(hits.unwrap(), [reacted]);

    store.change(&message, ana, Change::Delete).await;
    assert!(!finds(&old).await && !finds(&kept).await && !finds(&new).await);
}

pub async fn a_search_stays_within_ones_rooms(store: &Store) {
    let [ana, ben] = store.people().await;
    let word = unique("w");
    let mine = store.room(ana, &[ben]).await.id;
    let foreign = store.room(ana, &[]).await.id;
    let left = store.private_room(ana, &[ben]).await.id;
    let gone = store.room(ana, &[ben]).await.id;
    let late = store.room_of_joined_history(ana, &[]).await.id;
    let say = async |room| store.post(room, ana, &word).await.id;

    let seen = say(mine).await;
    for room in [foreign, left, gone, late] {
        say(room).await;
    }
    store.leave(left, ben).await;
    store.delete_room(gone, ana).await;
    store.join(late, ben).await;
    let after = say(late).await;
    assert_eq!(find(store, &everywhere(ben, &word)).await, [after, seen]);
    for (room, expected) in [
        (mine, vec![seen]),
        (late, vec![after]),
        (foreign, vec![]),
        (left, vec![]),
        (gone, vec![]),
        (fresh(), vec![]),
    ] {
        let query = MessageQuery {
            room: Some(room),
            ..everywhere(ben, &word)
        };
        assert_eq!(find(store, &query).await, expected);
    }

    // A member who joins again starts anew.
    store.leave(late, ben).await;
    assert_eq!(find(store, &everywhere(ben, &word)).await, [seen]);
    store.join(late, ben).await;
    assert_eq!(find(store, &everywhere(ben, &word)).await, [seen]);
}

pub async fn a_search_is_narrowed_by_room_sender_and_time(store: &Store) {
    let [ana, ben] = store.people().await;
    let word = unique("w");
    let (here, there) = (
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[ben]).await.id,
    );
    let say = async |room, sender, millis| {
        let mut new = new_message(room, sender, &word);
        new.at = at(millis);
        store.append(new).await.id
    };
    let one = say(here, ana, 10).await;
    let two = say(here, ben, 20).await;
    let three = say(there, ana, 20).await;
    let four = say(there, ben, 30).await;

    let all = everywhere(ana, &word);
    let narrowed = async |room: Option<RoomId>, from: Option<UserId>, after, before| {
        let query = MessageQuery {
            room,
            from,
            after,
            before,
            ..all.clone()
        };
        find(store, &query).await
    };
    assert_eq!(
        narrowed(None, None, None, None).await,
        [four, three, two, one]
    );
    assert_eq!(narrowed(Some(here), None, None, None).await, [two, one]);
    assert_eq!(narrowed(None, Some(ben), None, None).await, [four, two]);
    assert_eq!(
        narrowed(None, None, Some(at(20)), None).await,
        [four, three, two]
    );
    assert_eq!(narrowed(None, None, Some(at(21)), None).await, [four]);
    assert_eq!(narrowed(None, None, None, Some(at(20))).await, [one]);
    assert_eq!(
        narrowed(None, None, None, Some(at(21))).await,
        [three, two, one]
    );
    let moment = (Some(at(20)), Some(at(30)));
    assert_eq!(narrowed(None, None, moment.0, moment.1).await, [three, two]);
    assert_eq!(
        narrowed(Some(there), Some(ana), moment.0, moment.1).await,
        [three]
    );
    assert_eq!(
        narrowed(Some(there), Some(ana), None, Some(at(20))).await,
        []
    );
}

pub async fn hits_are_newest_first_page_by_page(store: &Store) {
    let [ana] = store.people().await;
    let word = unique("w");
    let rooms = [store.room(ana, &[]).await.id, store.room(ana, &[]).await.id];

    // The ids rise, yet they are not stored in that order: nodes' clocks differ.
    let mut batch: Vec<_> = rooms
        .iter()
        .cycle()
        .take(7)
        .map(|room| new_message(*room, ana, &word))
        .collect();
    let mut expected: Vec<MessageId> = batch.iter().map(|new| new.id).collect();
    expected.reverse();
    batch.rotate_left(3);
    for new in batch {
        store.append(new).await;
        store.post(rooms[0], ana, "noise").await;
    }

    let mut query = MessageQuery {
        limit: 3,
        ..everywhere(ana, &word)
    };
    let mut met = Vec::new();
    for size in [3, 3, 1, 0] {
        let page = find(store, &query).await;
        assert_eq!(page.len(), size);
        met.extend(page);
        query.cursor = met.last().copied();
    }
    assert_eq!(met, expected);
}

pub async fn operators_are_plain_text(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let mark = unique("w");
    let say = async |text: &str| store.post(room, ana, &format!("{text} {mark}")).await.id;
    let plain = say("rock roll").await;
    let spelled = say(r#""rock" AND -roll* NEAR(50%_off) 'or' \ column:text ^"#).await;

    let sought = async |text: &str| {
        let query = everywhere(ana, &format!("{text} {mark}"));
        find(store, &query).await
    };
    assert_eq!(sought("rock roll").await, [spelled, plain]);
    assert_eq!(sought(r#""rock roll""#).await, [spelled, plain]);
    assert_eq!(sought("rock -roll").await, [spelled, plain]);
    assert_eq!(sought("rock AND roll").await, [spelled]);
    for text in [
        "NOT rock",
        "rock NOT sand",
        "ro*",
        "ro%",
        "r_ck",
        "^rock sand",
        "title:rock",
        "rock OR sand",
    ] {
        assert_eq!(sought(text).await, [], "{text}");
    }
    for text in ["near", "off 50%", "or", "column:text", "AND", r"'or' \"] {
        assert_eq!(sought(text).await, [spelled], "{text}");
    }

    people_with_operators(store).await;
}

async fn people_with_operators(store: &Store) {
    let mark = unique("");
    let name = format!("a_{mark}");
    let user = store.user_called(&name, &format!("q{mark} 100%")).await;
    store.user_called(&format!("ab{mark}"), "somebody").await;
    let found = async |prefix: String| {
        let people = store.search.people(&prefix, 10).await.unwrap();
        people.iter().map(|person| person.id).collect::<Vec<_>>()
    };
    assert_eq!(found(name.clone()).await, [user.id]);
    assert_eq!(found(format!("q{mark}")).await, [user.id]);
    for operator in ["%", "_", "*", "\\", "'", "\"", "-", "^", "%_", "_%"] {
        for prefix in [format!("{operator}{mark}"), format!("q{mark}{operator}")] {
            assert_eq!(found(prefix).await, [], "{operator}");
        }
    }
}

fn everywhere(reader: UserId, sought: &str) -> MessageQuery {
    MessageQuery {
        reader,
        words: words(sought),
        room: None,
        from: None,
        before: None,
        after: None,
        cursor: None,
        limit: 10,
    }
}

async fn find(store: &Store, query: &MessageQuery) -> Vec<MessageId> {
    ids(&store.search.messages(query).await.unwrap())
}
