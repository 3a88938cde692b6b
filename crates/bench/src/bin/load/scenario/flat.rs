//! Compares a room of a million messages with one of ten: latency must not depend on the size of the history.

use std::time::{Duration, Instant};

use bench::{Archive, Resident};
use tertulia_client::rest::HistoryFrom;
use tertulia_client::{Account, Draft, Error};
use uuid::Uuid;

use crate::figures::{float, median};
use crate::options::{Run, World};
use crate::report::{Asked, Table, Verdict, tell, thousands};
use crate::rest::Rest;
use crate::stamp;
use crate::subject::Subject;

/// The size of the small room.
const FEW: u64 = 10;
const PAGE: u32 = 10;
/// How often each operation is done in each room.
const CALLS: usize = 300;
/// The ratio up to which the two count as equal; noise stays below it.
const FLAT: f64 = 1.5;

pub(crate) fn flat(run: &Run, messages: u64, verdict: &mut Verdict) -> anyhow::Result<()> {
    let world = run.world.unwrap_or(World::Embedded);
    let (subject, residents) = Subject::tertulia_after(run, world, |settings| {
        tell(&format!(
            "a room fills with {} messages",
            thousands(float(messages))
        ));
        Archive::fill(settings, &[FEW, messages])
    })?;
    let visitors: Vec<Visitor> = residents
        .iter()
        .map(|resident| Visitor::enter(&subject, resident))
        .collect::<Result<_, _>>()?;
    let great = format!("of {}, µs", thousands(float(messages)));
    let mut table = Table::new(&[
        "what",
        "in a room of 10, µs",
        "in the great room, µs",
        "ratio",
    ]);
    for errand in Errand::ALL {
        tell(errand.name());
        let mut taken = vec![Vec::with_capacity(CALLS); visitors.len()];
        // Alternately, so that noise affects both rooms alike.
        for _ in 0..CALLS {
            for (visitor, taken) in visitors.iter().zip(&mut taken) {
                taken.push(visitor.run(errand)?.as_secs_f64() * 1e6);
            }
        }
        let medians: Vec<f64> = taken.into_iter().map(median).collect();
        if let [small, large] = *medians.as_slice() {
            let ratio = large / small;
            table.row(vec![
                errand.name().to_owned(),
                format!("{small:.0}"),
                format!("{large:.0}"),
                format!("{ratio:.2}"),
            ]);
            let what = format!("flat: {}, great room against small", errand.name());
            verdict.note(&what, ratio, Asked::AtMost(FLAT));
        }
    }
    table.print(&format!(
        "Flat: {}, a room of {FEW} messages and one {great}",
        subject.name
    ));
    Ok(())
}

/// An operation on a room.
#[derive(Clone, Copy)]
enum Errand {
    NewestPage,
    MiddlePage,
    CatchUp,
    Unread,
    Append,
}

impl Errand {
    /// Appending comes last, because it makes the small room larger.
    const ALL: [Self; 5] = [
        Self::NewestPage,
        Self::MiddlePage,
        Self::CatchUp,
        Self::Unread,
        Self::Append,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::NewestPage => "newest page of history",
            Self::MiddlePage => "page from the middle",
            Self::CatchUp => "catch-up of ten changes",
            Self::Unread => "unread",
            Self::Append => "append",
        }
    }
}

/// A user and their only room.
struct Visitor {
    rest: Rest,
    account: Account,
    room: Uuid,
    last_seq: i64,
    last_rev: i64,
}

impl Visitor {
    fn enter(subject: &Subject, resident: &Resident) -> anyhow::Result<Self> {
        let rest = Rest::of(subject.address())?;
        let login = rest.server.login(&resident.username, Archive::PASSWORD);
        let account = rest.wait(login)?;
        let room = rest.wait(account.room(resident.room.parse()?))?;
        Ok(Self {
            rest,
            account,
            room: room.id,
            last_seq: room.last_seq,
            last_rev: room.last_rev,
        })
    }

    fn run(&self, errand: Errand) -> anyhow::Result<Duration> {
        let started = Instant::now();
        self.rest.wait(self.go(errand, started))?;
        Ok(started.elapsed())
    }

    async fn go(&self, errand: Errand, now: Instant) -> Result<(), Error> {
        let (account, room) = (&self.account, self.room);
        let page = async |from| account.history(room, from, Some(PAGE)).await.map(drop);
        match errand {
            Errand::NewestPage => page(HistoryFrom::Newest).await,
            Errand::MiddlePage => page(HistoryFrom::Around(self.last_seq / 2)).await,
            Errand::CatchUp => {
                let since = self.last_rev - i64::from(PAGE);
                account.changes(room, since, None).await.map(drop)
            }
            Errand::Unread => account.my_rooms().await.map(drop),
            Errand::Append => {
                let draft = Draft::text(stamp::text(stamp::nanos(now)));
                account.post(room, draft).await.map(drop)
            }
        }
    }
}
