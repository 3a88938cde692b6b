//! Forged tokens, and the published key set. The port's own obligations are tested by its contract.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::port::AccessTokens as _;
use domain::port::access_tokens::Verified;
use domain::{SessionId, Timestamp, UserId};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{JwtAccessTokens, SigningKey, TokenTerms, VerifyingKey};

const SECRET: &[u8] = b"a secret of more than thirty-two bytes";
const ED25519: &[u8] = include_bytes!("../../tests/keys/ed25519.pem");
const ED25519_PUBLIC: &[u8] = include_bytes!("../../tests/keys/ed25519.pub.pem");
const P256: &[u8] = include_bytes!("../../tests/keys/p256.pem");
const P256_PUBLIC: &[u8] = include_bytes!("../../tests/keys/p256.pub.pem");
const P384: &[u8] = include_bytes!("../../tests/keys/p384.pem");

const USER: UserId = UserId::from_uuid(Uuid::from_u128(1));
const SESSION: SessionId = SessionId::from_uuid(Uuid::from_u128(2));
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_999);

fn terms() -> TokenTerms {
    TokenTerms {
        lifetime: Duration::from_mins(15),
        issuer: "us".to_owned(),
        audience: "them".to_owned(),
    }
}

fn tokens(signing: SigningKey) -> JwtAccessTokens {
    rotated(signing, Vec::new())
}

fn rotated(signing: SigningKey, before: Vec<VerifyingKey>) -> JwtAccessTokens {
    JwtAccessTokens::new(terms(), signing, before, [7; 32]).unwrap()
}

fn secret() -> JwtAccessTokens {
    tokens(SigningKey::secret(SECRET))
}

/// One server for each algorithm.
fn all() -> [JwtAccessTokens; 3] {
    [
        secret(),
        tokens(SigningKey::pem(ED25519).unwrap()),
        tokens(SigningKey::pem(P256).unwrap()),
    ]
}

fn issued(tokens: &JwtAccessTokens) -> String {
    tokens.issue(USER, SESSION, NOW).unwrap().token
}

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A token signed with our own secret, after a change to its header and claims.
fn forged(change: impl FnOnce(&mut Header, &mut Value)) -> Verified {
    let ours = secret();
    let mut header = ours.header().clone();
    let mut claims = part(&issued(&ours), 1);
    change(&mut header, &mut claims);
    let token = encode(&header, &claims, &EncodingKey::from_secret(SECRET)).unwrap();
    ours.verify(&token, NOW)
}

#[test]
fn a_token_carries_its_claims_and_its_key() {
    let token = issued(&secret());
    assert_eq!(
        part(&token, 1),
        json!({
            "sub": USER.to_string(), "sid": SESSION.to_string(), "iss": "us", "aud": "them",
            "iat": 1_700_000_000, "exp": 1_700_000_900,
        })
    );
    let head = part(&token, 0);
    assert_eq!(
        (&head["alg"], &head["typ"]),
        (&json!("HS256"), &json!("JWT"))
    );
    assert_eq!(head["kid"].as_str().unwrap().len(), 16);
}

#[test]
fn the_last_millisecond_counts() {
    for ours in all() {
        let issued = ours.issue(USER, SESSION, NOW).unwrap();
        let end = issued.expires_at;
        assert_eq!(end.as_millis(), 1_700_000_900_000);
        let before = end - Duration::from_millis(1);
        assert!(matches!(
            ours.verify(&issued.token, before),
            Verified::Valid(_)
        ));
        assert_eq!(ours.verify(&issued.token, end), Verified::Expired);
    }
}

#[test]
fn what_we_signed_for_others_is_invalid() {
    assert!(
        matches!(forged(|_, _| ()), Verified::Valid(_)),
        "the forgery is a good one"
    );
    for (claim, value) in [
        ("iss", json!("other")),
        ("iss", json!(7)),
        ("iss", Value::Null),
        ("aud", json!("other")),
        ("aud", json!(["other"])),
        ("aud", json!({})),
        ("aud", Value::Null),
        ("sub", json!("ana")),
        ("sub", json!(1)),
        ("sid", Value::Null),
        ("exp", Value::Null),
        ("exp", json!("never")),
        ("exp", json!(-1)),
    ] {
        let verdict = forged(|_, claims| claims[claim] = value.clone());
        assert_eq!(verdict, Verified::Invalid, "{claim}: {value}");
        let absent = forged(|_, claims| {
            claims.as_object_mut().unwrap().remove(claim).unwrap();
        });
        assert_eq!(absent, Verified::Invalid, "{claim}");
    }
    let far = forged(|_, claims| claims["exp"] = json!(i64::MAX));
    assert!(matches!(far, Verified::Valid(_)), "no overflow");
}

#[test]
fn an_expired_token_of_others_is_invalid_not_expired() {
    let verdict = forged(|_, claims| {
        claims["exp"] = json!(1);
        claims["iss"] = json!("other");
    });
    assert_eq!(verdict, Verified::Invalid);
    assert_eq!(
        forged(|_, claims| claims["exp"] = json!(1)),
        Verified::Expired
    );
}

#[test]
fn a_key_goes_by_its_own_name() {
    for kid in [
        None,
        Some(""),
        Some("0000000000000000"),
        Some("../../etc/passwd"),
    ] {
        let verdict = forged(|header, _| header.kid = kid.map(str::to_owned));
        assert_eq!(verdict, Verified::Invalid, "{kid:?}");
    }
}

