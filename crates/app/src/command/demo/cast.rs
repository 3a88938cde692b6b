//! The accounts of the people in the demo.

use std::collections::BTreeMap;

use adapter_memory::ManualClock;
use anyhow::{Context as _, anyhow};
use application::account::NewAccount;
use application::people::NewProfile;
use application::{Caller, Error, UseCases};
use domain::{
    Bio, DisplayName, Edit, Email, Password, Refusal, SessionOrigin, Timestamp, UserAgent, Username,
};

use super::script::Role;

/// The people, by username.
pub(super) struct Cast(BTreeMap<String, Caller>);

impl Cast {
    /// Registers everybody, all with one password.
    pub(super) async fn hire(
        use_cases: &UseCases,
        clock: &ManualClock,
        at: Timestamp,
        roles: &[Role],
        password: &str,
    ) -> anyhow::Result<Self> {
        clock.set(at);
        let mut cast = BTreeMap::new();
        for role in roles {
            let caller = hire(use_cases, role, password).await?;
            cast.insert(role.username.clone(), caller);
        }
        Ok(Self(cast))
    }

    pub(super) fn caller(&self, username: &str) -> anyhow::Result<&Caller> {
        let caller = self.0.get(username);
        caller.with_context(|| format!("the script has nobody called {username}"))
    }

    /// Ends all sessions, so that nobody who looks at the demo finds sessions that are not theirs.
    pub(super) async fn dismiss(self, use_cases: &UseCases) -> anyhow::Result<()> {
        for caller in self.0.values() {
            use_cases.log_out_everywhere.run(caller).await?;
        }
        Ok(())
    }
}

/// The e-mail address with which a user signs in.
pub(super) fn email(role: &Role) -> String {
    format!("{}@example.org", role.username)
}

async fn hire(use_cases: &UseCases, role: &Role, password: &str) -> anyhow::Result<Caller> {
    let account = NewAccount {
        email: Email::parse(email(role))?,
        password: Password::parse(password)?,
        username: Some(Username::parse(&role.username)?),
        display_name: Some(DisplayName::parse(&role.name)?),
    };
    let origin = SessionOrigin {
        ip: None,
        user_agent: UserAgent::clip("tertulia demo"),
    };
    let signed_in = match use_cases.register.run(account, origin).await {
        Ok(signed_in) => signed_in,
        Err(Error::Refused(Refusal::EmailTaken | Refusal::UsernameTaken)) => {
            return Err(anyhow!(
                "there is somebody called {} already: for the demonstration, set DATA_DIR to another folder",
                role.username
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let caller = Caller {
        user: signed_in.person.user.id,
        session: signed_in.session.id,
    };
    let profile = NewProfile {
        bio: Edit::Set(Bio::parse(&role.bio)?),
        ..NewProfile::default()
    };
    use_cases.change_profile.run(&caller, profile).await?;
    Ok(caller)
}
