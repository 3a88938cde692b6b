//! The address of Redis.

use std::time::Duration;

use deadpool_redis::redis::aio::AsyncPushSender;
use deadpool_redis::redis::cluster::ClusterClientBuilder;
use deadpool_redis::redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _,
    ProtocolVersion, RedisError, RedisResult,
};

use crate::link::Link;

/// How long connecting to a server may take.
pub(crate) const CONNECT: Duration = Duration::from_secs(1);

/// How long a server may take to answer one command.
const ANSWER: Duration = Duration::from_millis(800);

/// A single server, or some nodes of a cluster.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    One(Box<ConnectionInfo>),
    Cluster(Vec<ConnectionInfo>),
}

/// An address that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadAddress {
    /// The driver cannot parse it.
    #[error("the address of Redis cannot be read")]
    Unreadable(#[source] RedisError),
    /// It asks for an encrypted connection without checking the certificate.
    #[error("the address of Redis may not end in #insecure: its certificate is always checked")]
    Insecure,
}

impl From<RedisError> for BadAddress {
    fn from(error: RedisError) -> Self {
        Self::Unreadable(error)
    }
}

impl Address {
    /// Parses `redis://`, `rediss://`, `redis+cluster://one,two` and `rediss+cluster://one,two`.
    pub(crate) fn parse(url: &str) -> Result<Self, BadAddress> {
        let address = match url.split_once("+cluster://") {
            None => Self::One(Box::new(node(url)?)),
            Some((scheme, rest)) => Self::Cluster(nodes(scheme, rest)?),
        };
        Ok(address)
    }

    /// Connects, and forwards the server's push messages to `hears`.
    pub(crate) async fn connect(&self, hears: Option<impl AsyncPushSender>) -> RedisResult<Link> {
        match self {
            Self::One(info) => {
                let mut config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(CONNECT))
                    .set_response_timeout(Some(ANSWER));
                if let Some(hears) = hears {
                    config = config.set_push_sender(hears);
                }
                let client = Client::open(ConnectionInfo::clone(info))?;
                let link = client.get_multiplexed_async_connection_with_config(&config);
                Ok(Link::One(link.await?))
            }
            Self::Cluster(nodes) => {
                let mut client = ClusterClientBuilder::new(nodes.clone())
                    .use_protocol(ProtocolVersion::RESP3)
                    .connection_timeout(CONNECT)
                    .response_timeout(ANSWER)
                    .retries(2);
                if let Some(hears) = hears {
                    client = client.push_sender(hears);
                }
                let link = client.build()?.get_async_connection().await?;
                Ok(Link::Cluster(link))
            }
        }
    }
}

/// The nodes of `ana:secret@one:6379,two:6379/?protocol=resp3`, all with the same credentials.
fn nodes(scheme: &str, rest: &str) -> Result<Vec<ConnectionInfo>, BadAddress> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (who, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let at = if who.is_empty() { "" } else { "@" };
    hosts
        .split(',')
        .map(|host| node(&format!("{scheme}://{who}{at}{host}{tail}")))
        .collect()
}

fn node(url: &str) -> Result<ConnectionInfo, BadAddress> {
    let info = url.into_connection_info()?;
    if let ConnectionAddr::TcpTls { insecure, .. } = info.addr() {
        if *insecure {
            return Err(BadAddress::Insecure);
        }
        // An error means that the process has already installed one.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
    // Notices arrive as push messages, which RESP2 cannot interleave with replies.
    let settings = info
        .redis_settings()
        .clone()
        .set_protocol(ProtocolVersion::RESP3);
    Ok(info.set_redis_settings(settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(url: &str) -> Vec<String> {
        match Address::parse(url).unwrap() {
            Address::One(node) => vec![node.addr().to_string()],
            Address::Cluster(nodes) => nodes.iter().map(|node| node.addr().to_string()).collect(),
        }
    }

    #[test]
    fn one_server_or_the_nodes_of_a_cluster() {
        assert_eq!(hosts("redis://127.0.0.1:7000/2"), ["127.0.0.1:7000"]);
        assert_eq!(
            hosts("rediss://cache.example.org"),
            ["cache.example.org:6379"]
        );
        assert_eq!(
            hosts("redis+cluster://ana:s%40crt@one:7000,two,[::1]:7001/?protocol=resp3"),
            ["one:7000", "two:6379", "::1:7001"]
        );
    }

    #[test]
    fn every_node_of_a_cluster_gets_the_credentials() {
        let address = Address::parse("rediss+cluster://ana:s%40crt@one,two").unwrap();
        let Address::Cluster(nodes) = address else {
            panic!("{address:?}");
        };
        for node in nodes {
            assert_eq!(node.redis_settings().username(), Some("ana"));
            assert_eq!(node.redis_settings().password(), Some("s@crt"));
            assert!(matches!(node.addr(), ConnectionAddr::TcpTls { .. }));
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for bad in [
            "",
            "http://:hidden@one",
            "redis://:hidden@",
            "redis+cluster://:hidden@",
        ] {
            let error = Address::parse(bad).unwrap_err();
            assert!(
                !format!("{error:?} {error}").contains("hidden"),
                "{error:?}"
            );
        }
        let insecure = Address::parse("rediss://:hidden@one#insecure");
        assert!(matches!(insecure, Err(BadAddress::Insecure)));
    }
}
