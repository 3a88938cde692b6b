//! Passwords and tokens, which do not depend on the chosen backends.

use std::sync::Arc;

use adapter_credentials::{BcryptPasswords, JwtAccessTokens, TokenTerms};
use anyhow::Context as _;
use domain::port::{AccessTokens, Passwords};

use super::cores;
use crate::keys::{Keys, SigningKey};
use crate::settings::Auth;

pub(super) fn passwords(auth: &Auth) -> anyhow::Result<Arc<dyn Passwords>> {
    let threads = match auth.hashing_threads {
        0 => cores().div_ceil(2),
        threads => threads,
    };
    let passwords = BcryptPasswords::new(auth.bcrypt_cost, threads, auth.hashing_queue)
        .context("could not set up password hashing")?;
    Ok(Arc::new(passwords))
}

pub(super) fn access_tokens(auth: &Auth, keys: &Keys) -> anyhow::Result<Arc<dyn AccessTokens>> {
    let terms = TokenTerms {
        lifetime: auth.jwt_expiration,
        issuer: auth.issuer.clone(),
        audience: auth.audience.clone(),
    };
    let signing = match &keys.signing {
        SigningKey::Secret(secret) => adapter_credentials::SigningKey::secret(secret),
        SigningKey::Pem(pem) => {
            adapter_credentials::SigningKey::pem(pem).context("auth.key_file cannot be used")?
        }
    };
    let tokens = JwtAccessTokens::new(terms, signing, Vec::new(), keys.refresh)
        .context("could not set up the signing of tokens")?;
    Ok(Arc::new(tokens))
}
