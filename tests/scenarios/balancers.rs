//! Three nodes behind `nginx` and behind `HAProxy`, configured as in `deploy`.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use acceptance::{Client, Person, World, in_world, within};
use tempfile::TempDir;

use crate::vocabularies;

in_world![cluster with &[
    ("TRUSTED_PROXIES", "127.0.0.1"),
    // All clients have the same address here.
    ("RATE_LIMIT_POINTS", "0"),
    ("LIMIT_FRAMES", "0/10"),
]; nginx, haproxy];

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy");

async fn nginx(world: &mut World) {
    serve(world, Balancer::nginx).await;
}

async fn haproxy(world: &mut World) {
    serve(world, Balancer::haproxy).await;
}

async fn serve(world: &mut World, start: fn(&World, &Path, u16) -> Command) {
    let mut balancer = Balancer::start(world, start);
    let door = balancer.opens().await;

    let (ana, ben) = (
        Person::register(door.clone(), "ana").await,
        Person::register(door.clone(), "ben").await,
    );
    let room = ana.makes_room("tertulia").await;
    ben.joins(&room).await;
    let mut b = ben.connects().await;
    b.subscribes(&room).await;
    ana.posts(&room, "through the door").await;
    let heard = b.next("message").await;
    assert_eq!(heard["message"]["content"], "through the door");
    // Metrics are not public.
    let numbers = reqwest::get(format!("{}/metrics", door.url())).await;
    assert_eq!(numbers.unwrap().status(), 404);

    // Polling, WebSocket and the upgrade between them, with the official client.
    vocabularies::play_at(vec![door.url().to_owned()], "rooms").await;

    // Other nodes take over what the stopped node served.
    world.stop_node(1).await;
    let mut b = ben.connects().await;
    b.subscribes(&room).await;
    for number in 0..10 {
        ana.posts(&room, &number.to_string()).await;
        let heard = b.next("message").await;
        assert_eq!(heard["message"]["content"], number.to_string());
    }
}

/// A running load balancer. Dropping this stops it.
struct Balancer {
    process: Child,
    url: String,
    folder: TempDir,
}

impl Balancer {
    fn start(world: &World, command: fn(&World, &Path, u16) -> Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut command = command(world, folder.path(), port);
        let process = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        Self {
            process: process.expect("there is no balancer: run tests/run, which installs it"),
            url: format!("http://127.0.0.1:{port}"),
            folder,
        }
    }

    /// Waits until it forwards requests.
    async fn opens(&mut self) -> Client {
        let url = &self.url;
        let opened = within(Duration::from_mins(1), async || {
            let answer = reqwest::get(format!("{url}/health/ready")).await;
            let open = answer.is_ok_and(|answer| answer.status().is_success());
            open || self.process.try_wait().unwrap().is_some()
        });
        let opened = opened
            .await
            .filter(|_| self.process.try_wait().unwrap().is_none());
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
        assert!(opened.is_some(), "{log}");
        Client::of(&self.url)
    }

    fn nginx(world: &World, folder: &Path, port: u16) -> Command {
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
            .concat();
        let text = configuration(world, "nginx.conf")
            .replace("listen 8080", &format!("listen 127.0.0.1:{port}"))
            .replace("http {", &format!("http {{\n{paths}"));
        let place = folder.join("nginx.conf");
        fs::write(&place, text).unwrap();
        let globals = format!(
            "daemon off; pid {}/pid; error_log stderr;",
            folder.display()
        );
        let mut command = Command::new(program("nginx"));
        command.arg("-e").arg("stderr").arg("-g").arg(globals);
        command.arg("-p").arg(folder).arg("-c").arg(place);
        command
    }

    fn haproxy(world: &World, folder: &Path, port: u16) -> Command {
        let text = configuration(world, "haproxy.cfg")
            .replace("bind :8081", &format!("bind 127.0.0.1:{port}"))
            // The user who runs the tests may not be allowed that many open files.
            .replace("maxconn 65536", "maxconn 1000");
        let place = folder.join("haproxy.cfg");
        fs::write(&place, text).unwrap();
        let mut command = Command::new(program("haproxy"));
        command.arg("-db").arg("-f").arg(place);
        command
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // Its master process stops the workers, which it could not do if it were killed.
        let process = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).ok();
        self.process.wait().ok();
    }
}

/// A configuration from `deploy`, with the addresses of these nodes.
fn configuration(world: &World, name: &str) -> String {
    let mut text = fs::read_to_string(Path::new(DEPLOY).join(name)).unwrap();
    for node in 0..world.nodes() {
        let address = world.visitor_at(node).url().replace("http://", "");
        let name = format!("tertulia-{}:3000", node + 1);
        assert!(text.contains(&name), "{name} is not in the configuration");
        text = text.replace(&name, &address);
    }
    text
}

/// The path of a program: Debian installs servers in a directory that is not on every PATH.
fn program(name: &str) -> PathBuf {
    let place = Path::new("/usr/sbin").join(name);
    if place.exists() { place } else { name.into() }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
