//! Which addresses clients are counted under.

use std::net::{IpAddr, Ipv6Addr};

/// The address a client is counted under. A host with one IPv6 address usually controls its whole
/// /64, so all addresses of a /64 count as one.
pub(crate) fn host(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(start_of(v6, 64)),
    }
}

/// The network around a client: roughly what one customer of a provider is assigned.
pub(crate) fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            IpAddr::from([a, b, c, 0])
        }
        IpAddr::V6(v6) => IpAddr::V6(start_of(v6, 48)),
    }
}

/// The first address of the network whose prefix is `bits` long.
const fn start_of(ip: Ipv6Addr, bits: u32) -> Ipv6Addr {
    let free = 128 - bits;
    Ipv6Addr::from_bits(ip.to_bits() >> free << free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn hosts_of_one_ipv6_network_count_as_one() {
        assert_eq!(host(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(host(ip("203.0.113.9")), ip("203.0.113.9"));
        assert_eq!(host(ip("::ffff:203.0.113.9")), ip("203.0.113.9"));
    }

    #[test]
    fn networks_are_about_what_one_customer_may_have() {
        assert_eq!(network(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1::"));
        assert_eq!(network(ip("203.0.113.9")), ip("203.0.113.0"));
    }
}
