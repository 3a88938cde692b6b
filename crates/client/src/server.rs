//! A server, for those who are not signed in.

use std::fmt::Display;

use protocol::Secret;
use protocol::rest::{Login, Register};
use protocol::shape::{InvitePreview, Tokens};

use crate::call::{Call, path};
use crate::http::Http;
use crate::{Account, Error};

/// The address of a Tertulia server.
#[derive(Clone, Debug)]
pub struct Server {
    http: Http,
}

impl Server {
    /// The server at this address, such as `https://chat.example.org`.
    pub fn at(address: &str) -> Result<Self, Error> {
        Http::at(address).map(|http| Self { http })
    }

    /// Registers an account and signs in.
    pub async fn register(&self, account: &Register) -> Result<Account, Error> {
        self.enter(&"register", Call::post(Vec::new(), account)?)
            .await
    }

    /// Signs in, by e-mail address or username.
    pub async fn login(&self, name: &str, password: &str) -> Result<Account, Error> {
        let login = Login {
            email: name.to_owned(),
            password: Secret::new(password),
        };
        self.enter(&"login", Call::post(Vec::new(), &login)?).await
    }

    async fn enter(&self, door: &dyn Display, call: Call) -> Result<Account, Error> {
        let path = path([&"auth", door]);
        let tokens = self.http.ask(&Call { path, ..call }, None).await?;
        Ok(self.resume(tokens))
    }

    /// Continues a session with stored [tokens](Account::tokens).
    pub fn resume(&self, tokens: Tokens) -> Account {
        Account::new(self.http.clone(), tokens)
    }

    /// Previews an invite.
    pub async fn invite(&self, code: &str) -> Result<InvitePreview, Error> {
        let call = Call::get(path([&"invites", &code]));
        self.http.ask(&call, None).await
    }
}
