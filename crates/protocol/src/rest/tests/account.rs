//! Signing up, in and out.

use insta::assert_snapshot;
use serde_json::json;

use super::scene::{body, query, told, told_of_query, written};
use crate::Secret;
use crate::rest::{AddUser, ChangePassword, CookieQuery, Login, Logout, Refresh, Register};

fn register() -> Register {
    Register {
        email: "ada@example.org".into(),
        password: Secret::new("correct horse"),
        username: None,
        display_name: "Ada Lovelace".into(),
    }
}

#[test]
fn a_display_name_has_three_names() {
    for name in ["displayName", "name"] {
        let read: Register = body(&json!({
            "email": " ada@example.org ", "password": "correct horse", name: "\tAda Lovelace\n",
        }));
        assert_eq!(read, register());
    }
    let read: Register = body(&json!({
        "email": "ada@example.org", "password": "correct horse", "username": "ada",
    }));
    assert_eq!(read.username.as_deref(), Some("ada"));
    assert_eq!(read.display_name, "ada", "nothing else was sent");
}

#[test]
fn our_own_name_counts_before_the_others() {
    let read: Register = body(&json!({
        "email": "ada@example.org", "password": "correct horse",
        "name": "no", "displayName": "Ada", "username": "ada",
    }));
    assert_eq!(read.display_name, "Ada");
    let read: Register = body(&json!({
        "email": "ada@example.org", "password": "correct horse",
        "displayName": null, "name": "Ada",
    }));
    assert_eq!(read.display_name, "Ada", "null is as good as missing");
}

