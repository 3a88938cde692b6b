//! What users change about themselves.

use domain::port::users::{Login, ProfileChange, ProfileChanged};
use domain::{Bio, DisplayName, Edit};

use super::scene::{account, change, newcomer, user, username};
use crate::made::new_media;
use crate::{Store, fresh};

pub async fn a_profile_change_touches_only_what_is_given(store: &Store) {
    let [other] = store.people().await;
    let before = store.user().await;
    let bystander = user(store, other).await;
    let avatar = new_media(before.id, None);
    store
        .media
        .create(&avatar, crate::made::DIGEST, &[])
        .await
        .unwrap();

    let mut expected = before.clone();
    let none = ProfileChange::default();
    assert_eq!(change(store, before.id, &none).await, expected);

    expected.username = newcomer().username;
    let change_name = ProfileChange {
        username: Some(expected.username.clone()),
        ..none.clone()
    };
    assert_eq!(change(store, before.id, &change_name).await, expected);

    expected.display_name = DisplayName::parse("Señora Ñandú").unwrap();
    let change_display = ProfileChange {
        display_name: Some(expected.display_name.clone()),
        ..none.clone()
    };
    assert_eq!(change(store, before.id, &change_display).await, expected);

    let bio = Bio::parse("likes 'quotes'").unwrap();
    expected.bio = Some(bio.clone());
    expected.avatar = Some(avatar.id);
    let introduce = ProfileChange {
        bio: Edit::Set(bio),
        avatar: Edit::Set(avatar.id),
        ..none.clone()
    };
    assert_eq!(change(store, before.id, &introduce).await, expected);
    assert_eq!(change(store, before.id, &none).await, expected);

    expected.bio = None;
    let say_nothing = ProfileChange {
        bio: Edit::Clear,
        ..none.clone()
    };
    assert_eq!(change(store, before.id, &say_nothing).await, expected);

    expected.avatar = None;
    let take_down = ProfileChange {
        avatar: Edit::Clear,
        ..none
    };
    assert_eq!(change(store, before.id, &take_down).await, expected);

    assert_eq!(user(store, before.id).await, expected);
    assert_eq!(user(store, other).await, bystander);
    let unknown = store.users.change_profile(fresh(), &take_down).await;
    assert_eq!(unknown.unwrap(), ProfileChanged::Unknown);
}

pub async fn a_username_may_change_its_case(store: &Store) {
    let ana = store.user().await;
    let shouted = username(&ana.username.as_str().to_uppercase());
    for name in [&shouted, &shouted, &ana.username] {
        let rename = ProfileChange {
            username: Some(name.clone()),
            ..ProfileChange::default()
        };
        assert_eq!(change(store, ana.id, &rename).await.username, *name);
    }
    let found = account(store, &Login::Username(shouted)).await.unwrap();
    assert_eq!(found.user, ana);
}

pub async fn a_taken_username_changes_nothing(store: &Store) {
    let (ana, ben) = (store.user().await, store.user().await);
    let theft = ProfileChange {
        username: Some(username(&ben.username.as_str().to_uppercase())),
        display_name: Some(DisplayName::parse("Ben").unwrap()),
        bio: Edit::Set(Bio::parse("not Ana").unwrap()),
        avatar: Edit::Keep,
    };
    let answer = store.users.change_profile(ana.id, &theft).await.unwrap();
    assert_eq!(answer, ProfileChanged::UsernameTaken);
    assert_eq!(user(store, ana.id).await, ana);
    assert_eq!(user(store, ben.id).await, ben);

    // A name that a user gave up is free, and so is one that a user only asked for.
    let moved = ProfileChange {
        username: Some(newcomer().username),
        ..ProfileChange::default()
    };
    change(store, ben.id, &moved).await;
    let freed = ProfileChange {
        username: Some(ben.username.clone()),
        ..ProfileChange::default()
    };
    assert_eq!(change(store, ana.id, &freed).await.username, ben.username);
}
