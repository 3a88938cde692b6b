//! Appending a batch, from start to finish.

use diesel::dsl::exists;
use domain::placing::place;
use domain::port::messages::{Appended, NewMessage};
use futures::try_join;

use super::known::read;
use super::write::write_all;
use crate::failure::Broken;
use crate::prelude::*;
use crate::schema::webhooks;

pub(in crate::messages) async fn append(
    db: &mut AsyncPgConnection,
    batch: &[NewMessage],
) -> Result<Vec<Appended>, Broken> {
    let (known, webhooks) = try_join!(read(db, batch), webhooks_hear(db, batch))?;
    let (answers, placed) = place(known, batch);
    write_all(db, &placed, webhooks).await?;
    Ok(answers)
}

/// Whether there are webhooks to tell, queried only if something in the batch depends on it.
async fn webhooks_hear(mut db: &AsyncPgConnection, batch: &[NewMessage]) -> Result<bool, Broken> {
    if !batch.iter().any(|new| new.only_for_webhooks) {
        return Ok(true);
    }
    Ok(diesel::select(exists(webhooks::table.select(webhooks::id)))
        .get_result(&mut db)
        .await?)
}
