//! The URL of an OpenTelemetry collector.

use std::str::FromStr;

/// The base URL, without a trailing slash. It contains no password, because errors show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectorUrl(String);

impl CollectorUrl {
    /// The URL for traces.
    pub fn of_traces(&self) -> String {
        format!("{}/v1/traces", self.0)
    }
}

impl FromStr for CollectorUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_end_matches('/');
        let rest = ["http://", "https://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        let host = rest.and_then(|rest| rest.split('/').next());
        match host {
            Some(host) if host.contains('@') => {
                Err("must hold no password: OTEL_EXPORTER_OTLP_HEADERS takes one")
            }
            Some(host) if !host.is_empty() && !text.contains(char::is_whitespace) => {
                Ok(Self(text.to_owned()))
            }
            Some(_) | None => Err("must be an address like http://collector:4318"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_have_a_place_of_their_own() {
        for (text, traces) in [
            ("http://localhost:4318", "http://localhost:4318/v1/traces"),
            (
                " https://c.example/otlp/ ",
                "https://c.example/otlp/v1/traces",
            ),
        ] {
            let url: CollectorUrl = text.parse().unwrap();
            assert_eq!(url.of_traces(), traces);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "localhost:4318",
            "grpc://localhost:4317",
            "http://",
            "http:///x",
            "http://me:secret@localhost",
            "http://a b",
        ] {
            assert!(text.parse::<CollectorUrl>().is_err(), "{text}");
        }
    }
}