#[test]
fn a_user_who_is_added_has_no_password() {
    let read: AddUser = body(&json!({ "email": "ada@example.org", "name": "Ada Lovelace" }));
    let Register {
        email,
        username,
        display_name,
        ..
    } = register();
    let ada = AddUser {
        email,
        username,
        display_name,
    };
    assert_eq!(read, ada);
    assert_snapshot!(told::<AddUser>(&json!({ "username": "a" })), @r"
    email required: is required
    username too_short: must have at least 3 characters
    ");
}

#[test]
fn one_of_the_three_names_is_required() {
    assert_snapshot!(told::<Register>(&json!({})), @r#"
    email required: is required
    password required: is required
    displayName required: one of displayName, name, username is required
    "#);
    assert_snapshot!(told::<Register>(&json!({
        "email": "ada@example.org", "password": "correct horse", "name": null,
    })), @"name required: one of displayName, name, username is required");
}

#[test]
fn every_bad_field_of_a_registration_is_named_as_the_client_spelled_it() {
    assert_snapshot!(told::<Register>(&json!({
        "email": "ada", "password": "short", "username": "a b", "name": " ",
    })), @r#"
    email format: must be an e-mail address
    password too_short: must have at least 8 characters
    username format: must be letters, digits, '_', '.' and '-' only
    name too_short: must not be empty
    "#);
    assert_snapshot!(told::<Register>(&json!({
        "email": 7, "password": ["correct horse"], "displayName": {}, "username": false,
    })), @r#"
    email type: must be a string
    password type: must be a string
    username type: must be a string
    displayName type: must be a string
    "#);
    assert_snapshot!(told::<Register>(&json!({
        "email": format!("{}@example.org", "a".repeat(254)),
        "password": "x".repeat(73),
        "displayName": "é".repeat(81),
        "username": "ab",
    })), @r#"
    email too_long: must have at most 254 characters
    password too_long: must have at most 72 bytes
    username too_short: must have at least 3 characters
    displayName too_long: must have at most 80 characters
    "#);
    assert_snapshot!(told::<Register>(&json!({
        "email": "a\u{0}@example.org", "password": "correct\u{0}horse",
        "displayName": "a\u{7}b", "username": "a\u{0}b",
    })), @r#"
    email format: must not contain U+0000
    password format: must not contain U+0000
    username format: must not contain U+0000
    displayName format: must be free of control characters
    "#);
}

#[test]
fn of_two_bad_display_names_both_are_named_and_beside_a_good_one_none() {
    let with = |display_name: &str, name: serde_json::Value| {
        json!({
            "email": "ada@example.org", "password": "correct horse",
            "displayName": display_name, "name": name,
        })
    };
    let long = "é".repeat(81);
    assert_snapshot!(told::<Register>(&with(&long, long.clone().into())), @r#"
    displayName too_long: must have at most 80 characters
    name too_long: must have at most 80 characters
    "#);
    assert_snapshot!(told::<Register>(&with("", 7.into())), @r#"
    displayName too_short: must not be empty
    name type: must be a string
    "#);
    assert_snapshot!(told::<Register>(&with("", "Ada".into())), @"displayName too_short: must not be empty");
    let read: Register = body(&with("Ada", "".into()));
    assert_eq!(read.display_name, "Ada", "the other one is not looked at");
}

#[test]
fn a_bad_username_that_is_the_display_name_too_is_named_once() {
    assert_snapshot!(told::<Register>(&json!({
        "email": "ada@example.org", "password": "correct horse", "username": "",
    })), @"username too_short: must have at least 3 characters");
    assert_snapshot!(told::<Register>(&json!({
        "email": "ada@example.org", "password": "correct horse", "username": 5,
    })), @"username type: must be a string");
}

#[test]
fn lengths_are_in_characters_but_for_the_end_of_a_password() {
    let with = |password: &str| json!({ "email": "ada@example.org", "password": password, "displayName": "Ada" });
    assert_eq!(
        body::<Register>(&with(&"é".repeat(36))).password,
        Secret::new("é".repeat(36))
    );
    assert_snapshot!(told::<Register>(&with(&"é".repeat(37))), @"password too_long: must have at most 72 bytes");
    assert_snapshot!(told::<Register>(&with(&"é".repeat(7))), @"password too_short: must have at least 8 characters");
    let padded = "  padded  ";
    assert_eq!(
        body::<Register>(&with(padded)).password,
        Secret::new(padded)
    );
    let mut longest = with("correct horse");
    longest["displayName"] = "é".repeat(80).into();
    assert_eq!(body::<Register>(&longest).display_name.chars().count(), 80);
}

#[test]
fn addresses() {
    let with =
        |email: &str| json!({ "email": email, "password": "correct horse", "displayName": "Ada" });
    for email in ["a@b", "a.b+c@example.org", "é@exämple.org"] {
        assert_eq!(body::<Register>(&with(email)).email, email);
    }
    for email in ["a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "a@.b", "a@b."] {
        let told = told::<Register>(&with(email));
        assert_eq!(told, "email format: must be an e-mail address", "{email}");
    }
}

#[test]
fn a_login_asks_no_more_than_that_both_are_there() {
    let login = Login {
        email: "ada".into(),
        password: Secret::new("x"),
    };
    for name in ["email", "username"] {
        assert_eq!(
            body::<Login>(&json!({ name: "ada", "password": "x" })),
            login
        );
    }
    assert_eq!(written(&login), r#"{"email":"ada","password":"x"}"#);
    assert_snapshot!(told::<Login>(&json!({})), @r#"
    email required: is required
    password required: is required
    "#);
    assert_snapshot!(told::<Login>(&json!({ "username": " ", "password": "" })), @r#"
    username too_short: must not be empty
    password too_short: must not be empty
    "#);
    assert_snapshot!(told::<Login>(&json!({ "email": null, "password": 12_345_678 })), @r#"
    email required: is required
    password type: must be a string
    "#);
}

#[test]
fn refresh_and_logout_do_without_a_body() {
    assert_eq!(crate::read::<Refresh>(b"").unwrap(), Refresh::default());
    assert_eq!(crate::read::<Logout>(b" ").unwrap(), Logout::default());
    let token = Some(Secret::new("t"));
    let sent = json!({ "refreshToken": "t" });
    assert_eq!(body::<Refresh>(&sent).refresh_token, token);
    assert_eq!(body::<Logout>(&sent).refresh_token, token);
    assert_snapshot!(told::<Refresh>(&json!({ "refreshToken": 1 })), @"refreshToken type: must be a string");
    assert_snapshot!(told::<Logout>(&json!({ "refreshToken": "a\u{0}" })), @"refreshToken format: must not contain U+0000");
}

#[test]
fn another_password() {
    let change: ChangePassword = body(&json!({ "current": "x", "new": "correct horse" }));
    assert_eq!(written(&change), r#"{"current":"x","new":"correct horse"}"#);
    assert_snapshot!(told::<ChangePassword>(&json!({ "current": "", "new": "x" })), @r#"
    current too_short: must not be empty
    new too_short: must have at least 8 characters
    "#);
}

#[test]
fn a_cookie_has_to_be_asked_for() {
    assert!(query::<CookieQuery>("cookie=true").cookie);
    assert!(!query::<CookieQuery>("cookie=false").cookie);
    assert!(!query::<CookieQuery>("").cookie);
    assert!(!query::<CookieQuery>("cookie").cookie);
    assert_snapshot!(told_of_query::<CookieQuery>("cookie=yes"), @"cookie type: must be true or false");
}

#[test]
fn what_clients_write_is_what_servers_read() {
    assert_eq!(
        written(&register()),
        r#"{"email":"ada@example.org","password":"correct horse","displayName":"Ada Lovelace"}"#
    );
    written(&Register {
        username: Some("ada".into()),
        ..register()
    });
    assert_eq!(written(&Refresh::default()), "{}");
    written(&Logout {
        refresh_token: Some(Secret::new("t")),
    });
}
