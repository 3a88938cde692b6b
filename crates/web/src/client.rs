//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue, USER_AGENT};
use domain::{SessionOrigin, UserAgent};
use ipnet::IpNet;

/// The client's address: the peer's, or, behind trusted proxies, the last address before them.
pub(crate) fn address(request: &HttpRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let noted = request.headers().get_all("x-forwarded-for");
    let forwarded: Vec<&[u8]> = noted.map(HeaderValue::as_bytes).collect();
    Some(behind(peer, &forwarded, trusted))
}

/// Whether a request comes from this machine and was not forwarded. Behind a local proxy that is
/// not configured as trusted, every client would otherwise seem to be local.
pub(crate) fn is_here(request: &HttpRequest, trusted: &[IpNet]) -> bool {
    let handed_on = |name: &HeaderName| {
        let name = name.as_str();
        name == "via"
            || name == "forwarded"
            || name == "x-real-ip"
            || name.starts_with("x-forwarded")
    };
    let is_direct = !request.headers().keys().any(handed_on);
    is_direct && address(request, trusted).is_some_and(|ip| ip.is_loopback())
}

/// Walks back from the peer through the addresses that proxies recorded, as long as each is
/// trusted.
///
/// Header lines are bytes: one that a client made unreadable may still end in what a proxy appended
/// to it. Skipping it would mean trusting the line before, which is the client's own.
fn behind(peer: IpAddr, forwarded: &[&[u8]], trusted: &[IpNet]) -> IpAddr {
    let mut believed = peer;
    let lines = forwarded.iter().rev();
    for noted in lines.flat_map(|line| line.rsplit(|byte| *byte == b',')) {
        if !trusted.iter().any(|network| network.contains(&believed)) {
            break;
        }
        let Some(address) = read(noted.trim_ascii()) else {
            break;
        };
        believed = address.to_canonical();
    }
    believed
}

/// An address as proxies write it; some add the port.
fn read(noted: &[u8]) -> Option<IpAddr> {
    let noted = std::str::from_utf8(noted).ok()?;
    let with_port = || noted.parse::<SocketAddr>().ok().map(|noted| noted.ip());
    noted.parse().ok().or_else(with_port)
}

/// Where a session is used from, as shown to its owner.
pub(crate) fn origin(request: &HttpRequest, trusted: &[IpNet]) -> SessionOrigin {
    let user_agent = request
        .headers()
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default();
    SessionOrigin {
        ip: address(request, trusted),
        user_agent: UserAgent::clip(&user_agent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let forwarded: Vec<&[u8]> = forwarded.iter().map(|line| line.as_bytes()).collect();
        behind(peer.parse().unwrap(), &forwarded, &trusted).to_string()
    }

    #[test]
    fn nobody_is_believed_by_default() {
        assert_eq!(seen("10.0.0.9", &["1.2.3.4"], &[]), "10.0.0.9");
    }

    #[test]
    fn the_right_most_that_is_no_proxy_is_the_client() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(seen("10.0.0.9", &["6.6.6.6, 1.2.3.4"], &trusted), "1.2.3.4");
        assert_eq!(
            seen("10.0.0.9", &["6.6.6.6, 1.2.3.4, 10.1.1.1"], &trusted),
            "1.2.3.4"
        );
        assert_eq!(
            seen("10.0.0.9", &["6.6.6.6", "1.2.3.4", "10.1.1.1"], &trusted),
            "1.2.3.4"
        );
    }

    #[test]
    fn a_port_beside_the_address_is_passed_over() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(seen("10.0.0.9", &["1.2.3.4:5678"], &trusted), "1.2.3.4");
        assert_eq!(
            seen("10.0.0.9", &["[2001:db8::1]:80"], &trusted),
            "2001:db8::1"
        );
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        assert_eq!(
            seen("10.0.0.9", &["1.2.3.4, junk"], &["10.0.0.0/8"]),
            "10.0.0.9"
        );
        assert_eq!(seen("10.0.0.9", &[], &["10.0.0.0/8"]), "10.0.0.9");
    }
    #[test]
    fn a_line_that_cannot_be_read_gives_no_weight_to_the_one_before() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let seen = |last: &[u8]| {
            let peer = "10.0.0.9".parse().unwrap();
            behind(peer, &[b"6.6.6.6", last], &trusted).to_string()
        };
        assert_eq!(seen(b"\xff"), "10.0.0.9");
        assert_eq!(seen(b"\xff, 1.2.3.4"), "1.2.3.4");
        assert_eq!(seen(b"\xff, 10.1.1.1"), "10.1.1.1");
    }
}
