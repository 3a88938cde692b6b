//! What a room of a million messages costs, against one of ten: the same, or people pay for their past.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use bench::{Archive, Resident};
use serde_json::{Value, json};

use crate::figures::{float, median};
use crate::http::Http;
use crate::options::{Run, World};
use crate::report::{Asked, Table, Verdict, tell, thousands};
use crate::stamp;
use crate::subject::Subject;

/// What the small room holds, and what is read of both.
const FEW: u64 = 10;
/// How often each thing is done in each room.
const CALLS: usize = 300;
/// Noise alone is less than this.
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
    let mut visitors: Vec<Visitor> = residents
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
        // In turns, so that both rooms meet the same neighbours.
        for _ in 0..CALLS {
            for (visitor, taken) in visitors.iter_mut().zip(&mut taken) {
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

/// What people do in a room.
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

/// Somebody in their only room.
struct Visitor {
    http: Http,
    token: String,
    room: String,
    last_seq: u64,
    last_rev: u64,
}

impl Visitor {
    fn enter(subject: &Subject, resident: &Resident) -> anyhow::Result<Self> {
        let mut http = Http::connect(subject.address())?;
        let who = json!({ "email": resident.username, "password": Archive::PASSWORD });
        let signed_in = http.post("/api/auth/login", "", &who)?;
        let token = crate::subject::text(&signed_in, "token")?;
        let room = http.get(&format!("/api/rooms/{}", resident.room), &token)?;
        let number = |name| {
            room.get(name)
                .and_then(Value::as_u64)
                .context("a room has numbers")
        };
        Ok(Self {
            last_seq: number("lastSeq")?,
            last_rev: number("lastRev")?,
            room: resident.room.clone(),
            token,
            http,
        })
    }

    fn run(&mut self, errand: Errand) -> anyhow::Result<Duration> {
        let Self {
            room,
            last_seq,
            last_rev,
            ..
        } = self;
        let path = match errand {
            Errand::NewestPage => format!("/api/rooms/{room}/messages?limit={FEW}"),
            Errand::MiddlePage => {
                format!(
                    "/api/rooms/{room}/messages?around={}&limit={FEW}",
                    *last_seq / 2
                )
            }
            Errand::CatchUp => format!("/api/rooms/{room}/events?since={}", *last_rev - FEW),
            Errand::Unread => "/api/rooms/mine".to_owned(),
            Errand::Append => format!("/api/rooms/{room}/messages"),
        };
        let started = Instant::now();
        if matches!(errand, Errand::Append) {
            let text = stamp::text(stamp::nanos(started));
            self.http
                .post(&path, &self.token, &json!({ "content": text }))?;
        } else {
            self.http.get(&path, &self.token)?;
        }
        Ok(started.elapsed())
    }
}
