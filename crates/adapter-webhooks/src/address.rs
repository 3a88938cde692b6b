//! Addresses chosen by users, and why a call to one failed.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use tokio::net::lookup_host;
use tokio::time::timeout;

use crate::reach::{Private, Reach};

/// How long a name lookup may take when an address is checked.
const PATIENCE: Duration = Duration::from_secs(5);
pub(crate) const PRIVATE: &str = "it is a private address, or its name leads to one";

/// Parses an address and checks what can be checked without a name lookup.
pub(crate) fn read(text: &str, reach: Reach) -> Result<Url, &'static str> {
    let Ok(url) = Url::parse(text) else {
        return Err("it is not an address of the form https://host/path");
    };
    if !matches!(url.scheme(), "https" | "http") {
        return Err("it must begin with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not contain a user name or password: check the signature instead");
    }
    match literal(&url) {
        Some(address) if !reach.includes(address) => Err(PRIVATE),
        _ => Ok(url),
    }
}

/// The same, but only encrypted addresses are allowed, or this machine itself where that may be called.
pub(crate) fn read_encrypted(text: &str, reach: Reach) -> Result<Url, &'static str> {
    let url = read(text, reach)?;
    let is_here = literal(&url).is_some_and(|address| address.is_loopback());
    if url.scheme() == "https" || is_here {
        Ok(url)
    } else {
        Err("it must begin with https://")
    }
}

/// Whether a parsed address leads to where calls may go.
pub(crate) async fn check(url: &Url, reach: Reach) -> Result<(), &'static str> {
    let (Some(name), None) = (url.host_str(), literal(url)) else {
        return Ok(());
    };
    // A name that does not resolve yet may resolve later; it is looked up again at each call.
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

/// The IP address in a URL that needs no name lookup. However it was written, parsing has normalised
/// it.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// Why a call failed, for the operator.
pub(crate) fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "there was no answer in time".to_owned();
    }
    let cause = innermost(error);
    if cause == Private.to_string() {
        PRIVATE.to_owned()
    } else {
        format!("the call failed: {cause}")
    }
}

/// The message of the innermost cause.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
