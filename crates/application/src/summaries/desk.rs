//! Making the parts of summaries.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use domain::port::cache::CacheKey;
use domain::port::messages::View;
use domain::port::summariser::{Digest, Piece, SummariseError};
use domain::port::{Clock, RoomLog, Summariser};
use domain::{Failure, Rev, Username};
use futures::TryStreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::sleep;

use super::bill::Bill;
use super::concern::put_first;
use super::ear::Ear;
use super::flights::Flights;
use super::gather::Reader;
use super::guard::{Guard, Reason};
use super::making::{Gathered, Making, Source};
use super::plan;
use super::range_summary::RangeSummary;
use super::sharing::Sharing;
use super::shelf::Shelf;

/// How often to check whether another node has made what this one waits for.
const LOOK: Duration = Duration::from_millis(100);

/// How long other nodes wait for a node that died while holding a claim.
const CLAIM: Duration = Duration::from_secs(6);
/// How often a live node renews its claim: one that is slow for a moment does not lose it.
const HOLD_ON: Duration = Duration::from_secs(2);

/// Makes the parts of summaries, each once however many requests ask for it.
pub(super) struct Desk {
    pub(super) shelf: Shelf,
    pub(super) reader: Reader,
    pub(super) flights: Flights,
    /// The model, if one is configured.
    pub(super) guard: Option<Guard>,
    /// Makes what the model does not.
    pub(super) local: Arc<dyn Summariser>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) room_log: Arc<dyn RoomLog>,
    pub(super) grid: plan::Grid,
    /// How long a summary is cached.
    pub(super) keep: Duration,
    /// Limits how many are made at once.
    pub(super) places: Semaphore,
}

impl Desk {
    /// The maker of summaries, as long as nothing fails.
    pub(super) fn maker(&self) -> &str {
        match &self.guard {
            Some(guard) => guard.model.maker(),
            None => self.local.maker(),
        }
    }

    /// The cached summary, if there is one. It is no longer used once one of the authors has deleted their
    /// account: it contains a name that must not be shown.
    pub(super) async fn find(&self, key: &CacheKey) -> Result<Option<RangeSummary>, Failure> {
        let Some(told) = self.shelf.find(key).await else {
            return Ok(None);
        };
        let nameless = self.reader.nameless(&told.said).await?;
        Ok((nameless == told.said.nameless).then_some(told))
    }

    /// Makes a part, unless another node makes it first.
    pub(super) async fn make(
        self: Arc<Self>,
        making: Making,
        bill: Arc<Bill>,
        ear: Option<Arc<Ear>>,
    ) -> Result<RangeSummary, Failure> {
        let key = making.key(self.maker());
        let place = loop {
            let place = self.place().await?;
            if let Some(told) = self.find(&key).await? {
                bill.found();
                return Ok(told);
            }
            if self.shelf.claim(&key, CLAIM).await {
                break place;
            }
            drop(place);
            sleep(LOOK).await;
        };
        let made = tokio::select! {
            made = self.make_claimed(&making, &key, &bill, ear.as_deref()) => made,
            never = self.hold_on(&key) => never,
        };
        self.shelf.release(&key).await;
        drop(place);
        made
    }

    /// Makes a part without the model, which was too slow or failed.
    pub(super) async fn make_locally(&self, making: &Making) -> Result<RangeSummary, Failure> {
        let key = making.key(self.local.maker());
        if let Some(mut told) = self.find(&key).await? {
            told.degraded = true;
            return Ok(told);
        }
        let gathered = self.gather(making).await?;
        let told = self.tell_locally(making, &gathered, None).await?;
        let told = self.told(making, told, &gathered);
        if !told.degraded {
            self.keep(making, &key, &told).await?;
        }
        Ok(RangeSummary {
            degraded: true,
            ..told
        })
    }

    async fn make_claimed(
        &self,
        making: &Making,
        key: &CacheKey,
        bill: &Bill,
        ear: Option<&Ear>,
    ) -> Result<RangeSummary, Failure> {
        let gathered = self.gather(making).await?;
        if gathered.is_silent() {
            return Ok(self.told(making, silence(self.maker()), &gathered));
        }
        let of_words = making.key_of_words(self.maker(), &gathered.material);
        if !gathered.degraded
            && let Some(told) = self.find(&of_words).await?
        {
            bill.found();
            self.keep(making, key, &told).await?;
            return Ok(told);
        }
        let told = match &self.guard {
            None => {
                bill.made("local");
                let digest = self.tell_locally(making, &gathered, ear).await?;
                self.told(making, digest, &gathered)
            }
            Some(guard) => {
                let mut sharing = Sharing::new(guard, bill);
                let asked = sharing.ask(&gathered.material, &making.telling, ear);
                match asked.await {
                    Ok(digest) => {
                        bill.made("model");
                        self.told(making, digest, &gathered)
                    }
                    Err(reason) => return self.tell_instead(making, reason, bill).await,
                }
            }
        };
        // A fallback summary is not cached under the model's key: the model may be back for the next
        // request.
        if !told.degraded {
            self.keep(making, key, &told).await?;
            self.keep(making, &of_words, &told).await?;
        }
        Ok(told)
    }

