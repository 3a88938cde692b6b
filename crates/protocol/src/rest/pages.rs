//! Queries for pages of lists.

use schemars::JsonSchema;
use uuid::Uuid;
use validator::Validate;

use crate::limits::{EPOCH_MAX, EVENTS_DEFAULT, EVENTS_MAX, PAGE_DEFAULT, PAGE_MAX, PLACE_MAX};
use crate::{FieldCode, Fields, Query, schema};

/// The query of any list with cursor pagination.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct PageQuery {
    /// Where the previous page ended.
    pub cursor: Option<Uuid>,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    #[schemars(default = "schema::page_limit")]
    pub limit: i64,
}

impl Query for PageQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            cursor: fields.id("cursor").optional(),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
        }
    }
}

/// The query of any list with numbered pages.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct NumberedQuery {
    /// The number of the page, from 1.
    #[validate(range(min = 1, max = PLACE_MAX))]
    #[schemars(default = "schema::first_page")]
    pub page: i64,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    #[schemars(default = "schema::page_limit")]
    pub limit: i64,
}

impl Query for NumberedQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            page: fields.whole("page").or(1),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
        }
    }
}

/// Which part of a room's history is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistoryFrom {
    /// The newest messages.
    #[default]
    Newest,
    /// Those before this message: `cursor` on the wire.
    Before(Uuid),
    /// Those after this seq, in ascending order: `after`.
    After(i64),
    /// Those around this seq: `around`.
    Around(i64),
}

/// `GET /api/rooms/{id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Validate)]
pub struct HistoryQuery {
    /// Which part.
    pub from: HistoryFrom,
    /// The page size.
    #[validate(range(min = 1, max = PAGE_MAX))]
    pub limit: i64,
}

impl Query for HistoryQuery {
    fn read(fields: &mut Fields) -> Self {
        let cursor = fields.id("cursor").optional().map(HistoryFrom::Before);
        let after = fields.place("after").optional().map(HistoryFrom::After);
        let around = fields.place("around").optional().map(HistoryFrom::Around);
        for (name, is_second) in [
            ("after", after.is_some() && cursor.is_some()),
            ("around", around.is_some() && cursor.or(after).is_some()),
        ] {
            if is_second {
                let message = "only one of cursor, after and around can be asked for";
                fields.note(name, FieldCode::Exclusive, message);
            }
        }
        Self {
            from: cursor.or(after).or(around).unwrap_or_default(),
            limit: fields.whole("limit").or(PAGE_DEFAULT),
        }
    }
}

/// `GET /api/rooms/{id}/events`.
#[derive(Clone, Debug, PartialEq, Eq, Validate, JsonSchema)]
pub struct EventsQuery {
    /// The last rev that the client has; 0 if it has none.
    #[schemars(default, range(min = 0, max = PLACE_MAX))]
    pub since: i64,
    /// The epoch of that rev.
    #[validate(length(max = EPOCH_MAX))]
    pub epoch: Option<String>,
    /// The maximum number of changes.
    #[validate(range(min = 1, max = EVENTS_MAX))]
    #[schemars(default = "schema::events_limit")]
    pub limit: i64,
}

impl Query for EventsQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            since: fields.place("since").or(0),
            epoch: fields.text("epoch").optional(),
            limit: fields.whole("limit").or(EVENTS_DEFAULT),
        }
    }
}
