//! The batch from beginning to end.

use domain::placing::place;
use domain::port::messages::{Appended, NewMessage};

use super::known::read;
use super::write::write_all;
use crate::failure::Broken;
use crate::prelude::*;

pub(in crate::messages) async fn append(
    db: &mut AsyncPgConnection,
    batch: &[NewMessage],
) -> Result<Vec<Appended>, Broken> {
    let known = read(db, batch).await?;
    let (answers, placed) = place(known, batch);
    write_all(db, &placed).await?;
    Ok(answers)
}
