//! Summarising what a member missed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::port::limiter::LimitKey;
use domain::port::messages::View;
use domain::port::summariser::{Bullet, Style};
use domain::port::{Clock, RoomLog, Rooms, Users};
use domain::{Failure, Membership, Message, Refusal, RoomId, Seq, Username};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use super::ask::{Ask, Since};
use super::bill::Bill;
use super::desk::Desk;
use super::ear::Ear;
use super::flights::Flights;
use super::gather::Reader;
use super::guard::{Guard, GuardLimits};
use super::plan::{Grid, Span};
use super::range_summary::RangeSummary;
use super::shelf::Shelf;
use super::tree::Walk;
use crate::access::{Inside, inside};
use crate::present::Names;
use crate::throttle::Throttle;
use crate::{Caller, Error, Policy, Ports, Quota, Summaries, SummaryView};

/// How many of the participants are named.
const PARTICIPANTS: usize = 20;

/// How often to check, while pieces are streamed, that the caller may still read the room.
const LOOK: Duration = Duration::from_millis(900);

/// Tells members what was said since they last looked, and nothing that they may not read.
pub struct Summarise {
    desk: Arc<Desk>,
    rooms: Arc<dyn Rooms>,
    users: Arc<dyn Users>,
    room_log: Arc<dyn RoomLog>,
    clock: Arc<dyn Clock>,
    names: Arc<Names>,
    throttle: Throttle,
    policy: Summaries,
}

/// A summary that the caller may have, and that is not made yet.
#[derive(Clone, Debug)]
pub struct Opened {
    caller: Caller,
    room: RoomId,
    span: Span,
    style: Style,
    /// What is left of the caller's limit.
    pub quota: Option<Quota>,
}

impl Opened {
    /// Whether there is nothing to tell.
    pub const fn is_empty(&self) -> bool {
        self.span.len() == 0
    }
}

impl Summarise {
    pub(crate) fn new(ports: &Ports, names: &Arc<Names>, policy: &Policy) -> Self {
        let summaries = policy.summaries;
        let limits = GuardLimits {
            timeout: summaries.timeout,
            daily_tokens: summaries.daily_tokens,
        };
        let guard = ports.model.as_ref().map(|model| {
            let (budget, clock) = (Arc::clone(&ports.budget), Arc::clone(&ports.clock));
            Guard::new(Arc::clone(model), budget, clock, limits)
        });
        let desk = Desk {
            shelf: Shelf::new(ports),
            reader: Reader::new(&ports.messages, names),
            flights: Flights::default(),
            guard,
            local: Arc::clone(&ports.summariser),
            clock: Arc::clone(&ports.clock),
            room_log: Arc::clone(&ports.room_log),
            grid: Grid {
                places: summaries.stretch,
                fan: summaries.gathered,
            },
            keep: summaries.kept,
            places: Semaphore::new(summaries.at_once),
        };
        Self {
            desk: Arc::new(desk),
            rooms: Arc::clone(&ports.rooms),
            users: Arc::clone(&ports.users),
            room_log: Arc::clone(&ports.room_log),
            clock: Arc::clone(&ports.clock),
            names: Arc::clone(names),
            throttle: Throttle::new(ports),
            policy: summaries,
        }
    }

    /// Checks whether the caller may have a summary, and of which span.
    #[tracing::instrument(skip_all, name = "open_summary")]
    pub async fn open(&self, caller: &Caller, room: RoomId, ask: Ask) -> Result<Opened, Error> {
        let inside = inside(&*self.rooms, room, caller.user).await?;
        let own = LimitKey::Summaries(caller.user);
        let quota = self.throttle.admit(&own, self.policy.of_person).await?;
        let span = Span {
            after: self.after(&inside, ask.since).await?,
            up_to: inside.room.last_seq,
        };
        let opened = Opened {
            caller: *caller,
            room,
            span: self.desk.grid.within_reach(span, self.policy.reach),
            style: ask.style,
            quota,
        };
        if !opened.is_empty() {
            let rooms = LimitKey::RoomSummaries(room);
            if let Err(limited) = self.throttle.admit(&rooms, self.policy.of_room).await {
                self.throttle.give_back(&own, self.policy.of_person).await;
                return Err(limited);
            }
        }
        Ok(opened)
    }

    /// Makes the summary, and streams its pieces. A caller who loses access to the room meanwhile gets
    /// nothing more.
    #[tracing::instrument(skip_all, name = "tell_summary")]
    pub async fn tell(&self, opened: Opened, ear: Option<Ear>) -> Result<SummaryView, Error> {
        if opened.is_empty() {
            return Ok(self.nothing(&opened));
        }
        let begun = Instant::now();
        let bill = Arc::new(Bill::default());
        let is_heard = ear.is_some();
        let told = tokio::select! {
            biased;
            lost = self.lost(&opened), if is_heard => Err(lost),
            told = self.told(&opened, &bill, ear.map(Arc::new)) => told,
        };
        let told = match told {
            Ok(told) => told,
            Err(error) => {
                metrics::counter!("tertulia_summaries_total", "answer" => "failed").increment(1);
                return Err(error);
            }
        };
        self.is_still_inside(&opened).await?;
        let view = self.view(&opened, &told, &bill).await?;
        written_down(&opened, &view, &bill, begun);
        Ok(view)
    }

    /// Cancels the summaries that are being made.
    pub async fn close(&self) {
        self.desk.flights.close().await;
    }

