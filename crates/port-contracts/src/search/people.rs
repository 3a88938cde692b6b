//! Finding people.

use domain::port::users::ProfileChange;
use domain::{User, Username};

use crate::{Store, at, unique};

pub async fn people_are_found_by_the_start_of_a_name(store: &Store) {
    let mark = unique("");
    let cleo = store.user_called(&format!("C{mark}"), "somebody").await;
    let ben = store
        .user_called(&format!("B{mark}"), &format!("Ñ{mark}"))
        .await;
    let ana = store
        .user_called(&format!("a{mark}"), &format!("María Ñ{mark} Núñez"))
        .await;
    let gone = store
        .user_called(&format!("d{mark}"), &format!("Ñ{mark}"))
        .await;
    store.users.erase(gone.id, at(5)).await.unwrap();

    let fox = store
        .user_called(&format!("Mr_Fox{mark}-j"), "somebody")
        .await;

    let (start, _) = mark.split_at(mark.len() - 1);
    // (the prefix, who is found)
    let table: &[(String, &[&User])] = &[
        (format!("c{mark}"), &[&cleo]),
        (format!("C{start}"), &[&cleo]),
        (format!("A{}", mark.to_uppercase()), &[&ana]),
        (format!("b{start}"), &[&ben]),
        (format!("ñ{mark}"), &[&ana, &ben]),
        (format!("Ñ{start}"), &[&ana, &ben]),
        (format!("n{mark}"), &[]),
        (mark.clone(), &[]),
        (format!("d{mark}"), &[]),
        (format!("c{mark}x"), &[]),
        (format!("fox{mark}"), &[&fox]),
        (format!("FOX{start}"), &[&fox]),
        (format!("ox{mark}"), &[]),
        (format!("mr_fox{mark}-j"), &[&fox]),
    ];
    for (prefix, expected) in table {
        let found = store.search.people(prefix, 10).await.unwrap();
        assert!(
            found.iter().eq(expected.iter().copied()),
            "{prefix}: {found:?}"
        );
    }
    let first = store.search.people(&format!("ñ{mark}"), 1).await.unwrap();
    assert_eq!(first, [ana]);

    let renamed = ProfileChange {
        username: Some(Username::parse(format!("mr_hen{mark}")).unwrap()),
        ..ProfileChange::default()
    };
    store.users.change_profile(fox.id, &renamed).await.unwrap();
    let found = store.search.people(&format!("fox{mark}"), 10).await;
    assert_eq!(found.unwrap(), []);
    let found = store.search.people(&format!("hen{mark}"), 10).await;
    assert_eq!(found.unwrap().len(), 1);

    let nameless = store.users.find(&[gone.id]).await.unwrap().remove(0);
    let found = store.search.people(nameless.username.as_str(), 10).await;
    assert_eq!(found.unwrap(), []);
}
