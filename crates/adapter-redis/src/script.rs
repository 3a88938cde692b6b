//! Scripts that the server caches, so that only their digests are sent.

use std::sync::LazyLock;

use deadpool_redis::redis::{
    Cmd, ErrorKind, FromRedisValue, RedisResult, Script as Source, ServerErrorKind, ToRedisArgs,
};

use crate::link::Link;

macro_rules! scripts {
    ($($(#[$doc:meta])* $name:ident: $file:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) static $name: Script =
            Script { code: include_str!($file), name: LazyLock::new(|| hash(include_str!($file))) };
    )*};
}

scripts! {
    CONNECT: "scripts/connect.lua";
    RENEW: "scripts/renew.lua";
    RELEASE: "scripts/release.lua";
    SWEEP: "scripts/sweep.lua";
    ADMIT: "scripts/admit.lua";
    GIVE_BACK: "scripts/give_back.lua";
    DISCLAIM: "scripts/disclaim.lua";
    HOLD_ON: "scripts/hold_on.lua";
    KEEP: "scripts/keep.lua";
    SET_ASIDE: "scripts/set_aside.lua";
    SETTLE: "scripts/settle.lua";
}

/// A script and its SHA-1 digest.
pub(crate) struct Script {
    code: &'static str,
    name: LazyLock<String>,
}

fn hash(code: &str) -> String {
    Source::new(code).get_hash().to_owned()
}

impl Script {
    /// Runs the script by its digest, and loads it if the server does not have it.
    pub(crate) async fn run<T, K, A>(&self, mut link: Link, keys: &[K], args: A) -> RedisResult<T>
    where
        T: FromRedisValue,
        K: ToRedisArgs,
        A: ToRedisArgs,
    {
        let by_name = call("EVALSHA", &self.name, keys, &args);
        match by_name.query_async(&mut link).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                let in_full = call("EVAL", self.code, keys, &args);
                in_full.query_async(&mut link).await
            }
            answer => answer,
        }
    }
}

/// Enough for most calls, so that building one does not reallocate.
const ARGUMENTS: usize = 16;
const BYTES: usize = 256;

fn call(how: &str, script: &str, keys: &[impl ToRedisArgs], args: &impl ToRedisArgs) -> Cmd {
    let mut call = Cmd::with_capacity(ARGUMENTS, BYTES);
    call.arg(how)
        .arg(script)
        .arg(keys.len())
        .arg(keys)
        .arg(args);
    call
}
