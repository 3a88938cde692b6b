//! Calling the model within limits.

use std::sync::Arc;
use std::time::Duration;

use domain::Failure;
use domain::port::budget::Day;
use domain::port::summariser::{Digest, Line, Material, Piece, SummariseError, Telling};
use domain::port::{Budget, Clock, Summariser};
use futures::TryStreamExt as _;
use tokio::time::timeout;

use super::bill::Bill;
use super::breaker::Breaker;
use super::ear::Ear;

/// The estimated tokens of a request besides its material: the instructions and the answer.
const BESIDES: u64 = 1_500;

/// Why a part was not made by the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The day's budget is spent.
    Budget,
    /// It has failed too often recently.
    Breaker,
    /// The material is too long for the model, however it is split.
    TooLong,
    /// It refused, or its answer was not a summary.
    Refused,
    /// It could not be reached.
    Away,
    /// It took too long.
    Slow,
}

impl Reason {
    /// A label for the log and for metrics.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Breaker => "breaker",
            Self::TooLong => "too_long",
            Self::Refused => "refused",
            Self::Away => "away",
            Self::Slow => "slow",
        }
    }
}

/// A model behind what keeps its cost bounded: a daily budget, a timeout per answer, and a circuit
/// breaker.
pub(super) struct Guard {
    pub(super) model: Arc<dyn Summariser>,
    budget: Arc<dyn Budget>,
    clock: Arc<dyn Clock>,
    breaker: Breaker,
    limits: GuardLimits,
}

/// The limits on a model.
#[derive(Clone, Copy, Debug)]
pub(super) struct GuardLimits {
    /// The timeout of one answer.
    pub(super) timeout: Duration,
    /// Tokens per day; 0 means without limit.
    pub(super) daily_tokens: u64,
}

impl Guard {
    pub(super) fn new(
        model: Arc<dyn Summariser>,
        budget: Arc<dyn Budget>,
        clock: Arc<dyn Clock>,
        limits: GuardLimits,
    ) -> Self {
        Self {
            model,
            budget,
            breaker: Breaker::new(Arc::clone(&clock)),
            clock,
            limits,
        }
    }

    /// Asks the model to summarise the material, and passes its pieces on. This does not retry: the model's
    /// adapter knows when a second attempt helps, and makes it.
    pub(super) async fn ask(
        &self,
        material: &Material,
        telling: &Telling,
        bill: &Bill,
        ear: Option<&Ear>,
    ) -> Result<Digest, Reason> {
        if !self.breaker.lets_through() {
            return Err(Reason::Breaker);
        }
        let worst = weight(material).saturating_add(BESIDES);
        let day = Day::of(self.clock.now());
        if !self.has_left(day, worst).await {
            return Err(Reason::Budget);
        }
        bill.asked();
        let answer = timeout(self.limits.timeout, self.hear(material, telling, ear)).await;
        // What a request cost that timed out or was answered with nonsense is unknown, so the most that
        // it may have cost counts as spent.
        let (spent, told) = match answer {
            Ok(Ok(digest)) => {
                let spent = counted(&digest, worst);
                bill.spent(spent);
                self.breaker.answered();
                (spent.0.saturating_add(spent.1), Ok(digest))
            }
            Ok(Err(SummariseError::TooLong)) => (0, Err(Reason::TooLong)),
            Ok(Err(SummariseError::Refused)) => {
                self.breaker.failed();
                (worst, Err(Reason::Refused))
            }
            Ok(Err(SummariseError::Failed(failure))) => {
                self.breaker.failed();
                tracing::warn!(error = %failure.chain(), "a call to the summary model failed");
                (0, Err(Reason::Away))
            }
            Err(_elapsed) => {
                self.breaker.failed();
                (worst, Err(Reason::Slow))
            }
        };
        self.settle(day, worst, spent).await;
        told
    }

    /// Reads the model's whole answer.
    #[tracing::instrument(skip_all, name = "model", fields(otel.kind = "client"))]
    async fn hear(
        &self,
        material: &Material,
        telling: &Telling,
        ear: Option<&Ear>,
    ) -> Result<Digest, SummariseError> {
        let mut pieces = self.model.summarise(material, telling).await?;
        while let Some(piece) = pieces.try_next().await? {
            match (piece, ear) {
                (Piece::Delta(text), Some(ear)) => ear.tell(&text),
                (Piece::Delta(_), None) => (),
                (Piece::Done(digest), _) => return Ok(digest),
            }
        }
        let silent = Failure::passing("summariser", "tell", "it ended without a summary");
        Err(SummariseError::Failed(silent))
    }

    async fn has_left(&self, day: Day, amount: u64) -> bool {
        let most = self.limits.daily_tokens;
        if most == 0 {
            return true;
        }
        match self.budget.set_aside(day, amount, most).await {
            Ok(granted) => granted,
            Err(failure) => {
                // Without a count nothing is spent: the total could grow without being noticed.
                tracing::warn!(
                    error = %failure.chain(),
                    "could not read the daily token budget; summarising without the model"
                );
                false
            }
        }
    }

    async fn settle(&self, day: Day, set_aside: u64, spent: u64) {
        if self.limits.daily_tokens == 0 {
            return;
        }
        if let Err(failure) = self.budget.settle(day, set_aside, spent).await {
            tracing::warn!(
                error = %failure.chain(),
                "could not settle the cost of a summary; its reservation counts as spent"
            );
        }
    }
}

/// The tokens that an answer cost; the worst case, if the model does not count them.
const fn counted(digest: &Digest, worst: u64) -> (u64, u64) {
    match digest.tokens {
        (0, 0) => (worst, 0),
        counted => counted,
    }
}

/// The approximate number of tokens, rather too high than too low: four ASCII characters make one, and
/// any other character may be one by itself.
pub(super) fn weight(material: &Material) -> u64 {
    let (parts, lines) = match material {
        Material::Lines(lines) => (&[][..], lines),
        Material::Parts { parts, tail } => (parts.as_slice(), tail),
    };
    let told = parts.iter().map(|part| {
        let bullets = part.bullets.iter().map(|bullet| {
            let cited = u64::try_from(bullet.seqs.len()).unwrap_or(u64::MAX);
            letters(&bullet.text)
                .saturating_add(cited.saturating_mul(3))
                .saturating_add(12)
        });
        letters(&part.summary)
            .saturating_add(bullets.sum::<u64>())
            .saturating_add(12)
    });
    let said = lines.iter().map(weight_of_line);
    told.chain(said).fold(0, u64::saturating_add)
}

fn weight_of_line(line: &Line) -> u64 {
    let around = letters(&line.speaker).saturating_add(24);
    letters(&line.text).saturating_add(around)
}

fn letters(text: &str) -> u64 {
    let (mut ascii, mut others) = (0_u64, 0_u64);
    for letter in text.chars() {
        let count = if letter.is_ascii() {
            &mut ascii
        } else {
            &mut others
        };
        *count = count.saturating_add(1);
    }
    ascii.div_ceil(4).saturating_add(others)
}
