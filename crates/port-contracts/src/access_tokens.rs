//! Obligations of [`domain::port::AccessTokens`].

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::port::AccessTokens;
use domain::port::access_tokens::{IssuedToken, Verified};
use domain::{RefreshToken, SessionId, Timestamp, UserId};
use serde_json::{Value, json};

use crate::{CROWD, at, at_once, fresh};

contract!(access_tokens {
    a_token_says_what_it_was_issued_for,
    a_token_ends,
    a_tampered_token_is_invalid,
    the_algorithm_is_the_keys,
    another_keys_token_is_invalid,
    a_former_keys_token_is_valid,
    a_successor_is_derived,
    new_refresh_tokens_differ,
});

/// Servers that share some or none of their keys, and everything else.
pub struct Servers {
    pub ours: Arc<dyn AccessTokens>,
    /// Another node of ours, with the same keys.
    pub twin: Arc<dyn AccessTokens>,
    /// Signs with a new key, and accepts the key of `ours` as a former one.
    pub heir: Arc<dyn AccessTokens>,
    /// Shares no key with us.
    pub stranger: Arc<dyn AccessTokens>,
}

pub async fn a_token_says_what_it_was_issued_for(servers: &Servers) {
    for millis in [0, 1, 999] {
        let (user, session, now) = (fresh(), fresh(), at(millis));
        let issued = servers.ours.issue(user, session, now).unwrap();
        assert!(issued.expires_at > now);
        for server in [&servers.ours, &servers.twin] {
            let Verified::Valid(claims) = server.verify(&issued.token, now) else {
                panic!("{issued:?}");
            };
            assert_eq!((claims.user, claims.session), (user, session));
            assert_eq!(claims.expires_at, issued.expires_at);
            // Token times are whole seconds.
            assert!(claims.issued_at <= now);
            assert!(now.since(claims.issued_at) < Duration::from_secs(1));
        }
    }
}

pub async fn a_token_ends(servers: &Servers) {
    let IssuedToken { token, expires_at } = issue(&servers.ours);
    let moment = Duration::from_millis(1);
    assert!(is_valid(&servers.ours, &token, expires_at - moment));
    let year = Duration::from_hours(365 * 24);
    for now in [expires_at, expires_at + moment, expires_at + year] {
        assert_eq!(servers.ours.verify(&token, now), Verified::Expired);
    }

    // A server that does not know the key does not reveal that the token was once valid.
    let late = expires_at + moment;
    assert_eq!(servers.stranger.verify(&token, late), Verified::Invalid);
    let cut = token.get(..token.len() - 1).unwrap();
    assert_eq!(servers.ours.verify(cut, late), Verified::Invalid);
}

pub async fn a_tampered_token_is_invalid(servers: &Servers) {
    let one = issue(&servers.ours).token;
    let other = issue(&servers.ours).token;
    for place in 0..one.len() {
        let mut bytes = one.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        refuse(servers, &String::from_utf8(bytes).unwrap());
    }
    for end in 0..one.len() {
        refuse(servers, one.get(..end).unwrap());
    }

    let ([head, claims, signature], [_, others, theirs]) = (parts(&one), parts(&other));
    let mut read = json_of(claims);
    read["sub"] = json!(fresh::<UserId>().to_string());
    let forged = written(&read);
    for token in [
        format!("{head}.{others}.{signature}"),
        format!("{head}.{claims}.{theirs}"),
        format!("{head}.{forged}.{signature}"),
        format!("{head}.{claims}."),
        format!("{head}.{claims}"),
        format!("{claims}.{head}.{signature}"),
        format!("{head}.{claims}.{signature}."),
        format!("{head}.{claims}.{signature}.{signature}"),
        format!("{head}.{claims}.{signature}="),
        format!(" {one}"),
        format!("{one} "),
        format!("{one}\n"),
        format!("Bearer {one}"),
        "é".repeat(100_000),
    ] {
        refuse(servers, &token);
    }
    assert!(is_valid(&servers.ours, &one, at(0)));
}

