//! Proxies that are trusted to report the client's address.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// An address or a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedProxy(IpNet);

impl TrustedProxy {
    /// The network; an address is a network of one.
    pub fn network(self) -> IpNet {
        self.0
    }
}

impl FromStr for TrustedProxy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        text.parse::<IpAddr>()
            .map(IpNet::from)
            .or_else(|_| text.parse::<IpNet>().map(|network| network.trunc()))
            .map(Self)
            .map_err(|_neither| "must be addresses like 10.0.0.7 or networks like 10.0.0.0/8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_network_of_one() {
        let one: TrustedProxy = "10.0.0.7".parse().unwrap();
        assert_eq!(one.network().to_string(), "10.0.0.7/32");
        let many: TrustedProxy = " fd00::1/8 ".parse().unwrap();
        assert_eq!(many.network().to_string(), "fd00::/8");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0"] {
            assert!(text.parse::<TrustedProxy>().is_err(), "{text}");
        }
    }
}
