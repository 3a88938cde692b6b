//! Accounts.

use async_trait::async_trait;

use crate::{
    Bio, DisplayName, Email, Failure, MediaId, PasswordHash, Timestamp, User, UserId, Username,
};

/// Someone who registers.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Names the person from now on.
    pub id: UserId,
    /// What they will sign in with.
    pub username: Username,
    /// What others will read.
    pub display_name: DisplayName,
    /// Where to reach them.
    pub email: Email,
    /// What is kept of their password.
    pub password: PasswordHash,
    /// When they register.
    pub at: Timestamp,
}

/// What became of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The account exists now.
    Created(User),
    /// Another account has the e-mail address. Told before a taken username.
    EmailTaken,
    /// Another account has the username.
    UsernameTaken,
}

/// How an account is pointed at.
#[derive(Clone, Debug)]
pub enum Login {
    /// By its e-mail address.
    Email(Email),
    /// By its username, in any case.
    Username(Username),
    /// By its id.
    Id(UserId),
}

/// An account with what proves its owner.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose it is.
    pub user: User,
    /// What is kept of their password.
    pub password: PasswordHash,
}

/// New values for some of a person's properties; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// Another name to sign in with.
    pub username: Option<Username>,
    /// Another name to be read.
    pub display_name: Option<DisplayName>,
    /// Another text about them, or none.
    pub bio: Option<Option<Bio>>,
    /// Another picture, or none.
    pub avatar: Option<Option<MediaId>>,
}

/// What became of a change of properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChanged {
    /// The person as they are now.
    Changed(User),
    /// Another account has the username; nothing was changed.
    UsernameTaken,
    /// There is no such account, or it was erased.
    Unknown,
}

/// Keeps accounts.
///
/// # Obligations
/// - `registering_makes_an_account`: it is found by id, e-mail and username with what was given.
/// - `an_email_is_taken_once`: of registrations with one e-mail, at once or in turn, one succeeds.
/// - `a_username_is_taken_once_in_any_case`: likewise for usernames that differ only in case.
/// - `a_refused_registration_stores_nothing`: the other name of a refused one stays free.
/// - `find_keeps_the_order_asked_for`: unknown ids are left out, erased people are included.
/// - `a_profile_change_touches_only_what_is_given`.
/// - `a_username_may_change_its_case`: one's own name is not taken by oneself.
/// - `a_taken_username_changes_nothing`: not even the other properties in the same change.
/// - `a_password_changes_only_from_the_known_one`: of two changes from one hash, one succeeds.
/// - `an_erased_account_is_nameless`: no e-mail, bio or avatar, display name "deleted user", another
///   username; it cannot be found by login, and both its old names are free again.
/// - `erasing_again_changes_nothing`: the second call answers `false`.
/// - `last_seen_only_moves_forward`.
#[async_trait]
pub trait Users: Send + Sync + 'static {
    /// Makes an account.
    async fn register(&self, user: &NewUser) -> Result<Registered, Failure>;

    /// The people with these ids, erased ones included.
    async fn find(&self, ids: &[UserId]) -> Result<Vec<User>, Failure>;

    /// The living account that a login points at.
    async fn account(&self, login: &Login) -> Result<Option<Account>, Failure>;

    /// Changes some of a person's properties.
    async fn change_profile(
        &self,
        id: UserId,
        change: &ProfileChange,
    ) -> Result<ProfileChanged, Failure>;

    /// Replaces a password's hash if it still is `known`; answers whether it was.
    async fn change_password(
        &self,
        id: UserId,
        known: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, Failure>;

    /// Erases an account; answers whether there was a living one.
    async fn erase(&self, id: UserId, at: Timestamp) -> Result<bool, Failure>;

    /// Notes when people were last connected.
    async fn seen(&self, sightings: &[(UserId, Timestamp)]) -> Result<(), Failure>;
}
