//! The whole program, from its settings to a listening server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::{System, SystemRunner};
use anyhow::Context as _;

use crate::keys::Keys;
use crate::metrics;
use crate::settings::{Origins, Settings};
use crate::telemetry::adopt;
use crate::wiring::{House, cores};

/// A server that listens, and serves once it [runs](Server::run).
pub struct Server {
    house: House,
    door: web::Door,
}

/// The runtime of a server, with threads for background work. The HTTP workers have runtimes of
/// their own.
pub fn runtime() -> anyhow::Result<SystemRunner> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores().min(4))
        .thread_name("tertulia")
        .enable_all()
        .build()
        .context("could not start the runtime's threads")?;
    Ok(System::with_tokio_rt(move || runtime))
}

impl Server {
    /// Wires up the program and starts listening. Must be called within [`runtime`].
    ///
    /// Checks the backends once, so that the log names those that are unavailable, and so that
    /// lazily connecting ones connect now.
    pub async fn start(settings: &Settings, keys: &Keys) -> anyhow::Result<Self> {
        let counted = metrics::start(&settings.profile)?;
        let house = House::build(settings, keys).await?;
        let samples = counted.clone();
        house.beside("metrics", move || samples.clone().add_up());
        house.use_cases.check_health.run().await;
        let options = options(settings);
        let clock = &house.ports.clock;
        let sockets = web::Sockets::new(&house.use_cases, &house.ids, clock);
        let bus = Arc::clone(&house.ports.bus);
        let kept = (Arc::clone(&sockets), bus, options.clone());
        house.beside("sockets", move || {
            let (sockets, bus, options) = kept.clone();
            sockets.keep(bus, options)
        });
        let place = format!("{}:{}", options.host, options.port);
        let (use_cases, ids) = (Arc::clone(&house.use_cases), Arc::clone(&house.ids));
        let written: web::WrittenMetrics = Arc::new(move || counted.written());
        let door = web::open(use_cases, ids, written, sockets, options).with_context(|| {
            format!(
                "cannot listen on {place}: set PORT to a free port, and HOST to an address of \
                 this machine"
            )
        })?;
        Ok(Self { house, door })
    }

    /// The addresses that it listens on.
    pub fn addresses(&self) -> &[SocketAddr] {
        self.door.addresses()
    }

    /// The handle that closes its door, whereupon [`Server::run`] ends.
    pub fn handle(&self) -> web::Handle {
        self.door.handle()
    }

    /// Serves until the door is closed, then shuts down in order.
    pub async fn run(self) -> anyhow::Result<()> {
        let served = self.door.serve().await;
        self.house.close().await;
        served.context("the HTTP server failed")
    }
}

/// How much of the shutdown's time requests may take. The rest is for commits and the store, which
/// come after them.
fn for_requests(seconds: u64) -> u64 {
    seconds.saturating_sub((seconds / 4).min(5)).max(1)
}

fn options(settings: &Settings) -> web::Options {
    let http = &settings.http;
    web::Options {
        host: http.host.clone(),
        port: http.port,
        workers: match http.workers {
            0 => cores(),
            workers => workers,
        },
        max_connections: http.max_connections,
        shutdown: Duration::from_secs(for_requests(http.shutdown_seconds)),
        public_url: http.public_url.as_ref().map(|url| url.as_str().to_owned()),
        trusted_proxies: http
            .trusted_proxies
            .iter()
            .map(|proxy| proxy.network())
            .collect(),
        tls_terminated: http.tls_terminated,
        hsts: Duration::from_secs(http.hsts_seconds),
        cors: match &http.cors_origins {
            Origins::Any => web::Cors::Any,
            Origins::Only(origins) => web::Cors::Only(origins.clone()),
        },
        frames: settings.limits.frames,
        adopt: settings.traces.endpoint.is_some().then_some(adopt),
        metrics_token: settings
            .metrics
            .token
            .as_ref()
            .map(|token| web::MetricsToken::from_string(token.expose().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shutdown_leaves_time_for_the_store() {
        for (all, requests) in [(20, 15), (60, 55), (8, 6), (4, 3)] {
            assert_eq!(for_requests(all), requests);
        }
        // Too short to be divided; the minimum that the settings allow.
        assert_eq!(for_requests(1), 1);
    }
}
