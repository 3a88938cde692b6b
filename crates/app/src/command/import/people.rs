//! Accounts for imported people.

use std::collections::HashMap;

use anyhow::{Context as _, bail};
use domain::port::users::{Login, NewUser, Registered};
use domain::{
    DisplayName, Email, Password, PasswordHash, Timestamp, User as Person, UserId, Username,
};

use super::ids::{hash, id};
use super::journal::{Journal, Known};
use super::slack::{Markup, User};
use crate::command::password::random;
use crate::wiring::House;

/// How many numbers to append to a taken username before giving up.
const TRIES: u32 = 1_000;

/// Maps people there to users here.
#[derive(Debug, Default)]
pub(super) struct People {
    ids: HashMap<String, UserId>,
    /// How many accounts were created.
    pub(super) made: usize,
}

impl People {
    /// Finds or creates an account for everybody. An existing one with the same address is theirs.
    pub(super) async fn bring(
        house: &House,
        journal: &Journal,
        users: &[User],
        markup: &mut Markup,
    ) -> anyhow::Result<Self> {
        let mut known = journal.people()?;
        let password = unusable(house).await?;
        let mut people = Self::default();
        for user in users {
            let person = match earlier(house, &known, user).await? {
                Some(person) => person,
                None => people.make(house, user, &password).await?,
            };
            known.insert(user.id.clone(), person.id.as_uuid());
            for name in [Some(&user.id), user.profile.bot_id.as_ref()]
                .into_iter()
                .flatten()
            {
                people.ids.insert(name.clone(), person.id);
                let username = person.username.as_str().to_owned();
                markup.people.insert(name.clone(), username);
            }
        }
        journal.keep_people(&known)?;
        Ok(people)
    }

    pub(super) fn id(&self, user: &str) -> Option<UserId> {
        self.ids.get(user).copied()
    }

    async fn make(
        &mut self,
        house: &House,
        user: &User,
        password: &PasswordHash,
    ) -> anyhow::Result<Person> {
        let email = email(user)?;
        for username in usernames(user) {
            let new = NewUser {
                id: own_id(user),
                display_name: display_name(user, &username),
                username,
                email: email.clone(),
                password: password.clone(),
                at: house.ports.clock.now(),
            };
            match house.ports.users.register(&new).await? {
                Registered::Created(person) => {
                    self.made = self.made.saturating_add(1);
                    return Ok(person);
                }
                Registered::UsernameTaken => {}
                Registered::EmailTaken => bail!("{} registered just now: try again", user.id),
            }
        }
        bail!("there is no username left for {:?}", user.name)
    }
}

/// The user that an earlier import created for a person, whatever they are called now; otherwise
/// the user with their address.
async fn earlier(house: &House, known: &Known, user: &User) -> anyhow::Result<Option<Person>> {
    let users = &house.ports.users;
    let before = known.get(&user.id).map(|id| UserId::from_uuid(*id));
    let before: Vec<UserId> = before.into_iter().chain([own_id(user)]).collect();
    if let Some(person) = users.find(&before).await?.into_iter().next() {
        return Ok(Some(person));
    }
    let account = users.account(&Login::Email(email(user)?)).await?;
    Ok(account.map(|account| account.user))
}

/// The id of an account that an import creates.
fn own_id(user: &User) -> UserId {
    id(Timestamp::from_millis(0), &["slack", "user", &user.id])
}

/// The hash of a password that nobody knows. `reset-password` gives those who want to sign in one.
async fn unusable(house: &House) -> anyhow::Result<PasswordHash> {
    let letters = [random(&*house.ids)?, random(&*house.ids)?].concat();
    let password = Password::parse(letters)?;
    Ok(house.ports.passwords.hash(&password).await?)
}

/// Guests, bots and former members may have no address; they get a made-up one.
fn email(user: &User) -> anyhow::Result<Email> {
    let given = user.profile.email.as_deref();
    if let Some(known) = given.and_then(|it| Email::parse(it).ok()) {
        return Ok(known);
    }
    let plain = user.id.len() <= 40 && user.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let name = if plain {
        user.id.to_lowercase()
    } else {
        let digest = hash(&[&user.id]);
        let beginning = digest.iter().take(8);
        let number = beginning.fold(0, |sum: u64, byte| (sum << 8) | u64::from(*byte));
        format!("{number:016x}")
    };
    Email::parse(format!("{name}@slack.invalid")).context("could not make up an address")
}

/// Candidates for their username, derived from the names that they had.
fn usernames(user: &User) -> impl Iterator<Item = Username> {
    let names = [
        &user.name,
        &user.profile.display_name,
        &user.profile.real_name,
    ];
    let fit = |c: &char| c.is_ascii_alphanumeric() || "_.-".contains(*c);
    let stems: [String; 3] = names.map(|name| {
        name.replace(' ', ".")
            .chars()
            .filter(fit)
            .take(24)
            .collect()
    });
    let stem = stems
        .into_iter()
        .find(|stem| stem.len() >= 3)
        .unwrap_or_else(|| "user".to_owned())
        .to_lowercase();
    let numbered = (2..TRIES).map({
        let stem = stem.clone();
        move |number| format!("{stem}{number}")
    });
    std::iter::once(stem)
        .chain(numbered)
        .filter_map(|name| Username::parse(name).ok())
}

fn display_name(user: &User, username: &Username) -> DisplayName {
    let names = [
        &user.profile.display_name,
        &user.profile.real_name,
        &user.name,
    ];
    let mut names = names.into_iter().map(|name| {
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        name.chars().take(DisplayName::MAX).collect::<String>()
    });
    let name = names.find_map(|name| DisplayName::parse(name).ok());
    name.unwrap_or_else(|| DisplayName::from(username))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(json: &str) -> User {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn everybody_has_an_address_and_a_name() {
        for (json, address, username, name) in [
            (
                r#"{"id":"U1","name":"ana","profile":{"email":"Ana@Example.org","real_name":"Ana M."}}"#,
                "ana@example.org",
                "ana",
                "Ana M.",
            ),
            (r#"{"id":"U2","name":"x"}"#, "u2@slack.invalid", "user", "x"),
            (
                r#"{"id":"name my hook","profile":{"display_name":"my\u0007 hook"}}"#,
                "e520825b5d201b9a@slack.invalid",
                "my.hook",
                "my hook",
            ),
        ] {
            let user = user(json);
            let first = usernames(&user).next().unwrap();
            assert_eq!(first.as_str(), username, "{json}");
            assert_eq!(display_name(&user, &first).as_str(), name, "{json}");
            assert_eq!(email(&user).unwrap().as_str(), address, "{json}");
        }
    }

    #[test]
    fn of_one_name_there_are_many() {
        let names: Vec<_> = usernames(&user(r#"{"id":"U1","name":"ana"}"#))
            .take(3)
            .collect();
        let names: Vec<_> = names.iter().map(Username::as_str).collect();
        assert_eq!(names, ["ana", "ana2", "ana3"]);
    }
}
