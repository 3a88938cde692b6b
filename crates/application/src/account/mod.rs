//! Accounts: registering, signing in and out, and erasing an account.

mod attempts;
mod authenticate;
mod cached_sessions;
mod change_password;
mod check_sessions;
mod confirmation;
mod departure;
mod end_all;
mod end_session;
mod erase_account;
mod list_sessions;
mod log_in;
mod log_out;
mod log_out_everywhere;
mod proof;
mod refresh;
mod register;
mod reset_password;
mod sign_in;
mod username_ideas;

pub use authenticate::{Authenticate, Believed};
pub use cached_sessions::CachedSessions;
pub use change_password::ChangePassword;
pub use check_sessions::CheckSessions;
pub use end_session::EndSession;
pub use erase_account::EraseAccount;
pub use list_sessions::ListSessions;
pub use log_in::{Credentials, LogIn};
pub use log_out::{Ending, LogOut};
pub use log_out_everywhere::LogOutEverywhere;
pub use refresh::Refresh;
pub use register::{NewAccount, Register};
pub use reset_password::ResetPassword;