pub async fn the_algorithm_is_the_keys(servers: &Servers) {
    let token = issue(&servers.ours).token;
    let [head, claims, signature] = parts(&token);
    let genuine = json_of(head);
    let others = [
        "none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS256", "RS512", "PS256",
        "ES256", "ES384", "EdDSA", "hs256",
    ];
    let names = others.into_iter().map(|name| json!(name));
    for alg in names.chain([Value::Null, json!(0), json!(["HS256"])]) {
        let mut asked = genuine.clone();
        asked["alg"] = alg;
        if asked == genuine {
            continue;
        }
        let bare = json!({ "alg": asked["alg"], "typ": "JWT" });
        for head in [written(&asked), written(&bare)] {
            refuse(servers, &format!("{head}.{claims}."));
            refuse(servers, &format!("{head}.{claims}"));
            refuse(servers, &format!("{head}.{claims}.{signature}"));
        }
    }
}

pub async fn another_keys_token_is_invalid(servers: &Servers) {
    let token = issue(&servers.stranger).token;
    assert!(is_valid(&servers.stranger, &token, at(0)));
    refuse(servers, &token);
    let ours = issue(&servers.ours).token;
    let verdict = servers.stranger.verify(&ours, at(0));
    assert_eq!(verdict, Verified::Invalid);
    // Servers that were not given the new key do not accept it.
    refuse(servers, &issue(&servers.heir).token);

    // Nor does it help to give a key the id of ours.
    let [_, claims, signature] = parts(&token);
    let [head, _, _] = parts(&ours);
    refuse(servers, &format!("{head}.{claims}.{signature}"));
}

pub async fn a_former_keys_token_is_valid(servers: &Servers) {
    let old = issue(&servers.ours);
    let new = issue(&servers.heir);
    for token in [&old.token, &new.token] {
        assert!(is_valid(&servers.heir, token, at(0)));
    }
    let verdict = servers.heir.verify(&old.token, old.expires_at);
    assert_eq!(verdict, Verified::Expired);
    let verdict = servers.heir.verify(&issue(&servers.stranger).token, at(0));
    assert_eq!(verdict, Verified::Invalid);
}

pub async fn a_successor_is_derived(servers: &Servers) {
    let Servers { ours, twin, .. } = servers;
    let first = ours.new_refresh();
    let mut line = vec![first.clone()];
    for _ in 0..20 {
        let next = ours.successor(&line[line.len() - 1]);
        assert_eq!(twin.successor(&line[line.len() - 1]), next);
        line.push(next);
    }
    let presented = ["", "no token", "ñ"].map(|text| RefreshToken::from_string(text.to_owned()));
    line.extend(presented.iter().map(|token| ours.successor(token)));
    line.push(ours.successor(&ours.new_refresh()));
    // Whoever steals a token still needs our key to derive the next one.
    line.push(servers.stranger.successor(&first));
    assert_differ(servers, &line);
}

pub async fn new_refresh_tokens_differ(servers: &Servers) {
    let made = at_once(CROWD, |number| {
        let server = if number % 2 == 0 {
            &servers.ours
        } else {
            &servers.twin
        };
        let server = Arc::clone(server);
        async move { [(); 50].map(|()| server.new_refresh()) }
    })
    .await;
    let made = made.concat();
    assert_differ(servers, &made);
    // 256 bits take at least this many characters in any usual encoding.
    assert!(made.iter().all(|token| token.reveal().len() >= 43));
}

/// Neither the tokens nor their digests repeat, and all servers compute the same digests.
fn assert_differ(servers: &Servers, tokens: &[RefreshToken]) {
    let texts: HashSet<&str> = tokens.iter().map(RefreshToken::reveal).collect();
    let digests: HashSet<_> = tokens.iter().map(|it| servers.ours.digest(it)).collect();
    assert_eq!((texts.len(), digests.len()), (tokens.len(), tokens.len()));
    for token in tokens {
        let digest = servers.ours.digest(token);
        for server in [&servers.ours, &servers.twin, &servers.stranger] {
            assert_eq!(server.digest(token), digest);
        }
    }
}

fn issue(server: &Arc<dyn AccessTokens>) -> IssuedToken {
    let (user, session): (UserId, SessionId) = (fresh(), fresh());
    server.issue(user, session, at(0)).unwrap()
}

fn is_valid(server: &Arc<dyn AccessTokens>, token: &str, now: Timestamp) -> bool {
    matches!(server.verify(token, now), Verified::Valid(_))
}

/// The token is not ours, neither now nor later.
fn refuse(servers: &Servers, token: &str) {
    let year = Duration::from_hours(365 * 24);
    for now in [at(0), at(0) + year] {
        let verdict = servers.ours.verify(token, now);
        assert_eq!(verdict, Verified::Invalid, "{token}");
    }
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().unwrap()
}

fn json_of(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn written(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}
