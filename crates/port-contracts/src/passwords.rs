//! Obligations of [`domain::port::Passwords`].
//!
//! Open it with the lowest possible cost, and a queue that holds a crowd.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::port::Passwords;
use domain::{Password, PasswordHash, Retry};

use crate::{CROWD, at_once};

contract!(passwords {
    a_password_matches_its_own_hash,
    hashes_are_salted,
    nobodys_password_never_matches,
    a_hash_that_cannot_be_read_is_a_failure,
});

pub async fn a_password_matches_its_own_hash(passwords: &Arc<dyn Passwords>) {
    let longest = "x".repeat(72);
    let others = format!("{}y", "x".repeat(71));
    let table = [
        ("correct horse", "correct horsf"),
        ("correct horse", "Correct horse"),
        ("correct horse", "correct horse "),
        (" correct horse", "correct horse"),
        ("contraseña ñandú", "contrasena nandu"),
        (
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
            "e\u{301}e\u{301}e\u{301}e\u{301}",
        ),
        (
            "\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}",
            "????????",
        ),
        (longest.as_str(), others.as_str()),
    ];
    for (right, wrong) in table {
        let hash = hash(passwords, right).await;
        assert!(!hash.reveal().contains(right));
        assert!(verify(passwords, right, Some(&hash)).await, "{right}");
        assert!(!verify(passwords, wrong, Some(&hash)).await, "{wrong}");
    }

    // Concurrent callers each get their own answer.
    let answers = at_once(CROWD, |number| {
        let passwords = Arc::clone(passwords);
        async move {
            let mine = format!("password {number}");
            let hash = hash(&passwords, &mine).await;
            let neighbours = format!("password {}", number + 1);
            let right = verify(&passwords, &mine, Some(&hash)).await;
            (right, verify(&passwords, &neighbours, Some(&hash)).await)
        }
    })
    .await;
    assert!(answers.iter().all(|answer| *answer == (true, false)));
}

pub async fn hashes_are_salted(passwords: &Arc<dyn Passwords>) {
    let one = hash(passwords, "correct horse").await;
    let other = hash(passwords, "correct horse").await;
    assert_ne!(one.reveal(), other.reveal());
    for hash in [one, other] {
        assert!(verify(passwords, "correct horse", Some(&hash)).await);
    }
}

pub async fn nobodys_password_never_matches(passwords: &Arc<dyn Passwords>) {
    for password in [
        "correct horse",
        "........",
        "\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}",
    ] {
        assert!(!verify(passwords, password, None).await);
    }

    // The best of several attempts shows how much work it is, whatever else the machine is doing.
    let hash = hash(passwords, "correct horse").await;
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    for _ in 0..10 {
        known = known.min(time(passwords, Some(&hash)).await);
        unknown = unknown.min(time(passwords, None).await);
    }
    assert!(
        unknown * 4 > known && known * 4 > unknown,
        "{unknown:?} for nobody, {known:?} for somebody"
    );
}

pub async fn a_hash_that_cannot_be_read_is_a_failure(passwords: &Arc<dyn Passwords>) {
    let password = Password::parse("correct horse").unwrap();
    let good = hash(passwords, "correct horse").await;
    let cut: String = good.reveal().chars().skip(1).collect();
    let begun: String = good.reveal().chars().take(10).collect();
    for unreadable in ["", "correct horse", "$", "deleted", &cut, &begun] {
        let hash = PasswordHash::from_string(unreadable.to_owned());
        let failure = passwords.verify(&password, Some(&hash)).await.unwrap_err();
        assert_eq!(failure.retry, Retry::Useless, "{unreadable}");
    }
    assert!(verify(passwords, "correct horse", Some(&good)).await);
}

async fn hash(passwords: &Arc<dyn Passwords>, password: &str) -> PasswordHash {
    let password = Password::parse(password).unwrap();
    passwords.hash(&password).await.unwrap()
}

async fn verify(
    passwords: &Arc<dyn Passwords>,
    password: &str,
    hash: Option<&PasswordHash>,
) -> bool {
    let password = Password::parse(password).unwrap();
    passwords.verify(&password, hash).await.unwrap()
}

/// How long checking a wrong password takes.
async fn time(passwords: &Arc<dyn Passwords>, hash: Option<&PasswordHash>) -> Duration {
    let start = Instant::now();
    assert!(!verify(passwords, "wrong horse", hash).await);
    start.elapsed()
}
