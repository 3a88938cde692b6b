//! Asking what was missed.

use insta::assert_snapshot;

use super::scene::{query, told_of_query};
use crate::rest::{SummaryQuery, SummarySince, SummaryStyle};

#[test]
fn a_summary_begins_where_one_was_joined_or_somewhere() {
    let nothing = SummaryQuery {
        since: SummarySince::Read,
        style: SummaryStyle::Bullets,
    };
    for (asked, since) in [
        ("", SummarySince::Read),
        ("since=", SummarySince::Read),
        ("since=read&style=bullets", SummarySince::Read),
        ("since=join", SummarySince::Join),
        ("since=%20join%20", SummarySince::Join),
        ("since=0", SummarySince::Place(0)),
        (
            "since=9007199254740991",
            SummarySince::Place(9_007_199_254_740_991),
        ),
    ] {
        let expected = SummaryQuery { since, ..nothing };
        assert_eq!(query::<SummaryQuery>(asked), expected, "{asked}");
    }
    let brief = query::<SummaryQuery>("style=brief");
    assert_eq!(brief.style, SummaryStyle::Brief);
    for since in ["-1", "9007199254740992"] {
        assert_eq!(
            told_of_query::<SummaryQuery>(&format!("since={since}")),
            "since range: must be read, join, or a seq from 0 to 9007199254740991"
        );
    }
    assert_snapshot!(told_of_query::<SummaryQuery>("since=READ&style=long"), @r#"
    since type: must be read, join, or a seq from 0 to 9007199254740991
    style format: must be one of bullets, brief
    "#);
}
