//! The batch from beginning to end.

use diesel::sqlite::SqliteConnection;
use domain::port::messages::{Appended, NewMessage};

use super::known::Known;
use super::write::write;
use crate::failure::Broken;

pub(in crate::messages) fn append(
    db: &mut SqliteConnection,
    batch: &[NewMessage],
) -> Result<Vec<Appended>, Broken> {
    let mut known = Known::load(db, batch)?;
    let answers = batch.iter().map(|new| known.decide(new)).collect();
    write(db, &known)?;
    Ok(answers)
}
