//! Frames that came while something else was waited for.

use std::collections::VecDeque;

use serde_json::Value;

/// Frames in the order in which they came.
#[derive(Default)]
pub(crate) struct Shelf(VecDeque<Value>);

impl Shelf {
    pub(crate) fn put(&mut self, frame: Value) {
        self.0.push_back(frame);
    }

    /// Takes the first one that is so.
    pub(crate) fn take(&mut self, so: impl Fn(&Value) -> bool) -> Option<Value> {
        let found = self.0.iter().position(so)?;
        self.0.remove(found)
    }

    /// Takes them all.
    pub(crate) fn clear(&mut self) -> Vec<Value> {
        self.0.drain(..).collect()
    }

    /// What there is, in short, for whoever looked in vain.
    pub(crate) fn told(&self) -> String {
        let last = self.0.iter().rev().take(20).rev();
        let told: Vec<_> = last.map(Value::to_string).collect();
        format!("{} frames, the last of them {told:#?}", self.0.len())
    }
}
