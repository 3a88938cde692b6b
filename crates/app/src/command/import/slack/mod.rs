//! The format of a Slack export: a folder with lists of people and channels, and a subfolder for
//! each channel, with a file for each day.

mod archive;
mod emoji;
mod markup;
mod moment;
mod shapes;

pub(super) use archive::Archive;
pub(super) use emoji::emoji;
pub(super) use markup::Markup;
pub(super) use moment::Moment;
pub(super) use shapes::{Channel, Kind, Said, User};
