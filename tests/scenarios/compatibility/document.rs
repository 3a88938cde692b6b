//! Checks docs/compatibility.md: everything that the five systems document has a row, and the tests that a row
//! names exist, in every world.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use acceptance::World;

use super::documented::{SYSTEMS, System};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/compatibility.md");
const WORLDS: [&str; 4] = ["memory", "embedded", "production", "cluster"];

/// A row of the document: one route, event or queue.
#[derive(Debug)]
struct Row {
    documented: String,
    shown_by: Vec<String>,
}

#[test]
fn everything_documented_has_its_row() {
    for system in &SYSTEMS {
        let rows = rows_of(system);
        let named: Vec<&str> = rows.iter().map(|row| row.documented.as_str()).collect();
        let documented = [system.routes, system.events, system.queues].concat();
        assert_eq!(named, documented, "of {}", system.title);
    }
}

#[test]
fn every_row_is_shown_by_tests_that_are_there() {
    let tests = tests_of_this_program();
    for row in SYSTEMS.iter().flat_map(rows_of) {
        assert!(!row.shown_by.is_empty(), "nothing shows it: {row:?}");
        for name in &row.shown_by {
            let (module, scenario) = name.rsplit_once("::").unwrap();
            for world in WORLDS {
                let test = format!("{module}::{world}::{scenario}");
                assert!(tests.contains(&test), "there is no {test}: {row:?}");
            }
        }
    }
}

#[test]
fn every_scenario_of_a_system_is_told_of() {
    let text = fs::read_to_string(DOCUMENT).unwrap();
    let files = SYSTEMS.iter().map(|system| system.scenarios);
    let files: Vec<String> = files
        .chain(["limits"])
        .map(|file| format!("compatibility::{file}::memory::"))
        .collect();
    let mut found = 0;
    for test in tests_of_this_program() {
        if files.iter().any(|file| test.starts_with(file)) {
            let name = test.replace("memory::", "");
            assert!(text.contains(&format!("`{name}`")), "{name} is not told of");
            found += 1;
        }
    }
    assert!(found >= SYSTEMS.len(), "{found} scenarios");
}

/// A row marked "the same" must name a route of this server, with the same method.
#[test]
fn every_documented_route_is_served() {
    World::memory().run(async |world: &mut World| {
        let told = world.visitor().get("/openapi.json").await.expect(200);
        let paths = told["paths"].as_object().unwrap();
        let mut served = BTreeSet::new();
        for (path, methods) in paths {
            let path = path.split('/').map(without_names).collect::<Vec<_>>();
            for method in methods.as_object().unwrap().keys() {
                let method = method.to_uppercase();
                served.insert(format!("{method} {}", path.join("/")));
            }
        }
        for row in SYSTEMS.iter().flat_map(rows_of) {
            let route = row.documented.split('?').next().unwrap();
            let route = route.split('/').map(without_names).collect::<Vec<_>>();
            let route = route.join("/");
            let is_route = route.contains(" /");
            assert!(!is_route || served.contains(&route), "no {route}: {row:?}");
        }
    });
}

/// A segment of a path, with the names of parameters removed.
fn without_names(part: &str) -> &str {
    if part.starts_with(':') || part.starts_with('{') {
        "*"
    } else {
        part
    }
}

/// The rows of the tables under a system's heading.
fn rows_of(system: &System) -> Vec<Row> {
    let text = fs::read_to_string(DOCUMENT).unwrap();
    let heading = format!("## {}", system.title);
    let section = text.lines().skip_while(|line| *line != heading).skip(1);
    let section = section.take_while(|line| !line.starts_with("## "));
    let rows: Vec<Row> = section.filter_map(row).collect();
    assert!(!rows.is_empty(), "there are no rows under {heading:?}");
    rows
}

/// A line of a table whose first cell is in code.
fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let documented = cells.first()?.strip_prefix('`')?.strip_suffix('`')?;
    let [_, tertulia, _, shown_by, ""] = cells.as_slice() else {
        panic!("a row has four cells: {line}");
    };
    assert!(!tertulia.is_empty(), "where it is in Tertulia: {line}");
    // In code, separated by commas.
    let shown_by = shown_by.split('`').skip(1).step_by(2);
    Some(Row {
        documented: documented.to_owned(),
        shown_by: shown_by.map(str::to_owned).collect(),
    })
}

/// The names of all tests in this program, as it lists them itself.
fn tests_of_this_program() -> BTreeSet<String> {
    let mut program = Command::new(std::env::current_exe().unwrap());
    let listed = program.args(["--list", "--format", "terse"]);
    let listed = listed.output().unwrap();
    assert!(listed.status.success(), "{listed:?}");
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    names.map(str::to_owned).collect()
}
