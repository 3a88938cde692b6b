//! The exchange of a refresh token.
//!
//! One change of one document decides it: the replacement becomes the session's `current` token and the
//! presented one its `previous`, provided that the session is live and the presented one is still
//! `current`. Of several concurrent exchanges exactly one matches.
//!
//! Everything else is done before, so that a caller that is cancelled in between, or loses the server,
//! leaves nothing that a retry does not put right:
//!
//! 1. The replacement is recorded in `refresh_tokens`. If nothing else happens, it was not sent to
//!    anyone and nobody else can derive it; the presented token is as valid as before.
//! 2. The change. From now on the presented token is `previous`: within the grace period it is answered
//!    with the same replacement. Later tokens push it out of the session's document, but not out of
//!    `refresh_tokens`, where it has been since step 1 of its own exchange.
//!
//! A token that is known and neither `current` nor a recent `previous` has therefore been spent before.

use domain::Timestamp;
use domain::port::sessions::{Rotated, Rotation};
use domain::rotating::{self, Verdict};
use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};
use mongodb::options::ReturnDocument;

use super::tokens::{Memory, note, prolong, session_of};
use crate::collections::Collections;
use crate::failure::Broken;
use crate::rows::{Row as _, SessionRow, binary, ended, key, live, moment};

/// How often to look at a session that changes concurrently. A call that loses the race once finds its
/// token spent the next time, or its session ended.
const LOOKS: usize = 3;

pub(super) async fn rotate(
    collections: &Collections,
    rotation: &Rotation,
) -> Result<Rotated, Broken> {
    for _ in 0..LOOKS {
        let Some(row) = session_of(collections, rotation.presented).await? else {
            return Ok(Rotated::Unknown);
        };
        if let Some(rotated) = answer(collections, &row, rotation).await? {
            return Ok(rotated);
        }
    }
    Err(Broken::Unsettled)
}

/// Carries out the verdict, unless another exchange came first.
async fn answer(
    collections: &Collections,
    row: &SessionRow,
    rotation: &Rotation,
) -> Result<Option<Rotated>, Broken> {
    let rotated = match rotating::judge(row.presented(rotation.presented)?, rotation) {
        Verdict::Unknown => Rotated::Unknown,
        Verdict::Revoked => Rotated::Revoked,
        Verdict::Renew => {
            let Some(renewed) = renew(collections, row, rotation).await? else {
                return Ok(None);
            };
            Rotated::Renewed(renewed.session()?)
        }
        Verdict::Repeat => Rotated::Repeated(row.session()?),
        Verdict::End => end(collections, row, rotation.at).await?,
    };
    Ok(Some(rotated))
}

/// Makes the replacement valid, unless another exchange came first.
async fn renew(
    collections: &Collections,
    row: &SessionRow,
    rotation: &Rotation,
) -> Result<Option<SessionRow>, Broken> {
    let memory = Memory::of(rotation.at, rotation.expires_at);
    let mut promised = row.remembered_until();
    if promised < rotation.expires_at {
        prolong(collections, row.id(), memory).await?;
        promised = memory.promised;
    }
    let until = memory.kept.max(promised);
    let owner = (row.id(), row.user());
    note(collections, rotation.replacement, owner, until).await?;

    let mut good = live(rotation.at);
    good.insert("_id", key(row.id()));
    good.insert("user", key(row.user()));
    good.insert("current", binary(rotation.presented));
    let mut renewed = renewal(rotation);
    renewed.insert("remembered_until", moment(promised));
    let sessions = collections.sessions.clone_with_type::<RawDocumentBuf>();
    let found = sessions
        .find_one_and_update(good, vec![doc! { "$set": renewed }])
        .return_document(ReturnDocument::After)
        .await?;
    found.as_deref().map(SessionRow::read).transpose()
}

/// The effect of the exchange on a session's document.
///
/// The time of spending is the server's, if that is later than the caller's: a change that was stuck in
/// a server that hung may take effect long after its caller gave up, and a client that then asks again
/// has the whole grace period. `$literal`, because the name that a client gives itself may begin with a
/// `$`.
fn renewal(rotation: &Rotation) -> Document {
    let ip = rotation.origin.ip.map(|ip| ip.to_string());
    let ip = ip.map_or_else(
        || Bson::from("$$REMOVE"),
        |ip| doc! { "$literal": ip }.into(),
    );
    doc! {
        "current": binary(rotation.replacement),
        "previous": {
            "digest": binary(rotation.presented),
            "spent_at": { "$max": [moment(rotation.at), "$$NOW"] },
        },
        "last_used_at": moment(rotation.at),
        "expires_at": moment(rotation.expires_at),
        "ip": ip,
        "user_agent": { "$literal": rotation.origin.user_agent.as_str() },
    }
}

/// Ends a session whose token may be stolen, unless it was ended meanwhile.
async fn end(
    collections: &Collections,
    row: &SessionRow,
    at: Timestamp,
) -> Result<Rotated, Broken> {
    let theirs = doc! { "_id": key(row.id()), "user": key(row.user()), "ended_at": Bson::Null };
    let told = collections.sessions.update_one(theirs, ended(at)).await?;
    if told.matched_count == 0 {
        return Ok(Rotated::Revoked);
    }
    Ok(Rotated::Reused(row.session()?))
}
