//! A whole Tertulia behind a real listener, and its users.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use adapter_credentials::{BcryptPasswords, JwtAccessTokens, SigningKey, TokenTerms};
use adapter_memory::{
    CacheBounds, ManualClock, MemoryBlobs, MemoryBudget, MemoryBus, MemoryCache, MemoryLimiter,
    MemoryPresence, MemoryProfiles, MemorySessions, MemoryStore, MemorySummariser,
    MemoryWebhookSender, SeededIds,
};
use adapter_pictures::SafePictures;
use application::operations::AdminKey;
use application::{Limits, MediaBounds, Policy, Ports, Summaries, UseCases};
use domain::port::limiter::Limit;
use domain::port::{Ids, Probe};
use domain::{Epoch, Timestamp};
use serde_json::{Value, json};
use web::{Cors, Handle, Options, Sockets, WrittenMetrics};

use crate::plain_http::{Asked, Told};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse";

/// The administrators' token.
pub(crate) const ADMIN_TOKEN: &str = "a token of two and thirty bytes!";

/// A server that listens, with a clock that stands still until it is moved.
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    pub(crate) handle: Handle,
    pub(crate) served: rt::task::JoinHandle<std::io::Result<()>>,
    clock: Arc<ManualClock>,
}

/// The options of a test.
pub(crate) struct Plan {
    pub(crate) options: Options,
    pub(crate) limits: Limits,
    pub(crate) probes: Vec<Arc<dyn Probe>>,
    pub(crate) metrics: WrittenMetrics,
}

/// A signed-in user.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) refresh: String,
}

/// A limit per minute.
pub(crate) const fn per_minute(points: u32) -> Limit {
    Limit {
        points,
        per: Duration::from_mins(1),
    }
}

impl Plan {
    /// Without limits, on any port.
    pub(crate) fn new() -> Self {
        let none = per_minute(0);
        Self {
            options: Options {
                host: "127.0.0.1".to_owned(),
                port: 0,
                workers: 1,
                max_connections: 100,
                shutdown: Duration::from_secs(20),
                public_url: None,
                trusted_proxies: Vec::new(),
                tls_terminated: false,
                hsts: Duration::from_hours(24),
                cors: Cors::Only(vec!["https://chat.example.org".to_owned()]),
                frames: none,
                adopt: None,
                metrics_token: None,
            },
            limits: Limits {
                message: none,
                login_address: none,
                login_network: none,
                login_account: none,
                registration: none,
                anonymous: none,
                person: none,
            },
            probes: Vec::new(),
            metrics: Arc::new(String::new),
        }
    }

    /// Starts listening.
    pub(crate) fn open(self) -> House {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
        let ids: Arc<dyn Ids> = Arc::new(SeededIds::new(7));
        let policy = Policy {
            session_lifetime: Duration::from_hours(30 * 24),
            refresh_grace: Duration::from_mins(1),
            limits: self.limits,
            summaries: Summaries {
                of_person: self.limits.person,
                of_room: self.limits.person,
                ..Summaries::default()
            },
            media: MediaBounds::default(),
            messages_are_heard: false,
            admin: Some(AdminKey::of(ADMIN_TOKEN)),
        };
        let ports = ports(&clock, &ids, self.probes);
        let use_cases = Arc::new(UseCases::new(&ports, &policy));
        let sockets = Sockets::new(&use_cases, &ids, &ports.clock);
        let door = web::open(use_cases, ids, self.metrics, sockets, self.options).unwrap();
        House {
            address: door.addresses()[0],
            handle: door.handle(),
            served: rt::spawn(door.serve()),
            clock,
        }
    }
}

