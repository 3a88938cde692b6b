//! Parses the tables.

use reqwest::Method;

/// The rows for one kind of room.
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) rows: Vec<Row>,
}

/// A request, and the expected responses.
pub(super) struct Row {
    pub(super) request: Request,
    /// The columns, and the expected response for each.
    pub(super) cells: Vec<(&'static str, &'static str)>,
}

/// A request, with placeholders in braces.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) body: Option<&'static str>,
}

/// The columns of users with an account.
const EVERYBODY: [&str; 6] = ["stranger", "member", "admin", "owner", "banned", "blocked"];

/// Parses the table of responses.
pub(super) fn answers() -> Vec<Section> {
    let mut sections: Vec<(Section, Vec<&str>)> = Vec::new();
    for line in lines(include_str!("answers.txt")) {
        if let Some(heading) = line.strip_prefix('[') {
            let (name, columns) = heading.split_once(']').unwrap();
            let rows = Vec::new();
            sections.push((Section { name, rows }, columns.split_whitespace().collect()));
        } else {
            let (section, columns) = sections.last_mut().unwrap();
            let (request, cells) = halves(line);
            let cells = cells.split_whitespace().collect::<Vec<_>>();
            assert_eq!(cells.len(), columns.len(), "cells of {line}");
            let cells = columns.iter().zip(cells);
            section.rows.push(Row {
                request,
                cells: cells.flat_map(|(who, told)| each(who, told)).collect(),
            });
        }
    }
    sections.into_iter().map(|(section, _)| section).collect()
}

/// The lines of a table without its comments.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The request on the left of the bar, and the text on the right of it.
pub(super) fn halves(line: &'static str) -> (Request, &'static str) {
    let (request, rest) = line
        .split_once(" | ")
        .unwrap_or_else(|| panic!("no bar: {line}"));
    let (method, request) = request.split_once(' ').unwrap();
    let request = request.trim();
    let (path, body) = request.split_at(request.find(" {\"").unwrap_or(request.len()));
    let body = Some(body.trim()).filter(|body| !body.is_empty());
    let method = method.parse().unwrap();
    (Request { method, path, body }, rest.trim())
}

fn each(who: &'static str, told: &'static str) -> Vec<(&'static str, &'static str)> {
    if who == "everybody" {
        EVERYBODY.map(|who| (who, told)).into()
    } else {
        vec![(who, told)]
    }
}
