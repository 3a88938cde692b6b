//! The port `Outbox`.

use async_trait::async_trait;
use diesel::sql_types::{Array, BigInt, Integer, Timestamptz, Uuid};
use domain::leasing::{self, Claimed, Lease};
use domain::port::Outbox;
use domain::port::jobs::Queue;
use domain::port::outbox::Claim;
use domain::{Event, EventId, Failure, NodeId};
use futures::try_join;

use crate::columns::{Key, Moment, keys};
use crate::failure::{Broken, Call};
use crate::prelude::*;
use crate::rows::{OutboxRow, Parked, ParkedRow, at_most};
use crate::schema::{outbox, outbox_lanes, outbox_parked};
use crate::{PostgresStore, events};

/// Looks for a single event per lane, so the cost does not grow with the backlog.
const WAITING: &str = "SELECT lane FROM unnest($1) AS lanes (lane) \
    WHERE EXISTS (SELECT FROM outbox WHERE outbox.lane = lanes.lane) ORDER BY lane";

/// Leases lanes that are free, expired or already the claimant's, always in lane order, which avoids
/// deadlocks. Concurrent claims wait for each other, and each gets what the previous ones left.
const TAKE: &str = "INSERT INTO outbox_lanes (lane, holder, until) \
    SELECT lane, $2, $4 FROM unnest($1) AS lanes (lane) ORDER BY lane \
    ON CONFLICT (lane) DO UPDATE SET holder = excluded.holder, until = excluded.until \
    WHERE outbox_lanes.holder = excluded.holder OR outbox_lanes.until <= $3";

/// The oldest events of each lane that the claimant holds.
const OLDEST: &str = "SELECT oldest.* FROM outbox_lanes CROSS JOIN LATERAL \
    (SELECT id, lane, at, room_id, topic, subject, num FROM outbox \
    WHERE outbox.lane = outbox_lanes.lane ORDER BY num LIMIT $4) AS oldest \
    WHERE outbox_lanes.lane = ANY($1) AND outbox_lanes.holder = $2 AND outbox_lanes.until >= $3 \
    ORDER BY oldest.lane, oldest.num";

/// Does not wait for the disk: a deletion lost in a server crash only means that the event is delivered
/// again. The setting ends with the statement's own transaction.
const SETTLE: &str = "DELETE FROM outbox WHERE id = ANY($1) \
    AND (SELECT set_config('synchronous_commit', 'off', true)) = 'off'";

#[derive(QueryableByName)]
struct Lane {
    #[diesel(sql_type = Integer)]
    lane: i32,
}

const fn call(action: &'static str) -> Call {
    Call {
        port: "outbox",
        action,
    }
}

#[async_trait]
impl Outbox for PostgresStore {
    async fn waiting(&self) -> Result<Vec<u8>, Failure> {
        let lanes: Vec<i32> = (0..Event::LANES).map(i32::from).collect();
        self.read(call("find lanes"), async |db| {
            let rows: Vec<Lane> = diesel::sql_query(WAITING)
                .bind::<Array<Integer>, _>(lanes.as_slice())
                .load(db)
                .await?;
            Ok(rows
                .into_iter()
                .filter_map(|row| u8::try_from(row.lane).ok())
                .collect())
        })
        .await
    }

    async fn claim(&self, claim: &Claim) -> Result<Vec<Event>, Failure> {
        let call = call("claim lanes");
        let held = self.read(call, async |db| held(db, claim).await).await?;
        if held.to_take.is_empty() {
            return Ok(held.events);
        }
        let to_take = held.to_take.as_slice();
        self.transact(call, async |db| {
            take_lanes(db, claim, to_take).await?;
            // A separate statement, because the one that takes the lanes does not see what was settled
            // while it waited.
            oldest(db, claim).await
        })
        .await
    }