/// A classic attack: public keys are known, so a server that can be made to use one as an HMAC secret
/// accepts anybody's signature.
#[test]
fn a_public_key_is_no_secret() {
    for (private, public) in [(ED25519, ED25519_PUBLIC), (P256, P256_PUBLIC)] {
        let ours = tokens(SigningKey::pem(private).unwrap());
        let genuine = issued(&ours);
        let set: JwkSet = serde_json::from_str(&ours.key_set().unwrap()).unwrap();
        let key = DecodingKey::from_jwk(&set.keys[0]).unwrap();
        for known in [public, public.trim_ascii(), key.try_get_as_bytes().unwrap()] {
            let mut header = ours.header().clone();
            header.alg = Algorithm::HS256;
            let forged = encode(
                &header,
                &part(&genuine, 1),
                &EncodingKey::from_secret(known),
            );
            assert_eq!(ours.verify(&forged.unwrap(), NOW), Verified::Invalid);
        }
    }
}

#[test]
fn garbage_is_invalid() {
    for ours in all() {
        let token = issued(&ours);
        let [head, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let deep = URL_SAFE_NO_PAD.encode("[".repeat(5_000));
        for garbage in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "....".to_owned(),
            "\0".to_owned(),
            "ñ.ñ.ñ".to_owned(),
            head.to_owned(),
            format!("{head}.{claims}"),
            format!("{head}.{claims}."),
            format!("{head}..{signature}"),
            format!(".{claims}.{signature}"),
            format!("{token}."),
            format!("{token}="),
            format!(" {token}"),
            format!("{token}\n"),
            format!("{token}.{signature}"),
            format!("{deep}.{claims}.{signature}"),
            "A".repeat(1024 * 1024),
            format!("{head}.{}.{signature}", "A".repeat(1024 * 1024)),
        ] {
            assert_eq!(
                ours.verify(&garbage, NOW),
                Verified::Invalid,
                "{garbage:.80?}"
            );
        }
    }
}

#[test]
fn tokens_outlive_a_change_of_key() {
    let old = all().map(|ours| issued(&ours));
    let now = rotated(
        SigningKey::secret(b"another secret of thirty-two bytes"),
        vec![
            VerifyingKey::secret(SECRET),
            VerifyingKey::pem(ED25519_PUBLIC).unwrap(),
            VerifyingKey::pem(P256_PUBLIC).unwrap(),
        ],
    );
    for token in old {
        assert!(matches!(now.verify(&token, NOW), Verified::Valid(_)));
    }
    let newest = issued(&now);
    assert!(matches!(now.verify(&newest, NOW), Verified::Valid(_)));
    assert!(
        all()
            .iter()
            .all(|ours| ours.verify(&newest, NOW) == Verified::Invalid)
    );
}

/// As any other service would do it: from the published text alone.
#[test]
fn the_key_set_is_all_that_others_need() {
    for (signing, kty, crv, alg) in [
        (ED25519, "OKP", "Ed25519", "EdDSA"),
        (P256, "EC", "P-256", "ES256"),
    ] {
        let ours = tokens(SigningKey::pem(signing).unwrap());
        let text = ours.key_set().unwrap();
        let token = issued(&ours);

        let key = &serde_json::from_str::<Value>(&text).unwrap()["keys"][0];
        assert_eq!((&key["kty"], &key["crv"]), (&json!(kty), &json!(crv)));
        assert_eq!((&key["use"], &key["alg"]), (&json!("sig"), &json!(alg)));
        assert_eq!(key["kid"], part(&token, 0)["kid"]);
        assert!(key.get("d").is_none(), "the private part stays here");

        let set: JwkSet = serde_json::from_str(&text).unwrap();
        let mut validation = Validation::new(alg.parse().unwrap());
        validation.set_audience(&["them"]);
        validation.validate_exp = false;
        let checker = DecodingKey::from_jwk(&set.keys[0]).unwrap();
        let said = decode::<Value>(&token, &checker, &validation).unwrap();
        assert_eq!(said.claims["sub"], json!(USER.to_string()));
    }
}

#[test]
fn secrets_are_not_published() {
    assert_eq!(secret().key_set(), None);
    let before = vec![VerifyingKey::secret(SECRET)];
    let ours = rotated(SigningKey::pem(P256).unwrap(), before);
    let set: Value = serde_json::from_str(&ours.key_set().unwrap()).unwrap();
    assert_eq!(set["keys"].as_array().unwrap().len(), 1);
}

/// The ids were computed elsewhere: another scheme would log everybody out.
#[test]
fn both_halves_have_one_name() {
    for (private, public, name) in [
        (ED25519, ED25519_PUBLIC, "EdDSA ec5df166a106ed7d"),
        (P256, P256_PUBLIC, "ES256 ca73ba7c81a2923f"),
    ] {
        let signing = format!("{:?}", SigningKey::pem(private).unwrap());
        assert_eq!(signing, format!("SigningKey({name})"));
        let verifying = format!("{:?}", VerifyingKey::pem(public).unwrap());
        assert_eq!(verifying, format!("VerifyingKey({name})"));
    }
}

#[test]
fn other_keys_are_refused_with_a_sentence() {
    for wrong in [
        P384,
        P256_PUBLIC,
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    ] {
        let refusal = SigningKey::pem(wrong).unwrap_err().to_string();
        assert!(refusal.contains("openssl genpkey"), "{refusal}");
    }
    for wrong in [P384, P256, b""] {
        let refusal = VerifyingKey::pem(wrong).unwrap_err().to_string();
        assert!(refusal.contains("-pubout"), "{refusal}");
    }
}

#[test]
fn keys_do_not_show() {
    let shown = format!("{:?} {:?}", secret(), SigningKey::secret(SECRET));
    let bytes = format!("{SECRET:?}");
    assert!(!shown.contains("thirty-two") && !shown.contains(bytes.trim_matches(['[', ']'])));
    let shown = format!("{:?}", tokens(SigningKey::pem(ED25519).unwrap()));
    assert!(shown.contains("[redacted]"), "{shown}");
}
