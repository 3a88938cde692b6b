//! User accounts.

use async_trait::async_trait;

use crate::{
    Bio, DisplayName, Edit, Email, Failure, MediaId, PasswordHash, Timestamp, User, UserId,
    Username,
};

/// A user who registers.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Their id from now on.
    pub id: UserId,
    /// The name that they will sign in with.
    pub username: Username,
    /// The name that others will see.
    pub display_name: DisplayName,
    /// Their e-mail address.
    pub email: Email,
    /// The hash of their password.
    pub password: PasswordHash,
    /// When they register.
    pub at: Timestamp,
}

impl NewUser {
    /// The user that the registration creates.
    pub fn user(&self) -> User {
        User {
            id: self.id,
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            email: Some(self.email.clone()),
            bio: None,
            avatar: None,
            created_at: self.at,
            last_seen_at: None,
            erased_at: None,
        }
    }
}

/// The outcome of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The account was created.
    Created(User),
    /// Another account has the e-mail address. Takes precedence over `UsernameTaken`.
    EmailTaken,
    /// Another account has the username.
    UsernameTaken,
}

/// How an account is looked up.
#[derive(Clone, Debug)]
pub enum Login {
    /// By its e-mail address.
    Email(Email),
    /// By its username, ignoring case.
    Username(Username),
    /// By its id.
    Id(UserId),
}

/// An account with its password hash.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user.
    pub user: User,
    /// The hash of their password.
    pub password: PasswordHash,
}

/// New values for some of a user's properties; `None` and [`Edit::Keep`] leave one as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// A new username.
    pub username: Option<Username>,
    /// A new display name.
    pub display_name: Option<DisplayName>,
    /// A new bio, or none.
    pub bio: Edit<Bio>,
    /// A new avatar, or none.
    pub avatar: Edit<MediaId>,
}

impl ProfileChange {
    /// The user with the new values.
    pub fn apply(&self, user: User) -> User {
        let new = self.clone();
        User {
            username: new.username.unwrap_or(user.username),
            display_name: new.display_name.unwrap_or(user.display_name),
            bio: new.bio.apply(user.bio),
            avatar: new.avatar.apply(user.avatar),
            ..user
        }
    }
}

/// The outcome of a profile change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChanged {
    /// The user as they are now.
    Changed(User),
    /// Another account has the username; nothing was changed.
    UsernameTaken,
    /// There is no such account, or it was erased.
    Unknown,
}

/// Stores accounts.
///
/// # Obligations
/// - `registering_makes_an_account`: it is found by id, e-mail and username with what was given.
/// - `an_email_is_taken_once`: of registrations with one e-mail address, concurrent or not, one succeeds.
/// - `a_username_is_taken_once_in_any_case`: likewise for usernames that differ only in case.
/// - `a_refused_registration_stores_nothing`: its other, free name stays free.
/// - `find_keeps_the_order_asked_for`: unknown ids are left out, erased users are included.
/// - `a_profile_change_touches_only_what_is_given`.
/// - `a_username_may_change_its_case`: a user's own name does not count as taken.
/// - `a_taken_username_changes_nothing`: not even the other properties in the same change.
/// - `a_password_changes_only_from_the_known_one`: of two changes from one hash, one succeeds.
/// - `an_erased_account_is_nameless`: no e-mail, bio or avatar, the display name "deleted user", another
///   username; it cannot be found by login, and its e-mail address and username are free again.
/// - `erasing_again_changes_nothing`: the second call returns `false`.
/// - `last_seen_only_moves_forward`.
#[async_trait]
pub trait Users: Send + Sync + 'static {
    /// Creates an account.
    async fn register(&self, user: &NewUser) -> Result<Registered, Failure>;

    /// The users with these ids, erased ones included.
    async fn find(&self, ids: &[UserId]) -> Result<Vec<User>, Failure>;

    /// The account with this login, unless it was erased.
    async fn account(&self, login: &Login) -> Result<Option<Account>, Failure>;

    /// Changes some of a user's properties.
    async fn change_profile(
        &self,
        id: UserId,
        change: &ProfileChange,
    ) -> Result<ProfileChanged, Failure>;

    /// Replaces a password's hash if it still is `known`; returns whether it was.
    async fn change_password(
        &self,
        id: UserId,
        known: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, Failure>;

    /// Erases an account; returns whether there was one to erase.
    async fn erase(&self, id: UserId, at: Timestamp) -> Result<bool, Failure>;

    /// Records when users were last connected.
    async fn seen(&self, sightings: &[(UserId, Timestamp)]) -> Result<(), Failure>;
}
