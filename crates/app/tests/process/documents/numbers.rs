//! The dashboard and the alerts use metrics that exist.

use std::collections::BTreeMap;
use std::fs;

use super::pages::root;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// The metrics that the server describes, by name.
fn counted() -> BTreeMap<String, Kind> {
    let source = fs::read_to_string(root().join("crates/app/src/metrics.rs")).unwrap();
    let mut counted = BTreeMap::new();
    for (word, kind) in [
        ("describe_counter!(", Kind::Counter),
        ("describe_gauge!(", Kind::Gauge),
        ("describe_histogram!(", Kind::Histogram),
    ] {
        for after in source.split(word).skip(1) {
            let name = after.split('"').nth(1).unwrap();
            counted.insert(name.to_owned(), kind);
        }
    }
    assert!(counted.len() > 20, "{counted:?}");
    counted
}

/// The names of our metrics in a text.
fn names(text: &str) -> Vec<String> {
    let after = text.split("tertulia_").skip(1);
    let end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let rests = after.map(|after| after.split(end).next().unwrap());
    rests.map(|rest| format!("tertulia_{rest}")).collect()
}

/// Whether a series belongs to one of the metrics.
fn of_series(series: &str, counted: &BTreeMap<String, Kind>) -> bool {
    if let Some(kind) = counted.get(series) {
        return *kind != Kind::Histogram;
    }
    let parts = ["_bucket", "_sum", "_count"];
    let mut bases = parts.iter().filter_map(|part| series.strip_suffix(part));
    bases.any(|base| counted.get(base) == Some(&Kind::Histogram))
}

#[test]
fn dashboards_and_alarms_ask_for_what_is_counted() {
    let counted = counted();
    for file in [
        "deploy/grafana/tertulia.json",
        "deploy/prometheus/alerts.yaml",
    ] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let asked = names(&text);
        assert!(asked.len() > 5, "{file}: {asked:?}");
        for name in asked {
            assert!(of_series(&name, &counted), "{file} asks for {name}");
        }
    }
}

#[test]
fn every_number_is_in_the_documents() {
    let read = |name| fs::read_to_string(root().join("docs").join(name)).unwrap();
    let documents = read("operations.md") + &read("jobs.md");
    let told = names(&documents);
    let counted = counted();
    for name in counted.keys() {
        assert!(
            told.contains(name),
            "{name} is in neither operations.md nor jobs.md"
        );
    }
    for name in told {
        let known = counted.contains_key(&name) || of_series(&name, &counted);
        assert!(known, "the documents tell of {name}, which nobody counts");
    }
}

#[test]
fn a_name_that_nobody_counts_is_noticed() {
    let counted = counted();
    assert!(of_series("tertulia_http_request_seconds_bucket", &counted));
    for name in [
        "tertulia_nothing_total",
        "tertulia_http_request_seconds",
        "tertulia_messages_appended_total_bucket",
    ] {
        assert!(!of_series(name, &counted), "{name}");
    }
}
