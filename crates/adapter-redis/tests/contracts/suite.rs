//! Every obligation of every port that this adapter serves, on one server and on a cluster.

use std::sync::Arc;
use std::time::Duration;

use adapter_redis::RedisStore;
use domain::port::{Budget, Limiter, Presence, Probe};
use port_contracts::{Buses, Cached, Kept, Probes, Time};

use crate::nodes::{BACKLOG, Several, node, nodes};

async fn presence() -> Kept<Arc<dyn Presence>> {
    Kept::on(Arc::new(Several::of(nodes(&servers::redis_url()))), ())
}

async fn budget() -> Kept<Arc<dyn Budget>> {
    let [budget] = nodes::<1>(&servers::redis_url());
    Kept::on(budget, ())
}

async fn limiter() -> Kept<Arc<dyn Limiter>> {
    Kept::on(Arc::new(Several::of(nodes(&servers::redis_url()))), ())
}

async fn cache() -> Kept<Cached> {
    Kept::on(cached(&servers::redis_url()), ())
}

async fn bus() -> Kept<Buses> {
    Kept::on(buses(&servers::redis_url()), ())
}

async fn probe() -> Kept<Probes> {
    let [working] = nodes::<1>(&servers::redis_url());
    let no_tls = servers::redis_url().replace("redis://", "rediss://");
    let away = [
        "redis://127.0.0.1:1",
        "redis://redis.invalid",
        "redis+cluster://127.0.0.1:1,127.0.0.1:2",
        &no_tls,
    ];
    let away = away.map(|url| -> Arc<dyn Probe> { node(url, "away") });
    let probes = Probes {
        working: vec![working],
        away: away.into(),
    };
    Kept::on(probes, ())
}

fn cached(url: &str) -> Cached {
    let [cache] = nodes(url);
    Cached {
        cache,
        time: Time::waited(Duration::from_secs(1)),
    }
}

fn buses(url: &str) -> Buses {
    let [here, there]: [Arc<RedisStore>; 2] = nodes(url);
    Buses {
        here,
        there,
        backlog: BACKLOG,
    }
}

port_contracts::budget!(budget);
port_contracts::bus!(bus);
port_contracts::cache!(cache);
port_contracts::limiter!(limiter);
port_contracts::presence!(presence);
port_contracts::probe!(probe);

/// The same on a Redis Cluster, which rejects anything that touches two slots at once.
mod cluster {
    use super::*;

    fn started() -> (servers::Redis, String) {
        let server = servers::Redis::start_cluster();
        let url = server.url().replace("redis://", "redis+cluster://");
        (server, url)
    }

    async fn presence() -> Kept<Arc<dyn Presence>> {
        let (server, url) = started();
        Kept::on(Arc::new(Several::of(nodes(&url))), server)
    }

    async fn budget() -> Kept<Arc<dyn Budget>> {
        let (server, url) = started();
        let [budget] = nodes::<1>(&url);
        Kept::on(budget, server)
    }

    async fn limiter() -> Kept<Arc<dyn Limiter>> {
        let (server, url) = started();
        Kept::on(Arc::new(Several::of(nodes(&url))), server)
    }

    async fn cache() -> Kept<Cached> {
        let (server, url) = started();
        Kept::on(cached(&url), server)
    }

    async fn bus() -> Kept<Buses> {
        let (server, url) = started();
        Kept::on(buses(&url), server)
    }

    async fn probe() -> Kept<Probes> {
        let (server, url) = started();
        let [working] = nodes::<1>(&url);
        let probes = Probes {
            working: vec![working],
            away: Vec::new(),
        };
        Kept::on(probes, server)
    }

    port_contracts::budget!(budget);
    port_contracts::bus!(bus);
    port_contracts::cache!(cache);
    port_contracts::limiter!(limiter);
    port_contracts::presence!(presence);
    port_contracts::probe!(probe);
}
