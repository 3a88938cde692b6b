//! Which network addresses may be called.
//!
//! A user who may choose an address could make the server call what only the server can reach: the
//! database beside it, or the machine's own administration interface.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// Where calls may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To the public network only.
    Public,
    /// Also to private networks and to this machine.
    Everywhere,
}

impl Reach {
    /// Whether an address may be called.
    pub(crate) fn includes(self, address: IpAddr) -> bool {
        self == Self::Everywhere || is_public(address)
    }
}

/// A name that resolves to an address that may not be called.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the name leads to a private address")]
pub(crate) struct Private;

/// Resolves names each time a connection is made: what a name resolved to when it was checked is not
/// relied on.
#[derive(Clone, Copy)]
pub(crate) struct Resolver(pub(crate) Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = lookup_host((name.as_str(), 0)).await?.collect();
            if addresses.iter().all(|it| reach.includes(it.ip())) {
                let addresses: Addrs = Box::new(addresses.into_iter());
                Ok(addresses)
            } else {
                Err(Private.into())
            }
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// All addresses but those that the special-purpose registry (RFC 6890) reserves.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_of_protocols = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let is_of_benchmarks = a == 198 && (b == 18 || b == 19);
    let is_reserved = a == 0 || a >= 240;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || is_shared
        || is_of_protocols
        || is_of_benchmarks
        || is_reserved)
}

/// Globally routed addresses. For those that embed an IPv4 address, that one decides.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let segments = address.segments();
    if let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = segments {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        return is_public_v4(Ipv4Addr::new(one, two, three, four));
    }
    let [first, second, ..] = segments;
    let is_global = first & 0xe000 == 0x2000;
    let is_special = match first {
        // Teredo, ORCHID and the like; documentation.
        0x2001 => second < 0x200 || second == 0xdb8,
        // 6to4.
        0x2002 => true,
        // Documentation.
        0x3fff => second < 0x1000,
        _ => false,
    };
    is_global && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for public in [
            "1.1.1.1",
            "93.184.215.14",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            let address: IpAddr = public.parse().unwrap();
            assert!(Reach::Public.includes(address), "{public}");
        }
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
        ] {
            let address: IpAddr = private.parse().unwrap();
            assert!(!Reach::Public.includes(address), "{private}");
            assert!(Reach::Everywhere.includes(address), "{private}");
        }
    }
}
