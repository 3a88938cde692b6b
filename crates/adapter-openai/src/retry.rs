//! Whether and when to retry a call.

use std::time::Duration;

use reqwest::header::HeaderMap;

/// The delay if the server does not name one.
const SHORTLY: Duration = Duration::from_millis(500);

/// How long to wait before retrying the call, if the status indicates that this may help.
pub(crate) fn after(status: u16, headers: &HeaderMap) -> Option<Duration> {
    let passes = matches!(status, 408 | 409 | 425 | 429) || status >= 500;
    passes.then(|| asked(headers).unwrap_or(SHORTLY))
}

/// The delay that the server asks for. Dates are not supported, since the server's clock may be wrong.
fn asked(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| -> Option<f64> {
        let value = headers.get(name)?.to_str().ok()?;
        value.trim().parse().ok()
    };
    let millis = number("retry-after-ms").map(|it| it / 1000.0);
    let seconds = millis.or_else(|| number("retry-after"))?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(status: u16, header: Option<(&'static str, &str)>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, value.parse().unwrap());
        }
        after(status, &headers)
    }

    #[test]
    fn the_server_says_when() {
        let two = Some(Duration::from_secs(2));
        assert_eq!(waits(429, Some(("retry-after", "2"))), two);
        assert_eq!(waits(503, Some(("retry-after-ms", "2000"))), two);
        assert_eq!(waits(500, None), Some(SHORTLY));
        for nonsense in [
            "-1",
            "soon",
            "NaN",
            "1e300",
            "Wed, 21 Oct 2026 07:28:00 GMT",
        ] {
            let said = Some(("retry-after", nonsense));
            assert_eq!(waits(429, said), Some(SHORTLY), "{nonsense}");
        }
    }

    #[test]
    fn what_will_not_change_is_not_asked_again() {
        for status in [400, 401, 404, 413, 422] {
            assert_eq!(waits(status, Some(("retry-after", "1"))), None);
        }
    }
}
