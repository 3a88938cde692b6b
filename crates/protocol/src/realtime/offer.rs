//! The subprotocols that a client offers, and the token that may be among them.

use crate::Secret;

/// The name of this protocol in `Sec-WebSocket-Protocol`.
pub const SUBPROTOCOL: &str = "tertulia.v1";
/// The prefix of a token among the subprotocols, since browsers can send it nowhere else.
pub const BEARER_PREFIX: &str = "bearer.";

/// The subprotocols that a client offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It offers none, so the answer selects none.
    Nothing,
    /// It offers this protocol, which the answer selects.
    Ours {
        /// The token that came with it, not verified yet.
        token: Option<Secret>,
    },
    /// It offers only other protocols.
    Others,
}

impl Offer {
    /// Parses the values of all `Sec-WebSocket-Protocol` headers, which form one list. Names are
    /// case-sensitive, because the client will compare the answer that way.
    pub fn read(headers: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let headers: Vec<_> = headers.into_iter().collect();
        let names = headers.iter().flat_map(|header| header.as_ref().split(','));
        // RFC 9110 allows empty list elements, which must be ignored.
        let names: Vec<_> = names
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            Self::Nothing
        } else if names.contains(&SUBPROTOCOL) {
            // If there are several tokens, the first one is used.
            let token = names
                .iter()
                .find_map(|name| name.strip_prefix(BEARER_PREFIX));
            Self::Ours {
                token: token.map(Secret::new),
            }
        } else {
            Self::Others
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(token: Option<&str>) -> Offer {
        Offer::Ours {
            token: token.map(Secret::new),
        }
    }

    #[test]
    fn no_header_and_empty_ones_offer_nothing() {
        assert_eq!(Offer::read([""; 0]), Offer::Nothing);
        assert_eq!(Offer::read(["", " ", ",, ,\t"]), Offer::Nothing);
    }

    #[test]
    fn ours_is_found_wherever_it_stands() {
        for headers in [
            &["tertulia.v1"][..],
            &[" tertulia.v1\t"],
            &["chat,tertulia.v1,graphql-ws"],
            &["chat", "graphql-ws , tertulia.v1"],
            &["tertulia.v1, tertulia.v1"],
            &[",tertulia.v1,"],
        ] {
            assert_eq!(Offer::read(headers), ours(None), "{headers:?}");
        }
    }

    #[test]
    fn a_token_comes_along_before_or_after_or_in_another_header() {
        for headers in [
            &["tertulia.v1, bearer.a.b-c_d"][..],
            &["bearer.a.b-c_d,tertulia.v1"],
            &["bearer.a.b-c_d", "tertulia.v1"],
            &["tertulia.v1, bearer.a.b-c_d, bearer.other"],
        ] {
            let offer = Offer::read(headers);
            assert_eq!(offer, ours(Some("a.b-c_d")), "{headers:?}");
        }
    }

    #[test]
    fn an_empty_token_is_a_bad_token_rather_than_none() {
        assert_eq!(Offer::read(["tertulia.v1, bearer."]), ours(Some("")));
    }

    #[test]
    fn what_is_almost_ours_is_not() {
        for header in [
            "chat",
            "Tertulia.v1",
            "TERTULIA.V1",
            "tertulia.v2",
            "tertulia.v1x",
            "tertulia .v1",
            "\"tertulia.v1\"",
            "tertulia.v1;q=1",
            "bearer.token",
            "tertulia",
        ] {
            assert_eq!(Offer::read([header]), Offer::Others, "{header}");
        }
        assert_eq!(Offer::read(["tertulia.v1, Bearer.x"]), ours(None));
    }

    #[test]
    fn a_token_does_not_show_itself() {
        let offer = Offer::read(["tertulia.v1, bearer.hush"]);
        assert!(!format!("{offer:?}").contains("hush"));
    }
}