    async fn settle(&self, events: &[EventId]) -> Result<(), Failure> {
        self.change(call("settle"), async |db| {
            diesel::sql_query(SETTLE)
                .bind::<Array<Uuid>, _>(keys(events))
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn park(&self, queue: Queue, event: &Event, reason: &str) -> Result<(), Failure> {
        self.change(call("park"), async |db| {
            diesel::insert_into(outbox_parked::table)
                .values(ParkedRow::of(queue, event, reason))
                .on_conflict_do_nothing()
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn parked(&self, queue: Queue, limit: usize) -> Result<Vec<Event>, Failure> {
        self.read(call("list parked events"), async |db| {
            let rows: Vec<Parked> = outbox_parked::table
                .filter(outbox_parked::queue.eq(queue.name()))
                .order(outbox_parked::num)
                .limit(at_most(limit))
                .select(Parked::as_select())
                .load(db)
                .await?;
            rows.into_iter().map(Parked::read).collect()
        })
        .await
    }

    async fn release(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        self.transact(call("release"), async |db| {
            let taken = take(db, queue, ids).await?;
            events::store(db, &taken).await?;
            Ok(taken.len())
        })
        .await
    }

    async fn discard(&self, queue: Queue, ids: &[EventId]) -> Result<usize, Failure> {
        self.change(call("discard"), async |db| {
            Ok(take(db, queue, ids).await?.len())
        })
        .await
    }

    async fn backlog(&self) -> Result<(i64, i64), Failure> {
        self.snapshot(call("count"), async |db| {
            let waiting = outbox::table.count().get_result(db).await?;
            let parked = outbox_parked::table.count().get_result(db).await?;
            Ok((waiting, parked))
        })
        .await
    }
}

/// What a claim finds.
struct Held {
    /// The lanes that are free, or whose lease should be renewed.
    to_take: Vec<i32>,
    /// The oldest events of the lanes that the claimant holds.
    events: Vec<Event>,
}

/// Looks whether there is anything to take. The statements are pipelined, and the second checks the
/// leases again.
async fn held(db: &AsyncPgConnection, claim: &Claim) -> Result<Held, Broken> {
    let (holds, events) = try_join!(holds(db, claim), oldest(db, claim))?;
    let mut to_take = lanes_of(claim);
    to_take.retain(|lane| {
        let hold = holds.iter().find(|hold| hold.lane == *lane);
        leasing::claim(hold.map(Hold::lease), claim.lease(), claim.now) == Claimed::Granted
    });
    Ok(Held { to_take, events })
}

/// A lane's holder, and when its lease expires.
#[derive(Queryable)]
struct Hold {
    lane: i32,
    holder: Key<NodeId>,
    until: Moment,
}

impl Hold {
    const fn lease(&self) -> Lease {
        Lease {
            holder: self.holder.0,
            until: self.until.0,
        }
    }
}

async fn holds(mut db: &AsyncPgConnection, claim: &Claim) -> Result<Vec<Hold>, Broken> {
    let holds = outbox_lanes::table.filter(outbox_lanes::lane.eq_any(lanes_of(claim)));
    Ok(holds.load(&mut db).await?)
}

async fn take_lanes(
    db: &mut AsyncPgConnection,
    claim: &Claim,
    lanes: &[i32],
) -> Result<(), Broken> {
    diesel::sql_query(TAKE)
        .bind::<Array<Integer>, _>(lanes)
        .bind::<Uuid, _>(Key(claim.holder))
        .bind::<Timestamptz, _>(Moment(claim.now))
        .bind::<Timestamptz, _>(Moment(claim.until))
        .execute(db)
        .await?;
    Ok(())
}

async fn oldest(mut db: &AsyncPgConnection, claim: &Claim) -> Result<Vec<Event>, Broken> {
    let rows: Vec<OutboxRow> = diesel::sql_query(OLDEST)
        .bind::<Array<Integer>, _>(lanes_of(claim))
        .bind::<Uuid, _>(Key(claim.holder))
        .bind::<Timestamptz, _>(Moment(claim.now))
        .bind::<BigInt, _>(at_most(claim.limit))
        .load(&mut db)
        .await?;
    rows.into_iter().map(OutboxRow::read).collect()
}

fn lanes_of(claim: &Claim) -> Vec<i32> {
    claim.lanes.iter().copied().map(i32::from).collect()
}

/// Removes parked events, and returns them.
async fn take(
    db: &mut AsyncPgConnection,
    queue: Queue,
    ids: &[EventId],
) -> Result<Vec<Event>, Broken> {
    let these = outbox_parked::table
        .filter(outbox_parked::queue.eq(queue.name()))
        .filter(outbox_parked::id.eq_any(keys(ids)));
    let rows: Vec<Parked> = diesel::delete(these)
        .returning(Parked::as_returning())
        .get_results(db)
        .await?;
    let mut events: Vec<Event> = rows
        .into_iter()
        .map(Parked::read)
        .collect::<Result<_, _>>()?;
    // `DELETE … RETURNING` has no defined order.
    events.sort_by_key(|event| (event.at, event.id));
    Ok(events)
}
