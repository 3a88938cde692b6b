//! Frames that arrived while a test was waiting for others.

use std::collections::VecDeque;

use serde_json::Value;

/// Frames in the order in which they arrived.
#[derive(Default)]
pub(crate) struct Shelf(VecDeque<Value>);

impl Shelf {
    pub(crate) fn put(&mut self, frame: Value) {
        self.0.push_back(frame);
    }

    /// Takes the first one that matches.
    pub(crate) fn take(&mut self, so: impl Fn(&Value) -> bool) -> Option<Value> {
        let found = self.0.iter().position(so)?;
        self.0.remove(found)
    }

    /// Takes all of them.
    pub(crate) fn clear(&mut self) -> Vec<Value> {
        self.0.drain(..).collect()
    }

    /// A short description of the latest frames, for the message of a failed test.
    pub(crate) fn told(&self) -> String {
        let last = self.0.iter().rev().take(20).rev();
        let told: Vec<_> = last.map(Value::to_string).collect();
        format!("{} frames, the last of them {told:#?}", self.0.len())
    }
}
