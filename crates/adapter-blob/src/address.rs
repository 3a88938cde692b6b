//! The address of a bucket.

use std::fmt;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::{BackoffConfig, RetryConfig};

use crate::tls::Connector;

/// For how long a request with a temporary failure is retried.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many times.
const TRIES: usize = 3;

/// A parsed address.
#[derive(PartialEq, Eq)]
pub(crate) struct Address {
    bucket: String,
    /// The prefix of every name in the bucket.
    pub(crate) prefix: String,
    endpoint: Option<String>,
    region: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    path_style: Option<bool>,
}

/// Why an address cannot be parsed. It repeats no part of the address, which may contain a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It does not start with `s3://` and a bucket.
    #[error("an address of a bucket is written s3://bucket/prefix")]
    Form,
    /// It has an unknown or repeated parameter.
    #[error(
        "after the ? stand endpoint, region, access_key_id, secret_access_key and path_style, each once"
    )]
    Unknown,
    /// The endpoint is not a URL.
    #[error("the endpoint begins with http:// or https://")]
    Endpoint,
    /// `path_style` is neither true nor false.
    #[error("path_style is true or false")]
    PathStyle,
    /// One key is of no use without the other.
    #[error("access_key_id and secret_access_key come together")]
    HalfAKey,
}

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Self, BadAddress> {
        let rest = text.strip_prefix("s3://").ok_or(BadAddress::Form)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if bucket.is_empty() || !bucket.chars().all(plain) {
            return Err(BadAddress::Form);
        }
        let mut address = Self {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: None,
            region: None,
            access_key_id: None,
            secret_access_key: None,
            path_style: None,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            address.set(&name, value.into_owned())?;
        }
        if address.access_key_id.is_some() != address.secret_access_key.is_some() {
            return Err(BadAddress::HalfAKey);
        }
        Ok(address)
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), BadAddress> {
        let place = match name {
            "endpoint" if ["http://", "https://"].iter().any(|s| value.starts_with(s)) => {
                &mut self.endpoint
            }
            "endpoint" => return Err(BadAddress::Endpoint),
            "region" => &mut self.region,
            "access_key_id" => &mut self.access_key_id,
            "secret_access_key" => &mut self.secret_access_key,
            "path_style" if self.path_style.is_none() => {
                self.path_style = Some(value.parse().map_err(|_other| BadAddress::PathStyle)?);
                return Ok(());
            }
            _ => return Err(BadAddress::Unknown),
        };
        match place.replace(value) {
            None => Ok(()),
            Some(_) => Err(BadAddress::Unknown),
        }
    }

    /// The driver's configuration. What the address leaves out is taken from the `AWS_*` environment
    /// variables, and from the machine's own role.
    pub(crate) fn builder(&self) -> AmazonS3Builder {
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&self.bucket)
            .with_http_connector(Connector)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: TRIES,
                retry_timeout: PATIENCE,
            });
        if let Some(endpoint) = &self.endpoint {
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http://"));
        }
        if let Some(region) = &self.region {
            builder = builder.with_region(region);
        }
        if let (Some(id), Some(secret)) = (&self.access_key_id, &self.secret_access_key) {
            builder = builder
                .with_access_key_id(id)
                .with_secret_access_key(secret);
        }
        // A self-hosted server rarely has a host name for every bucket; Amazon does.
        let path_style = self.path_style.unwrap_or(self.endpoint.is_some());
        builder.with_virtual_hosted_style_request(!path_style)
    }
}

/// Omits the keys.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_bucket_and_what_it_needs() {
        let bare = Address::parse("s3://chat").unwrap();
        assert_eq!((bare.bucket.as_str(), bare.prefix.as_str()), ("chat", ""));
        let full = "s3://chat/some/where/?endpoint=http%3A%2F%2Fminio%3A9000&region=eu-central-1\
            &access_key_id=a&secret_access_key=b%2Bc&path_style=false";
        let full = Address::parse(full).unwrap();
        assert_eq!(full.prefix, "some/where");
        assert_eq!(full.endpoint.as_deref(), Some("http://minio:9000"));
        assert_eq!(full.secret_access_key.as_deref(), Some("b+c"));
        assert_eq!(full.path_style, Some(false));
        let shown = format!("{full:?}");
        assert!(!shown.contains("b+c"), "{shown}");
        // People will write it like this.
        let lazy = Address::parse("s3://chat?endpoint=http://minio:9000").unwrap();
        assert_eq!(lazy.endpoint.as_deref(), Some("http://minio:9000"));
    }

    #[test]
    fn another_address_is_refused_for_what_is_wrong_with_it() {
        for (text, why) in [
            ("http://chat", BadAddress::Form),
            ("s3://", BadAddress::Form),
            ("s3:///prefix", BadAddress::Form),
            ("s3://user:key@chat", BadAddress::Form),
            ("s3://chat?regoin=x", BadAddress::Unknown),
            ("s3://chat?region=x&region=y", BadAddress::Unknown),
            (
                "s3://chat?path_style=true&path_style=true",
                BadAddress::Unknown,
            ),
            ("s3://chat?endpoint=minio:9000", BadAddress::Endpoint),
            ("s3://chat?path_style=yes", BadAddress::PathStyle),
            ("s3://chat?access_key_id=a", BadAddress::HalfAKey),
        ] {
            assert_eq!(Address::parse(text).unwrap_err(), why, "{text}");
        }
    }
}