    async fn told(
        &self,
        opened: &Opened,
        bill: &Arc<Bill>,
        ear: Option<Arc<Ear>>,
    ) -> Result<Arc<RangeSummary>, Error> {
        let Opened { room, span, .. } = *opened;
        let user = opened.caller.user;
        let reader = self.users.find(&[user]).await?.pop();
        let reader: Username = reader.ok_or(Refusal::NotFound)?.username;
        let heads = self.room_log.heads(&[room]).await?;
        let head = heads.first().ok_or(Refusal::NotFound)?;
        let places = self.desk.grid.places;
        let stretches = self
            .room_log
            .stretches(room, (span.after, span.up_to), places);
        let revs = stretches.await?.into_iter();
        let walk = Walk {
            desk: Arc::clone(&self.desk),
            room,
            room_rev: head.rev,
            revs: revs
                .map(|stretch| (stretch.number, stretch.rev))
                .collect::<BTreeMap<_, _>>(),
            reader: user,
            bill: Arc::clone(bill),
            by: Instant::now() + self.policy.patience,
        };
        let still = self.is_still_inside(opened);
        walk.whole(span, (opened.style, &reader), ear, still).await
    }

    /// Waits until the caller, while pieces are streamed to them, has lost access to the room.
    async fn lost(&self, opened: &Opened) -> Error {
        loop {
            sleep(LOOK).await;
            if let Err(error @ Error::Refused(_)) = self.is_still_inside(opened).await {
                return error;
            }
        }
    }

    /// Whether this many unread messages are worth a summary.
    pub const fn is_worth(&self, unread: i64) -> bool {
        self.policy.worth > 0 && unread >= self.policy.worth
    }

    /// The position after which the summary starts.
    async fn after(&self, inside: &Inside, since: Since) -> Result<Seq, Error> {
        let (floor, last) = (inside.membership.from_seq, inside.room.last_seq);
        let wanted = match since {
            Since::Read => inside.membership.cursors.read,
            Since::Place(seq) => seq,
            // A member who can read only what came after they joined starts there already.
            Since::Join if floor > Seq::ZERO => floor,
            Since::Join => self.joined_at(inside).await?,
        };
        Ok(wanted.max(floor).min(last))
    }

    /// The last position before the member joined. Messages are ordered by time, except for the clock
    /// skew between nodes.
    async fn joined_at(&self, inside: &Inside) -> Result<Seq, Failure> {
        let view = View::whole(inside.room.id);
        let (mut low, mut high) = (0, inside.room.last_seq.get());
        while low < high {
            let middle = low + (high - low) / 2;
            let place = Seq::new(middle).unwrap_or(Seq::ZERO);
            let next = self.desk.reader.first_after(&view, place).await?;
            if next.is_some_and(|next| is_before(&next, &inside.membership)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(Seq::new(low).unwrap_or(Seq::ZERO))
    }

    async fn is_still_inside(&self, opened: &Opened) -> Result<(), Error> {
        let now = inside(&*self.rooms, opened.room, opened.caller.user).await?;
        if now.membership.from_seq > opened.span.after {
            return Err(Refusal::NotFound.into());
        }
        Ok(())
    }

    async fn view(
        &self,
        opened: &Opened,
        told: &RangeSummary,
        bill: &Bill,
    ) -> Result<SummaryView, Failure> {
        let loudest = told.said.loudest(PARTICIPANTS);
        let people = self.names.of(&loudest.iter().copied().collect()).await?;
        let participants = loudest.iter().filter_map(|user| people.get(user));
        Ok(SummaryView {
            summary: told.digest.summary.clone(),
            bullets: cited(&told.digest.bullets, opened.span),
            from: opened.span.first(),
            to: opened.span.up_to,
            messages: told.said.messages,
            participants: participants.map(|user| (**user).clone()).collect(),
            model: told.digest.model.clone(),
            cached: bill.costs().made == 0,
            degraded: told.degraded,
            at: told.at,
        })
    }

    fn nothing(&self, opened: &Opened) -> SummaryView {
        metrics::counter!("tertulia_summaries_total", "answer" => "empty").increment(1);
        SummaryView {
            summary: String::new(),
            bullets: Vec::new(),
            from: opened.span.first(),
            to: opened.span.up_to,
            messages: 0,
            participants: Vec::new(),
            model: self.desk.maker().to_owned(),
            cached: false,
            degraded: false,
            at: self.clock.now(),
        }
    }
}

/// Whether a message predates a member's joining. Within the same millisecond, the revs decide.
fn is_before(message: &Message, membership: &Membership) -> bool {
    let places = (message.created_at, message.rev);
    places < (membership.joined_at, membership.rev)
}

/// Drops citations outside the span, and bullets that are left without any.
fn cited(bullets: &[Bullet], span: Span) -> Vec<Bullet> {
    let kept = bullets.iter().map(|bullet| {
        let mut bullet = bullet.clone();
        bullet.seqs.retain(|seq| span.holds(*seq));
        bullet
    });
    kept.filter(|bullet| !bullet.seqs.is_empty()).collect()
}

/// Records what the summary cost, in the log and in metrics.
fn written_down(opened: &Opened, view: &SummaryView, bill: &Bill, begun: Instant) {
    let costs = bill.costs();
    let answer = match (view.degraded, view.cached) {
        (true, _) => "degraded",
        (false, true) => "cached",
        (false, false) => "made",
    };
    metrics::counter!("tertulia_summaries_total", "answer" => answer).increment(1);
    metrics::histogram!("tertulia_summary_seconds").record(begun.elapsed());
    tracing::info!(
        room = %opened.room,
        from = view.from.get(),
        to = view.to.get(),
        messages = view.messages,
        parts_cached = costs.cached,
        parts_made = costs.made,
        model = view.model,
        calls = costs.calls,
        tokens_in = costs.tokens.0,
        tokens_out = costs.tokens.1,
        seconds = begun.elapsed().as_secs_f64(),
        degraded = view.degraded,
        reasons = costs.reasons.join(","),
        "summary finished"
    );
}
