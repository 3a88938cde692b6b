//! Erasing an account.

use std::net::IpAddr;
use std::sync::Arc;

use domain::UserId;
use domain::port::bus::Notice;
use domain::port::{Clock, Profiles, Users};

use super::confirmation::Confirmation;
use super::departure::Departure;
use super::end_all::EndAll;
use crate::announce::Announcer;
use crate::messages::Standings;
use crate::present::Names;
use crate::{Caller, Error, Policy, Ports};

/// Erases the caller's account and everything that identifies them.
///
/// What goes: names, address and profile, their memberships, their sessions. What stays: their
/// messages, without an author's name, and their direct rooms, which belong to the other
/// participant too.
pub struct EraseAccount {
    users: Arc<dyn Users>,
    profiles: Arc<dyn Profiles>,
    sessions: EndAll,
    clock: Arc<dyn Clock>,
    standings: Arc<Standings>,
    names: Arc<Names>,
    announcer: Announcer,
    confirmation: Confirmation,
    departure: Departure,
}

impl EraseAccount {
    pub(crate) fn new(
        ports: &Ports,
        standings: &Arc<Standings>,
        names: &Arc<Names>,
        policy: &Policy,
    ) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            profiles: Arc::clone(&ports.profiles),
            sessions: EndAll::new(ports),
            clock: Arc::clone(&ports.clock),
            standings: Arc::clone(standings),
            names: Arc::clone(names),
            announcer: Announcer::new(&ports.bus),
            confirmation: Confirmation::new(ports, policy),
            departure: Departure::new(ports, standings),
        }
    }

    /// Erases the account, if the password is correct.
    ///
    /// Repeatable steps come first, and among them those outside the account's own store: a failure
    /// halfway leaves an account whose owner can sign in and try again, and who still has their
    /// rooms if it is another store that failed.
    #[tracing::instrument(skip_all, name = "erase_account")]
    pub async fn run(
        &self,
        caller: &Caller,
        password: String,
        ip: Option<IpAddr>,
    ) -> Result<(), Error> {
        self.confirmation.ask(caller, password, ip).await?;
        self.profiles.erase(caller.user).await?;
        let stays = Some(caller.session);
        self.sessions.of(caller.user, stays).await?;
        self.departure.leave_all(caller.user).await?;
        self.users.erase(caller.user, self.clock.now()).await?;
        self.standings.forget_user(caller.user);
        self.names.forget(caller.user);
        self.end_the_last(caller).await;
        self.clear_remains(caller.user).await;
        Ok(())
    }

    /// Clears what another device wrote while the account was being erased: rooms, which an erased user
    /// must not own, and the profile. The account is gone, so a failure is only logged.
    async fn clear_remains(&self, user: UserId) {
        if let Err(error) = self.departure.leave_all(user).await {
            tracing::error!(%user, ?error, "an erased user may still belong to rooms");
        }
        if let Err(failure) = self.profiles.erase(user).await {
            tracing::error!(%user, error = %failure.chain(), "an erased user may still have a profile");
        }
    }

    /// Ends the remaining sessions. Nobody is left to retry this, so a failure does not fail the
    /// rest: nodes are still notified of the caller's own session, and none can be renewed.
    async fn end_the_last(&self, caller: &Caller) {
        if let Err(failure) = self.sessions.of(caller.user, None).await {
            tracing::warn!(
                user = %caller.user,
                error = %failure.chain(),
                "could not end the sessions of an erased account"
            );
            let own = Notice::SessionsEnded(vec![caller.session]);
            self.announcer.tell(own).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::port::messages::{View, Window};
    use domain::{ProfileDocument, Refusal, Seq};

    use super::*;
    use crate::testing::{FrailSessions, PASSWORD, ProfilesAway, World, refusal};

    fn erase_account(world: &World) -> EraseAccount {
        let standings = Arc::new(Standings::new(&world.ports));
        let names = Arc::new(Names::new(&world.ports));
        EraseAccount::new(&world.ports, &standings, &names, &world.policy)
    }

    #[tokio::test]
    async fn nothing_tells_who_they_were() {
        let world = World::new();
        let phone = world.user("ana").await;
        let laptop = world.sign_in(phone.user).await;
        let ben = world.user("ben").await;
        let profile = ProfileDocument::parse(r#"{"likes":"tea"}"#).unwrap();
        let profiles = &world.ports.profiles;
        profiles.put(phone.user, &profile).await.unwrap();
        let room = world.room(&ben).await.id;
        world.join(room, &phone).await;
        world.post(room, &phone, "hello").await;
        let mut ear = world.ear().await;

        let erase = erase_account(&world);
        erase.run(&laptop, PASSWORD.to_owned(), None).await.unwrap();

        let user = world
            .ports
            .users
            .find(&[phone.user])
            .await
            .unwrap()
            .remove(0);
        assert_eq!(user.display_name.as_str(), "deleted user");
        assert_ne!(user.username.as_str(), "ana");
        assert_eq!((user.email, user.bio, user.avatar), (None, None, None));
        assert_eq!(user.erased_at, Some(world.now()));
        assert_eq!(profiles.find(&[phone.user]).await.unwrap(), []);
        assert_eq!(world.sessions_of(&phone).await, []);
        let members = world.ports.members.page(room, None, 9).await.unwrap();
        assert!(members.iter().map(|member| member.user).eq([ben.user]));
        let heard = ear.heard();
        for session in [phone.session, laptop.session] {
            let ended = Notice::SessionsEnded(vec![session]);
            assert!(heard.contains(&ended), "{heard:?}");
        }

        let view = View {
            room,
            reader: ben.user,
            floor: Seq::ZERO,
        };
        let messages = world.ports.messages.page(&view, Window::Newest, 9).await;
        let message = messages.unwrap().remove(0);
        assert_eq!(message.sender, phone.user);
        assert_eq!(message.body.unwrap().as_str(), "hello");
        world.user("ana").await;
    }

    #[tokio::test]
    async fn a_wrong_password_changes_nothing_and_is_counted() {
        let mut world = World::new();
        world.policy.limits.login_account.points = 3;
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        let erase = erase_account(&world);
        for password in ["wrong horse", "", "short"] {
            let answer = erase.run(&ana, password.to_owned(), None).await;
            assert_eq!(refusal(answer), Refusal::WrongPassword);
        }
        let answer = erase.run(&ana, PASSWORD.to_owned(), None).await;
        assert!(matches!(answer, Err(Error::Limited(_))));
        assert!(world.password_is(&ana, PASSWORD).await);
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);
        assert_eq!(world.ports.rooms.find(&[room]).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn an_account_is_erased_once() {
        let world = World::new();
        let ana = world.user("ana").await;
        let erase = erase_account(&world);
        erase.run(&ana, PASSWORD.to_owned(), None).await.unwrap();
        let again = erase.run(&ana, PASSWORD.to_owned(), None).await;
        assert_eq!(refusal(again), Refusal::SessionRevoked);
    }

    #[tokio::test]
    async fn who_was_not_wholly_erased_can_ask_again() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let profiles = std::mem::replace(&mut world.ports.profiles, Arc::new(ProfilesAway));
        let answer = erase_account(&world)
            .run(&ana, PASSWORD.to_owned(), None)
            .await;
        assert!(matches!(answer, Err(Error::Failed(_))));
        assert!(world.password_is(&ana, PASSWORD).await);
        assert_eq!(world.sessions_of(&ana).await, [ana.session]);

        world.ports.profiles = profiles;
        let erase = erase_account(&world);
        erase.run(&ana, PASSWORD.to_owned(), None).await.unwrap();
        assert_eq!(world.sessions_of(&ana).await, []);
    }

    #[tokio::test]
    async fn while_sessions_cannot_be_ended_nothing_of_the_account_goes() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        let frail = FrailSessions::over(&world.ports.sessions);
        world.ports.sessions = Arc::<FrailSessions>::clone(&frail);
        let erase = erase_account(&world);

        frail.answer(0);
        let answer = erase.run(&ana, PASSWORD.to_owned(), None).await;
        assert!(matches!(answer, Err(Error::Failed(_))));
        assert!(world.password_is(&ana, PASSWORD).await);
        assert_eq!(world.ports.rooms.find(&[room]).await.unwrap().len(), 1);

        frail.mend();
        erase.run(&ana, PASSWORD.to_owned(), None).await.unwrap();
        assert_eq!(world.ports.rooms.find(&[room]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn an_erased_account_is_gone_though_its_last_session_could_not_be_ended() {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let frail = FrailSessions::over(&world.ports.sessions);
        world.ports.sessions = Arc::<FrailSessions>::clone(&frail);
        let mut ear = world.ear().await;
        let erase = erase_account(&world);
        frail.answer(1);
        erase.run(&ana, PASSWORD.to_owned(), None).await.unwrap();
        assert_eq!(ear.heard(), [Notice::SessionsEnded(vec![ana.session])]);
        let users = &world.ports.users;
        assert!(
            users.find(&[ana.user]).await.unwrap()[0]
                .erased_at
                .is_some()
        );
    }
}
