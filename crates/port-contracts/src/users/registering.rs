//! Creating accounts, each name only once.

use domain::port::users::{Login, NewUser, Registered};
use domain::{User, Username};

use super::scene::{account, created, newcomer, user, username};
use crate::{CROWD, ROUNDS, Store, at_once, fresh, unique};

pub async fn registering_makes_an_account(store: &Store) {
    let new = newcomer();
    let made = created(store.users.register(&new).await.unwrap());
    let expected = User {
        id: new.id,
        username: new.username.clone(),
        display_name: new.display_name.clone(),
        email: Some(new.email.clone()),
        bio: None,
        avatar: None,
        created_at: new.at,
        last_seen_at: None,
        erased_at: None,
    };
    assert_eq!(made, expected);
    assert_eq!(
        store.users.find(&[new.id]).await.unwrap(),
        [expected.clone()]
    );

    let shouted = username(&new.username.as_str().to_uppercase());
    for login in [
        Login::Id(new.id),
        Login::Email(new.email.clone()),
        Login::Username(new.username.clone()),
        Login::Username(shouted),
    ] {
        let account = account(store, &login).await.unwrap();
        assert_eq!(account.user, expected, "{login:?}");
        assert!(account.password == new.password, "{login:?}");
    }
    for login in [Login::Id(fresh()), Login::Email(newcomer().email)] {
        assert!(account(store, &login).await.is_none(), "{login:?}");
    }
}

pub async fn an_email_is_taken_once(store: &Store) {
    for _ in 0..ROUNDS {
        many_want_an_email(store).await;
    }
}

async fn many_want_an_email(store: &Store) {
    let email = newcomer().email;
    let answers = at_once(CROWD, |_| {
        let store = store.clone();
        let new = NewUser {
            email: email.clone(),
            ..newcomer()
        };
        async move { store.users.register(&new).await.unwrap() }
    })
    .await;

    let winner = the_one_created(&answers, &Registered::EmailTaken);
    let later = NewUser {
        email: email.clone(),
        ..newcomer()
    };
    assert_eq!(
        store.users.register(&later).await.unwrap(),
        Registered::EmailTaken
    );
    let account = account(store, &Login::Email(email)).await.unwrap();
    assert_eq!(account.user, winner);
}

pub async fn a_username_is_taken_once_in_any_case(store: &Store) {
    for _ in 0..ROUNDS {
        many_want_a_username(store).await;
    }
}

async fn many_want_a_username(store: &Store) {
    let name = unique("someone-");
    let answers = at_once(CROWD, |number| {
        let store = store.clone();
        let new = NewUser {
            username: spelled(&name, number),
            ..newcomer()
        };
        async move { store.users.register(&new).await.unwrap() }
    })
    .await;

    let winner = the_one_created(&answers, &Registered::UsernameTaken);
    let later = NewUser {
        username: username(&name.to_uppercase()),
        ..newcomer()
    };
    assert_eq!(
        store.users.register(&later).await.unwrap(),
        Registered::UsernameTaken
    );
    let account = account(store, &Login::Username(later.username)).await;
    assert_eq!(account.unwrap().user, winner);
}

pub async fn a_refused_registration_stores_nothing(store: &Store) {
    let first = store.user().await;
    let by_email = NewUser {
        email: first.email.clone().unwrap(),
        ..newcomer()
    };
    let by_name = NewUser {
        username: first.username.clone(),
        ..newcomer()
    };
    let by_both = NewUser {
        email: first.email.clone().unwrap(),
        username: first.username.clone(),
        ..newcomer()
    };
    for (new, answer) in [
        (&by_email, Registered::EmailTaken),
        (&by_name, Registered::UsernameTaken),
        (&by_both, Registered::EmailTaken),
    ] {
        assert_eq!(store.users.register(new).await.unwrap(), answer);
        assert_eq!(store.users.find(&[new.id]).await.unwrap(), []);
    }

    let free = NewUser {
        id: fresh(),
        username: by_email.username,
        email: by_name.email,
        ..newcomer()
    };
    created(store.users.register(&free).await.unwrap());
    assert_eq!(user(store, first.id).await, first);
}

/// The name with some of its letters in upper case, different ones for each number.
fn spelled(name: &str, number: usize) -> Username {
    let letters = name.chars().enumerate();
    let mixed: String = letters
        .map(|(place, letter)| match (number >> (place % 5)) & 1 {
            1 => letter.to_ascii_uppercase(),
            _ => letter,
        })
        .collect();
    username(&mixed)
}

/// The account that was created, if all others were refused in the same way.
fn the_one_created(answers: &[Registered], refusal: &Registered) -> User {
    let (refused, made): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| *answer == refusal);
    assert_eq!(refused.len(), answers.len() - 1, "{answers:?}");
    created(made[0].clone())
}
