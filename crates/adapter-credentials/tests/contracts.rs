//! Every obligation of passwords and access tokens, the latter for each algorithm.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

use std::sync::Arc;
use std::time::Duration;

use adapter_credentials::{BcryptPasswords, JwtAccessTokens, SigningKey, TokenTerms, VerifyingKey};
use domain::port::{AccessTokens, Passwords};
use port_contracts::{CROWD, Kept, Servers};

/// Cheap, and yet so expensive that starting a thread is negligible beside it.
const COST: u32 = 6;

async fn passwords() -> Kept<Arc<dyn Passwords>> {
    let passwords = BcryptPasswords::new(COST, 2, CROWD).unwrap();
    Kept::on(Arc::new(passwords), ())
}

port_contracts::passwords!(passwords);

fn server(signing: SigningKey, before: Vec<VerifyingKey>, successors: u8) -> Arc<dyn AccessTokens> {
    let terms = TokenTerms {
        lifetime: Duration::from_mins(15),
        issuer: "us".to_owned(),
        audience: "them".to_owned(),
    };
    let tokens = JwtAccessTokens::new(terms, signing, before, [successors; 32]);
    Arc::new(tokens.unwrap())
}

const SECRET: &[u8] = b"a secret of more than thirty-two bytes";
const OTHER_SECRET: &[u8] = b"another secret of that many characters";

/// What a server used before it had a key pair.
fn secret() -> SigningKey {
    SigningKey::secret(OTHER_SECRET)
}

mod hs256 {
    use super::*;

    async fn servers() -> Kept<Servers> {
        let ours = || SigningKey::secret(SECRET);
        let servers = Servers {
            ours: server(ours(), Vec::new(), 7),
            twin: server(ours(), Vec::new(), 7),
            heir: server(pem("ed25519"), vec![VerifyingKey::secret(SECRET)], 7),
            stranger: server(secret(), Vec::new(), 8),
        };
        Kept::on(servers, ())
    }

    port_contracts::access_tokens!(servers);
}

mod ed25519 {
    use super::*;

    async fn servers() -> Kept<Servers> {
        asymmetric("ed25519").await
    }

    port_contracts::access_tokens!(servers);
}

mod es256 {
    use super::*;

    async fn servers() -> Kept<Servers> {
        asymmetric("p256").await
    }

    port_contracts::access_tokens!(servers);
}

async fn asymmetric(name: &str) -> Kept<Servers> {
    let former = VerifyingKey::pem(&file(&format!("{name}.pub"))).unwrap();
    let servers = Servers {
        ours: server(pem(name), Vec::new(), 7),
        twin: server(pem(name), Vec::new(), 7),
        heir: server(secret(), vec![former], 7),
        stranger: server(pem(&format!("{name}-other")), Vec::new(), 8),
    };
    Kept::on(servers, ())
}

fn pem(name: &str) -> SigningKey {
    SigningKey::pem(&file(name)).unwrap()
}

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
    std::fs::read(format!("{folder}/{name}.pem")).unwrap()
}
