//! Erasing an account.

use std::sync::Arc;

use domain::port::bus::Notice;
use domain::port::{Clock, Profiles, Sessions, Users};

use super::confirmation::Confirmation;
use super::departure::Departure;
use crate::announce::Announcer;
use crate::messages::Standings;
use crate::{Caller, Error, Policy, Ports};

/// Erases the caller's account, with all that tells who they were.
///
/// What goes: names, address and profile, their place in all rooms, their sessions. What stays: what
/// they wrote, under nobody's name, and their direct rooms, which are the other's too.
pub struct EraseAccount {
    users: Arc<dyn Users>,
    profiles: Arc<dyn Profiles>,
    sessions: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
    standings: Arc<Standings>,
    announcer: Announcer,
    confirmation: Confirmation,
    departure: Departure,
}

impl EraseAccount {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>, policy: &Policy) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            profiles: Arc::clone(&ports.profiles),
            sessions: Arc::clone(&ports.sessions),
            clock: Arc::clone(&ports.clock),
            standings: Arc::clone(standings),
            announcer: Announcer::new(&ports.bus),
            confirmation: Confirmation::new(ports, policy),
            departure: Departure::new(ports, standings),
        }
    }

    /// Erases the account of whoever knows its password.
    ///
    /// What can be done again comes first: a failure halfway leaves an account whose owner can sign in
    /// and ask once more.
    pub async fn run(&self, caller: &Caller, password: String) -> Result<(), Error> {
        self.confirmation.ask(caller, password).await?;
        self.departure.leave_all(caller.user).await?;
        self.profiles.erase(caller.user).await?;
        self.users.erase(caller.user, self.clock.now()).await?;
        self.standings.forget_user(caller.user);
        self.end_sessions(caller).await?;
        // Nobody can own a room as nobody: one may have been made on another device meanwhile.
        self.departure.leave_all(caller.user).await
    }

    async fn end_sessions(&self, caller: &Caller) -> Result<(), Error> {
        let now = self.clock.now();
        let ended = self.sessions.end_all(caller.user, None, now).await?;
        if !ended.is_empty() {
            self.announcer.tell(Notice::SessionsEnded(ended)).await;
        }
        Ok(())
    }
}