    async fn tell_instead(
        &self,
        making: &Making,
        reason: Reason,
        bill: &Bill,
    ) -> Result<RangeSummary, Failure> {
        bill.without_model(reason);
        bill.made("local");
        self.make_locally(making).await
    }

    async fn gather(&self, making: &Making) -> Result<Gathered, Failure> {
        match &making.source {
            Source::Messages => {
                // Starts at the span, whatever the reader's own floor is.
                let view = View {
                    floor: making.span.after,
                    ..View::whole(making.room)
                };
                let spoken = self.reader.read(&view, making.span).await?;
                Ok(Gathered::of_messages(spoken))
            }
            Source::Parts(parts, tail) => Ok(Gathered::of_parts(parts, tail.clone())),
        }
    }

    async fn tell_locally(
        &self,
        making: &Making,
        gathered: &Gathered,
        ear: Option<&Ear>,
    ) -> Result<Digest, Failure> {
        if gathered.is_silent() {
            return Ok(silence(self.local.maker()));
        }
        let told = self
            .local
            .summarise(&gathered.material, &making.telling)
            .await;
        let mut pieces = told.map_err(lost)?;
        while let Some(piece) = pieces.try_next().await.map_err(lost)? {
            match (piece, ear) {
                (Piece::Delta(text), Some(ear)) => ear.tell(&text),
                (Piece::Delta(_), None) => (),
                (Piece::Done(digest), _) => return Ok(digest),
            }
        }
        let silent = "it ended without a summary";
        Err(Failure::lasting("summariser", "tell", silent))
    }

    fn told(&self, making: &Making, digest: Digest, gathered: &Gathered) -> RangeSummary {
        let reader = making.telling.reader.as_deref();
        let digest = match reader.and_then(|name| Username::parse(name).ok()) {
            Some(reader) => put_first(digest, &reader, &gathered.material),
            None => digest,
        };
        RangeSummary {
            digest,
            said: gathered.said.clone(),
            at: self.clock.now(),
            degraded: gathered.degraded,
        }
    }

    /// Caches a summary, and removes it again if its messages have changed since they were read: the
    /// change has already invalidated the cache, and will not do so again.
    async fn keep(
        &self,
        making: &Making,
        key: &CacheKey,
        told: &RangeSummary,
    ) -> Result<(), Failure> {
        self.shelf.keep(key, told, self.keep).await;
        if self.has_changed(making).await? {
            self.shelf.remove(key).await;
        }
        Ok(())
    }

    async fn has_changed(&self, making: &Making) -> Result<bool, Failure> {
        let heads = self.room_log.heads(&[making.room]).await?;
        if heads
            .first()
            .is_some_and(|head| head.rev == making.room_rev)
        {
            return Ok(false);
        }
        let bounds = (making.span.after, making.span.up_to);
        let whole = self
            .room_log
            .stretches(making.room, bounds, NonZeroU32::MAX);
        let last: Option<Rev> = whole.await?.iter().map(|stretch| stretch.rev).max();
        Ok(last != Some(making.rev))
    }

    /// Renews a claim for as long as this future is polled.
    async fn hold_on(&self, key: &CacheKey) -> ! {
        loop {
            sleep(HOLD_ON).await;
            self.shelf.hold_on(key, CLAIM).await;
        }
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, Failure> {
        let place = self.places.acquire().await;
        place.map_err(|closed| Failure::passing("summaries", "make", closed))
    }
}

/// The summary of a range without messages.
fn silence(maker: &str) -> Digest {
    Digest {
        summary: String::new(),
        bullets: Vec::new(),
        model: maker.to_owned(),
        tokens: (0, 0),
    }
}

/// The local summariser depends on nothing, so any error is a defect.
fn lost(error: SummariseError) -> Failure {
    match error {
        SummariseError::Failed(failure) => failure,
        other @ (SummariseError::TooLong | SummariseError::Refused) => {
            Failure::lasting("summariser", "tell", other)
        }
    }
}
