//! Users: seeing, finding and blocking others, and changing one's own profile.

mod block;
mod change_profile;
mod online_people;
mod read_people;
mod search_people;

pub use block::Block;
pub use change_profile::{ChangeProfile, NewProfile};
pub use online_people::OnlinePeople;
pub use read_people::ReadPeople;
pub use search_people::SearchPeople;
