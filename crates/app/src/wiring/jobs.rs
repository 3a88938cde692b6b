//! Publishes events to queues, and processes them.

use std::sync::Arc;

use adapter_memory::{JobSettings, MemoryJobs};
use adapter_rabbitmq::{self as rabbitmq, RabbitJobs};
use adapter_webhooks::{HttpWebhookSender, Reach, WebhookNotifier};
use anyhow::Context as _;
use application::Ports;
use application::jobs::{Bell, NoWork, Relay, RingingBus, Shift, Worker};
use application::media::LookAtUpload;
use application::notifications::{NotifyAway, NotifyTerms};
use application::webhooks::WebhookDesk;
use domain::port::jobs::{Patience, Queue};
use domain::port::{Bus, Clock, Jobs, Notifier, Outbox, Probe, WebhookSender};

use crate::background::Background;
use crate::settings::{self, ServiceUrl, Settings};

/// The capacity of an in-process queue: the most events that the relay has in flight.
const CAPACITY: usize = 65_536;

/// How many notifications are sent at once: most of their time is spent waiting for the receiver.
const NOTIFIED_AT_ONCE: usize = 16;

/// Events on their way from the outbox to the workers.
pub(super) struct Work {
    outbox: Arc<dyn Outbox>,
    jobs: Arc<dyn Jobs>,
    /// The connection to RabbitMQ, unless the queues are in this process.
    rabbit: Option<Arc<RabbitJobs>>,
    bell: Bell,
    /// Whether this process works on the queues.
    here: bool,
    /// Notifies people who are away, if configured.
    notifier: Option<Arc<dyn Notifier>>,
    terms: NotifyTerms,
    patience: Patience,
}

impl Work {
    /// Opens what was chosen: RabbitMQ, or queues in this process.
    pub(super) fn open(
        settings: &Settings,
        outbox: &Arc<dyn Outbox>,
        clock: &Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let url = settings.rabbitmq.url.as_ref();
        let rabbit = url.map(|url| rabbit(url, &settings.jobs)).transpose()?;
        let jobs: Arc<dyn Jobs> = match &rabbit {
            Some(rabbit) => Arc::<RabbitJobs>::clone(rabbit),
            None => inside(&settings.jobs, outbox),
        };
        Ok(Self {
            outbox: Arc::clone(outbox),
            jobs,
            rabbit,
            bell: Bell::default(),
            here: settings.jobs.in_server,
            notifier: notifier(&settings.notifications, clock)?,
            terms: NotifyTerms {
                delay: settings.notifications.delay,
            },
            patience: patience(&settings.jobs),
        })
    }

    /// Wraps a bus so that everything published on it wakes the relay.
    pub(super) fn ring_at(&self, bus: Arc<dyn Bus>) -> Arc<dyn Bus> {
        Arc::new(RingingBus::new(bus, self.bell.clone()))
    }

    /// The health check, if there is a backend.
    pub(super) fn probe(&self) -> Option<Arc<dyn Probe>> {
        let rabbit = self.rabbit.as_ref()?;
        Some(Arc::<RabbitJobs>::clone(rabbit))
    }

    /// Relays and processes events until shutdown. Queues in this process are of no use to workers
    /// elsewhere, which therefore read the outbox themselves.
    pub(super) fn begin(&self, background: &Background, ports: &Ports, desk: &WebhookDesk) {
        if self.here || self.rabbit.is_some() {
            let (outbox, jobs) = (Arc::clone(&self.outbox), Arc::clone(&self.jobs));
            let (clock, ids) = (Arc::clone(&ports.clock), Arc::clone(&ports.ids));
            let bell = self.bell.clone();
            background.run("relay", move || {
                Relay::new(&outbox, &jobs, &clock, &ids, bell.clone()).run()
            });
        }
        if self.here {
            for queue in Queue::ALL {
                let (worker, hands) = self.worker(queue, ports, desk);
                let shift = Shift {
                    jobs: Arc::clone(&self.jobs),
                    queue,
                    worker,
                    hands,
                };
                background.run(queue.name(), move || shift.clone().run());
            }
            let wording = Arc::new(web::webhook_body);
            let rounds = desk.rounds(ports, wording, self.patience);
            background.run_to_its_end(|stopped| rounds.run(stopped));
        }
    }

    /// The worker of a queue, and its concurrency. Events for webhooks are handled in order, hence
    /// one at a time.
    fn worker(&self, queue: Queue, ports: &Ports, desk: &WebhookDesk) -> (Arc<dyn Worker>, usize) {
        let tells_nobody = self.notifier.is_none() && ports.pusher.is_none();
        match queue {
            Queue::Messages => (Arc::new(desk.worker(ports)), 1),
            Queue::Notifications if tells_nobody => (Arc::new(NoWork), 1),
            Queue::Notifications => {
                let worker = NotifyAway::new(ports, self.notifier.clone(), self.terms);
                (Arc::new(worker), NOTIFIED_AT_ONCE)
            }
            Queue::Media => (Arc::new(LookAtUpload::new(ports)), 2),
        }
    }

    /// Closes the connection.
    pub(super) async fn close(&self) {
        if let Some(rabbit) = &self.rabbit {
            rabbit.close().await;
        }
    }
}

/// Whether events of all messages are needed, beyond what the stores show to be needed: for
/// programs that read RabbitMQ, for workers elsewhere with settings of their own, or for the
/// operator's notifier.
pub(super) const fn hear_every_message(settings: &Settings) -> bool {
    settings.rabbitmq.url.is_some()
        || !settings.jobs.in_server
        || settings.notifications.webhook_url.is_some()
}

/// Notifies people who are away, if configured.
fn notifier(
    settings: &settings::Notifications,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Option<Arc<dyn Notifier>>> {
    let (Some(url), Some(secret)) = (&settings.webhook_url, &settings.webhook_secret) else {
        return Ok(None);
    };
    let notifier = WebhookNotifier::new(url.expose(), secret.expose(), Arc::clone(clock))
        .context("notifications.webhook_url cannot be used")?;
    Ok(Some(Arc::new(notifier)))
}

/// Calls webhooks.
pub(super) fn webhook_sender(settings: &settings::Webhooks) -> Arc<dyn WebhookSender> {
    Arc::new(HttpWebhookSender::new(reach(settings)))
}

/// Which networks calls to user-supplied addresses may reach.
pub(super) const fn reach(settings: &settings::Webhooks) -> Reach {
    if settings.allow_private {
        Reach::Everywhere
    } else {
        Reach::Public
    }
}

/// Queues in RabbitMQ.
pub(crate) fn rabbit(url: &ServiceUrl, jobs: &settings::Jobs) -> anyhow::Result<Arc<RabbitJobs>> {
    let options = rabbitmq::Options::new(patience(jobs));
    let rabbit = RabbitJobs::new(url.expose(), options).context("RABBITMQ_URL cannot be used")?;
    Ok(Arc::new(rabbit))
}

/// Queues in this process, on top of the outbox.
pub(super) fn inside(jobs: &settings::Jobs, outbox: &Arc<dyn Outbox>) -> Arc<dyn Jobs> {
    let settings = JobSettings {
        patience: patience(jobs),
        capacity: CAPACITY,
    };
    Arc::new(MemoryJobs::new(Arc::clone(outbox), settings))
}

fn patience(jobs: &settings::Jobs) -> Patience {
    Patience {
        first: jobs.retry_first,
        longest: jobs.retry_longest,
        tries: jobs.tries,
    }
}
