//! Links between documents lead somewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::pages::{Page, pages, root};

/// What is between `](` and `)`.
fn links(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let after = prose.split("](").skip(1);
    let links = after.filter_map(|after| after.split_once(')').map(|(link, _)| link));
    links.map(str::to_owned).collect()
}

/// The anchor of a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    let words: String = heading.to_lowercase().chars().filter(kept).collect();
    words.trim().replace(' ', "-")
}

fn anchors(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let page = Page {
        path: path.to_owned(),
        text,
    };
    let prose = page.prose();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn links_lead_to_files_and_headings_that_there_are() {
    let mut seen = 0;
    let mut wrong = BTreeMap::new();
    for page in pages() {
        for link in links(&page) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                page.path.clone()
            } else {
                page.path.parent().unwrap().join(file)
            };
            let leads = target.exists()
                && (heading.is_empty() || anchors(&target).iter().any(|it| it == heading));
            if !leads {
                wrong.insert(page.name(), link);
            }
        }
    }
    assert!(wrong.is_empty(), "they lead nowhere: {wrong:#?}");
    assert!(seen > 50, "{seen} links were found");
}

/// The table of contents lists every document, and none twice.
#[test]
fn every_document_is_in_the_contents() {
    let contents = fs::read_to_string(root().join("docs/README.md")).unwrap();
    let entries = fs::read_dir(root().join("docs")).unwrap();
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let is_page = Path::new(&name)
            .extension()
            .is_some_and(|kind| kind == "md");
        if is_page && name != "README.md" {
            let link = format!("]({name})");
            assert_eq!(
                contents.matches(&link).count(),
                1,
                "{name} in docs/README.md"
            );
        }
    }
    let decisions = fs::read_to_string(root().join("docs/decisions/README.md")).unwrap();
    for entry in fs::read_dir(root().join("docs/decisions")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let listed = decisions.contains(&format!("]({name})"));
        assert!(
            listed || name == "README.md",
            "{name} in docs/decisions/README.md"
        );
    }
}
