//! The cost of a summary.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::guard::Reason;
use crate::lock::lock;

/// The cost of one summary, collected by everything that works on it and recorded at the end.
#[derive(Debug, Default)]
pub(super) struct Bill {
    cached: AtomicU64,
    made: AtomicU64,
    calls: AtomicU64,
    tokens_in: AtomicU64,
    tokens_out: AtomicU64,
    reasons: Mutex<BTreeSet<&'static str>>,
}

/// The cost of a summary so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Costs {
    /// Parts that came from the cache.
    pub(super) cached: u64,
    /// Parts that were made for it.
    pub(super) made: u64,
    /// Calls to the model.
    pub(super) calls: u64,
    pub(super) tokens: (u64, u64),
    /// Why parts were not made by the model.
    pub(super) reasons: Vec<&'static str>,
}

impl Bill {
    /// Counts a part from the cache.
    pub(super) fn found(&self) {
        self.cached.fetch_add(1, Ordering::Relaxed);
        metrics::counter!("tertulia_summary_parts_total", "from" => "cache").increment(1);
    }

    /// Counts a part that was made.
    pub(super) fn made(&self, by: &'static str) {
        self.made.fetch_add(1, Ordering::Relaxed);
        metrics::counter!("tertulia_summary_parts_total", "from" => by).increment(1);
    }

    /// Counts a call to the model.
    pub(super) fn asked(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        metrics::counter!("tertulia_summary_model_calls_total").increment(1);
    }

    /// Adds the tokens that went in and came out.
    pub(super) fn spent(&self, (inward, outward): (u64, u64)) {
        self.tokens_in.fetch_add(inward, Ordering::Relaxed);
        self.tokens_out.fetch_add(outward, Ordering::Relaxed);
        let counted = |direction: &'static str, tokens| {
            metrics::counter!("tertulia_summary_tokens_total", "direction" => direction)
                .increment(tokens);
        };
        counted("in", inward);
        counted("out", outward);
    }

    /// Records that a part was made without the model.
    pub(super) fn without_model(&self, reason: Reason) {
        let mut reasons = lock(&self.reasons);
        reasons.insert(reason.word());
        metrics::counter!("tertulia_summary_degraded_total", "reason" => reason.word())
            .increment(1);
    }

    /// The cost so far.
    pub(super) fn costs(&self) -> Costs {
        let reasons = lock(&self.reasons);
        Costs {
            cached: self.cached.load(Ordering::Relaxed),
            made: self.made.load(Ordering::Relaxed),
            calls: self.calls.load(Ordering::Relaxed),
            tokens: (
                self.tokens_in.load(Ordering::Relaxed),
                self.tokens_out.load(Ordering::Relaxed),
            ),
            reasons: reasons.iter().copied().collect(),
        }
    }
}
