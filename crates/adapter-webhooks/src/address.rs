//! Addresses that others have chosen, and why a call to one came to nothing.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use tokio::net::lookup_host;
use tokio::time::timeout;

use crate::reach::{Private, Reach};

/// How long a name may take to be found when an address is checked.
const PATIENCE: Duration = Duration::from_secs(5);
pub(crate) const PRIVATE: &str = "it is a private address, or its name leads to one";

/// An address as far as it can be told without asking anybody.
pub(crate) fn read(text: &str, reach: Reach) -> Result<Url, &'static str> {
    let Ok(url) = Url::parse(text) else {
        return Err("it is no address of the form https://host/path");
    };
    if !matches!(url.scheme(), "https" | "http") {
        return Err("it must begin with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not hold a name or password: check the signature instead");
    }
    match literal(&url) {
        Some(address) if !reach.includes(address) => Err(PRIVATE),
        _ => Ok(url),
    }
}

/// The same where nothing may be told in the clear, but to this machine itself where that may be called.
pub(crate) fn read_encrypted(text: &str, reach: Reach) -> Result<Url, &'static str> {
    let url = read(text, reach)?;
    let is_here = literal(&url).is_some_and(|address| address.is_loopback());
    if url.scheme() == "https" || is_here {
        Ok(url)
    } else {
        Err("it must begin with https://")
    }
}

/// Whether an address that was read leads to where calls may go.
pub(crate) async fn check(url: &Url, reach: Reach) -> Result<(), &'static str> {
    let (Some(name), None) = (url.host_str(), literal(url)) else {
        return Ok(());
    };
    // A name that nobody knows yet may be known later, and is looked up at each call.
    let found = timeout(PATIENCE, lookup_host((name, 0))).await;
    let Ok(Ok(mut addresses)) = found else {
        return Ok(());
    };
    if addresses.all(|address| reach.includes(address.ip())) {
        Ok(())
    } else {
        Err(PRIVATE)
    }
}

/// The address in an address that needs no look-up. In whatever way it was written, it was brought into
/// the usual one when it was read.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// Why a call came to nothing, for the operator.
pub(crate) fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "nobody answered in time".to_owned();
    }
    let cause = innermost(error);
    if cause == Private.to_string() {
        PRIVATE.to_owned()
    } else {
        format!("nobody could be reached: {cause}")
    }
}

/// What the first cause says of itself.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