fn ports(clock: &Arc<ManualClock>, ids: &Arc<dyn Ids>, probes: Vec<Arc<dyn Probe>>) -> Ports {
    let store = Arc::new(MemoryStore::new(Epoch::parse("door").unwrap()));
    let terms = TokenTerms {
        lifetime: Duration::from_mins(15),
        issuer: "tertulia".to_owned(),
        audience: "tests".to_owned(),
    };
    let key = SigningKey::secret(&[7; 32]);
    let tokens = JwtAccessTokens::new(terms, key, Vec::new(), [8; 32]).unwrap();
    let sessions = Arc::new(MemorySessions::default());
    Ports {
        users: Arc::<MemoryStore>::clone(&store),
        blocks: Arc::<MemoryStore>::clone(&store),
        rooms: Arc::<MemoryStore>::clone(&store),
        members: Arc::<MemoryStore>::clone(&store),
        invites: Arc::<MemoryStore>::clone(&store),
        messages: Arc::<MemoryStore>::clone(&store),
        cursors: Arc::<MemoryStore>::clone(&store),
        room_log: Arc::<MemoryStore>::clone(&store),
        search: Arc::<MemoryStore>::clone(&store),
        media: Arc::<MemoryStore>::clone(&store),
        webhooks: Arc::<MemoryStore>::clone(&store),
        webhook_log: store,
        webhook_sender: Arc::new(MemoryWebhookSender::default()),
        blobs: Arc::new(MemoryBlobs::default()),
        pictures: Arc::new(SafePictures::default()),
        sessions: Arc::<MemorySessions>::clone(&sessions),
        push_subscriptions: Arc::<MemorySessions>::clone(&sessions),
        pusher: None,
        session_store: sessions,
        profiles: Arc::new(MemoryProfiles::default()),
        presence: Arc::new(MemoryPresence::default()),
        limiter: Arc::new(MemoryLimiter::default()),
        bus: Arc::new(MemoryBus::default()),
        cache: Arc::new(MemoryCache::new(
            Arc::<ManualClock>::clone(clock),
            CacheBounds::default(),
        )),
        budget: Arc::new(MemoryBudget::default()),
        model: None,
        summariser: Arc::new(MemorySummariser),
        passwords: Arc::new(BcryptPasswords::new(4, 1, 1000).unwrap()),
        access_tokens: Arc::new(tokens),
        clock: Arc::<ManualClock>::clone(clock),
        ids: Arc::clone(ids),
        probes,
    }
}

impl House {
    /// A house without limits.
    pub(crate) fn new() -> Self {
        Plan::new().open()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Prepares a request.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Asked {
        Asked::new(self.address, method, path)
    }

    /// Registers a user.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let form = json!({
            "email": format!("{name}@example.org"), "password": PASSWORD, "username": name,
        });
        let told = self.ask("POST", "/api/auth/register").json(&form).send();
        let tokens = told.await.is(201);
        let text = |field: &Value| field.as_str().unwrap().to_owned();
        Person {
            id: text(&tokens["user"]["id"]),
            token: text(&tokens["token"]),
            refresh: text(&tokens["refreshToken"]),
        }
    }

    /// Reads something as a user.
    pub(crate) async fn read(&self, who: &Person, path: &str) -> Told {
        self.ask("GET", path).token(&who.token).send().await
    }

    /// Changes something as a user. A null body is not sent.
    pub(crate) async fn act(&self, who: &Person, method: &str, path: &str, body: Value) -> Told {
        let asked = self.ask(method, path).token(&who.token);
        if body.is_null() {
            asked.send().await
        } else {
            asked.json(&body).send().await
        }
    }

    /// Creates a room and returns its id.
    pub(crate) async fn room(&self, owner: &Person, form: Value) -> String {
        let told = self.act(owner, "POST", "/api/rooms", form).await;
        told.is(201)["id"].as_str().unwrap().to_owned()
    }

    /// Posts a text and returns the message.
    pub(crate) async fn post(&self, who: &Person, room: &str, text: &str) -> Value {
        let path = format!("/api/rooms/{room}/messages");
        let told = self.act(who, "POST", &path, json!({ "content": text }));
        told.await.is(201)
    }
}
