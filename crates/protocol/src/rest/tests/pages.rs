//! Queries for stretches of lists.

use insta::assert_snapshot;

use super::scene::{ID, OTHER, id, query, told_of_query};
use crate::rest::{EventsQuery, HistoryFrom, HistoryQuery, NumberedQuery, PageQuery};

#[test]
fn a_page_after_a_cursor() {
    let asked: PageQuery = query("");
    assert_eq!((asked.cursor, asked.limit), (None, 50));
    let asked: PageQuery = query(&format!("cursor={ID}&limit=20&limit=30"));
    assert_eq!(
        (asked.cursor, asked.limit),
        (Some(id(ID)), 30),
        "the last one counts"
    );
    for limit in ["0", "-1", "101"] {
        assert_eq!(
            told_of_query::<PageQuery>(&format!("limit={limit}")),
            "limit range: must be from 1 to 100"
        );
    }
    assert_snapshot!(told_of_query::<PageQuery>("cursor=abc&limit=abc"), @r#"
    cursor format: must be a UUID
    limit type: must be a whole number
    "#);
    for limit in ["1.0", "1e1", "+5", "0x10", "NaN", "--1", "-", "٣"] {
        assert_eq!(
            told_of_query::<PageQuery>(&format!("limit={}", limit.replace('+', "%2B"))),
            "limit type: must be a whole number"
        );
    }
    assert_snapshot!(told_of_query::<PageQuery>("limit=99999999999999999999"), @"limit range: is out of range");
}

#[test]
fn a_page_with_a_number() {
    let asked: NumberedQuery = query("");
    assert_eq!((asked.page, asked.limit), (1, 50));
    let asked: NumberedQuery = query("page=%203&limit=100");
    assert_eq!((asked.page, asked.limit), (3, 100));
    assert_snapshot!(told_of_query::<NumberedQuery>("page=0&limit=1000"), @r#"
    page range: must be from 1 to 9007199254740991
    limit range: must be from 1 to 100
    "#);
}

#[test]
fn history_has_four_beginnings() {
    for (asked, from) in [
        (String::new(), HistoryFrom::Newest),
        (format!("cursor={ID}"), HistoryFrom::Before(id(ID))),
        ("after=0".to_owned(), HistoryFrom::After(0)),
        ("around=9".to_owned(), HistoryFrom::Around(9)),
    ] {
        assert_eq!(
            query::<HistoryQuery>(&asked),
            HistoryQuery { from, limit: 50 }
        );
    }
}

#[test]
fn history_begins_only_once() {
    assert_snapshot!(told_of_query::<HistoryQuery>(&format!(
        "cursor={OTHER}&after=1&around=2&limit=0"
    )), @r#"
    after exclusive: only one of cursor, after and around can be asked for
    around exclusive: only one of cursor, after and around can be asked for
    limit range: must be from 1 to 100
    "#);
    assert_snapshot!(told_of_query::<HistoryQuery>("after=1&around=2"), @"around exclusive: only one of cursor, after and around can be asked for");
    assert_snapshot!(told_of_query::<HistoryQuery>("cursor=a&after=-1&around=b"), @r#"
    cursor format: must be a UUID
    after range: must be from 0 to 9007199254740991
    around type: must be a whole number
    "#);
}

#[test]
fn events_since() {
    let asked: EventsQuery = query("");
    assert_eq!((asked.since, asked.epoch, asked.limit), (0, None, 200));
    let asked: EventsQuery = query("since=9007199254740991&epoch=e1&limit=1000");
    assert_eq!(
        (asked.since, asked.epoch.as_deref(), asked.limit),
        ((1 << 53) - 1, Some("e1"), 1000)
    );
    assert_snapshot!(told_of_query::<EventsQuery>(&format!(
        "since=9007199254740992&epoch={}&limit=1001", "x".repeat(65)
    )), @r#"
    since range: must be from 0 to 9007199254740991
    epoch too_long: must have at most 64 characters
    limit range: must be from 1 to 1000
    "#);
    assert_snapshot!(told_of_query::<EventsQuery>("since=now&epoch=%00&limit=-"), @r#"
    since type: must be a whole number
    epoch format: must not contain U+0000
    limit type: must be a whole number
    "#);
}
