//! Finding accounts, changing their passwords, and erasing them.

use domain::port::users::{Login, NewUser, ProfileChange, ProfileChanged};
use domain::{Bio, DisplayName, Edit, PasswordHash, User, UserId};

use super::scene::{account, change, created, hash, newcomer, user};
use crate::made::new_media;
use crate::{CROWD, ROUNDS, Store, at, at_once, fresh};

pub async fn find_keeps_the_order_asked_for(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    store.users.erase(ben, at(9)).await.unwrap();

    let asked = [cleo, fresh(), ana, ben];
    let found = store.users.find(&asked).await.unwrap();
    let ids: Vec<UserId> = found.iter().map(|user| user.id).collect();
    assert_eq!(ids, [cleo, ana, ben]);
    assert_eq!(store.users.find(&[]).await.unwrap(), []);
}

pub async fn a_password_changes_only_from_the_known_one(store: &Store) {
    for _ in 0..ROUNDS {
        many_change_a_password(store).await;
    }
}

async fn many_change_a_password(store: &Store) {
    let (ana, ben) = (store.user().await.id, store.user().await.id);
    let first = password_of(store, ana).await;
    let answers = at_once(CROWD, |number| {
        let (store, first) = (store.clone(), first.clone());
        async move {
            let new = hash(&format!("hash {number}"));
            let users = &store.users;
            users.change_password(ana, &first, &new).await.unwrap()
        }
    })
    .await;

    let winners: Vec<usize> = (0..CROWD).filter(|number| answers[*number]).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let second = hash(&format!("hash {}", winners[0]));
    assert!(password_of(store, ana).await == second);
    assert!(password_of(store, ben).await == first, "only one's own");

    let users = &store.users;
    let third = hash("third");
    assert!(!users.change_password(ana, &first, &third).await.unwrap());
    assert!(password_of(store, ana).await == second);
    assert!(users.change_password(ana, &second, &third).await.unwrap());
    assert!(password_of(store, ana).await == third);
    assert!(
        !users
            .change_password(fresh(), &third, &first)
            .await
            .unwrap()
    );
}

pub async fn an_erased_account_is_nameless(store: &Store) {
    let (ana, ben) = (store.user().await, store.user().await);
    let avatar = new_media(ana.id, None);
    store
        .media
        .create(&avatar, crate::made::DIGEST, &[])
        .await
        .unwrap();
    let introduce = ProfileChange {
        bio: Edit::Set(Bio::parse("soon gone").unwrap()),
        avatar: Edit::Set(avatar.id),
        ..ProfileChange::default()
    };
    change(store, ana.id, &introduce).await;
    let known = password_of(store, ana.id).await;
    assert!(store.users.erase(ana.id, at(9)).await.unwrap());
    assert!(store.users.erase(ben.id, at(9)).await.unwrap());

    let left = user(store, ana.id).await;
    let username = left.username.clone();
    let expected = User {
        username: username.clone(),
        display_name: DisplayName::parse("deleted user").unwrap(),
        email: None,
        bio: None,
        avatar: None,
        erased_at: Some(at(9)),
        ..ana.clone()
    };
    assert_eq!(left, expected);
    assert_ne!(username.key(), ana.username.key());
    assert_ne!(username, user(store, ben.id).await.username);

    let email = ana.email.unwrap();
    for login in [
        Login::Id(ana.id),
        Login::Email(email.clone()),
        Login::Username(ana.username.clone()),
        Login::Username(username),
    ] {
        assert!(account(store, &login).await.is_none(), "{login:?}");
    }
    let users = &store.users;
    let revived = users.change_profile(ana.id, &introduce).await.unwrap();
    assert_eq!(revived, ProfileChanged::Unknown);
    assert!(!users.change_password(ana.id, &known, &known).await.unwrap());

    let heir = NewUser {
        username: ana.username,
        email,
        ..newcomer()
    };
    created(users.register(&heir).await.unwrap());
    assert_eq!(user(store, ana.id).await, expected);
}

pub async fn erasing_again_changes_nothing(store: &Store) {
    let ana = store.user().await.id;
    let answers = at_once(CROWD, |_| {
        let store = store.clone();
        async move { store.users.erase(ana, at(9)).await.unwrap() }
    })
    .await;
    let erased = answers.iter().filter(|erased| **erased).count();
    assert_eq!(erased, 1);

    let left = user(store, ana).await;
    assert!(!store.users.erase(ana, at(99)).await.unwrap());
    assert_eq!(user(store, ana).await, left);
    assert!(!store.users.erase(fresh(), at(9)).await.unwrap());
}

pub async fn last_seen_only_moves_forward(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let seen = async |sightings: &[(UserId, i64)]| {
        let sightings: Vec<_> = sightings.iter().map(|(id, ms)| (*id, at(*ms))).collect();
        store.users.seen(&sightings).await.unwrap();
    };
    let last_seen = async || {
        let people = store.users.find(&[ana, ben, cleo]).await.unwrap();
        people
            .into_iter()
            .map(|user| user.last_seen_at)
            .collect::<Vec<_>>()
    };

    seen(&[(ana, 10), (ben, 30)]).await;
    assert_eq!(last_seen().await, [Some(at(10)), Some(at(30)), None]);
    seen(&[(ben, 20), (ana, 11), (fresh(), 5)]).await;
    assert_eq!(last_seen().await, [Some(at(11)), Some(at(30)), None]);
    seen(&[(ana, 14), (ana, 12), (ana, 13)]).await;
    seen(&[]).await;
    assert_eq!(last_seen().await, [Some(at(14)), Some(at(30)), None]);
}

async fn password_of(store: &Store, id: UserId) -> PasswordHash {
    account(store, &Login::Id(id)).await.unwrap().password
}
