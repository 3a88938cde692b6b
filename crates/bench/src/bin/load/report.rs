//! The report: tables of figures, and targets beside results.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::time::Duration;

/// Rows of figures below their column names.
pub(crate) struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: &[&'static str]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Prints it with the first column aligned left and the figures aligned right.
    pub(crate) fn print(&self, title: &str) {
        println!("\n{title}\n");
        let names: Vec<String> = self.columns.iter().map(|&name| name.to_owned()).collect();
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&names]);
            let lengths = cells
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count());
            lengths.max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..names.len()).map(width).collect();
        for row in [&names].into_iter().chain(&self.rows) {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, width))| match column {
                    0 => format!("{cell:<width$}"),
                    _ => format!("{cell:>width$}"),
                })
                .collect();
            println!("  {}", cells.join("  "));
        }
    }
}

/// A target.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    AtLeast(f64),
    AtMost(f64),
}

/// Targets and results.
#[derive(Default)]
pub(crate) struct Verdict {
    lines: Vec<(String, bool)>,
}

impl Verdict {
    /// Adds a result; `what` names its unit.
    pub(crate) fn note(&mut self, what: &str, found: f64, asked: Asked) {
        let (good, asked) = match asked {
            Asked::AtLeast(bound) => (found >= bound, format!("at least {bound}")),
            Asked::AtMost(bound) => (found <= bound, format!("at most {bound}")),
        };
        let mark = if good { "ok" } else { "MISSED" };
        let line = format!("  {what:<72} {found:>9.2}   asked: {asked:<14} {mark}");
        self.lines.push((line, good));
    }

    /// Prints all results. Returns whether all targets were met.
    pub(crate) fn print(&self) -> bool {
        if !self.lines.is_empty() {
            println!("\nAsked and found\n");
        }
        for (line, _) in &self.lines {
            println!("{line}");
        }
        self.lines.iter().all(|(_, good)| *good)
    }
}

/// Reports progress.
#[expect(clippy::print_stderr, reason = "it is not what was found")]
pub(crate) fn tell(what: &str) {
    eprintln!("… {what}");
}

/// Prints a note on the figures.
pub(crate) fn remark(what: &str) {
    println!("  note: {what}");
}

pub(crate) fn milliseconds(span: Duration) -> String {
    format!("{:.2}", span.as_secs_f64() * 1000.0)
}

/// A count with thousands separators.
pub(crate) fn thousands(count: f64) -> String {
    let digits = format!("{count:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (count, text) in [
            (0.0, "0"),
            (999.4, "999"),
            (1_000.0, "1,000"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(thousands(count), text);
        }
    }

    #[test]
    fn one_thing_missed_is_not_as_asked() {
        let mut verdict = Verdict::default();
        verdict.note("speed", 40.0, Asked::AtLeast(40.0));
        assert!(verdict.print());
        verdict.note("cost", 6.1, Asked::AtMost(6.0));
        assert!(!verdict.print());
    }
}
