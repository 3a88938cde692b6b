//! What an export of Slack looks like: a folder with lists of people and channels, and in it a folder a
//! channel with a file a day.

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
