//! Which webhooks are sent what, how often calls are retried, and that no webhook holds up another.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapter_memory::MemoryWebhookSender;
use domain::port::IdsExt as _;
use domain::port::jobs::{Patience, Verdict};
use domain::port::webhooks::WebhookChange;
use domain::{
    DeliveryState, Event, Happening, Id, MessageId, Refusal, RoomId, Topics, Webhook,
    WebhookDelivery, WebhookId, WebhookSecret, WebhookUrl,
};

use super::*;
use crate::happened::happened;
use crate::jobs::Worker as _;
use crate::operations::{AdminKey, Administrator};
use crate::testing::World;
use crate::{Caller, ChangeView, Error, UseCases};

/// A deployment with an administrator, and a room with a member.
struct Scene {
    world: World,
    cases: Box<UseCases>,
    admin: Administrator,
    sender: Arc<MemoryWebhookSender>,
    worker: TellWebhooks,
    rounds: WebhookRounds,
    /// What was serialised.
    worded: Arc<Mutex<Vec<Tidings>>>,
    ana: Caller,
    room: RoomId,
}

impl Scene {
    async fn new() -> Self {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let room = world.room(&ana).await.id;
        let sender = Arc::new(MemoryWebhookSender::default());
        world.ports.webhook_sender = Arc::<MemoryWebhookSender>::clone(&sender);
        world.policy.admin = Some(AdminKey::of("the administrators' key"));
        let cases = Box::new(UseCases::new(&world.ports, &world.policy));
        let admin = cases.administration.admit(Some("the administrators' key"));
        let worded: Arc<Mutex<Vec<Tidings>>> = Arc::default();
        let words = Arc::clone(&worded);
        let wording: Wording = Arc::new(move |tidings: Tidings| {
            let topic = tidings.telling.topic().as_bytes().to_vec();
            words.lock().unwrap().push(tidings);
            topic
        });
        Self {
            worker: cases.webhooks.worker(&world.ports),
            rounds: cases.webhooks.rounds(&world.ports, wording, patience()),
            admin: admin.unwrap(),
            cases,
            sender,
            worded,
            ana,
            room,
            world,
        }
    }

    async fn hook(&self, host: &str, topics: &[&str]) -> Webhook {
        let plan = plan(host, topics);
        self.cases.webhooks.create(&self.admin, plan).await.unwrap()
    }

    /// A webhook created on another node.
    async fn hidden_hook(&self) -> WebhookId {
        let hook = Webhook {
            id: self.unknown(),
            url: plan("hook", &["message.*"]).url,
            topics: Topics::parse(["message.*"]).unwrap(),
            room: None,
            secret: WebhookSecret::from_bits([7; 32]),
            enabled: true,
            created_at: self.world.now(),
            failing_since: None,
        };
        self.world.ports.webhooks.create(&hook).await.unwrap();
        hook.id
    }

    /// An id that belongs to nothing.
    fn unknown<T: Id>(&self) -> T {
        self.world.ports.ids.next()
    }

    /// Something happens, and the event is worked on.
    async fn happens(&self, what: Happening) -> Event {
        let event = happened(&*self.world.ports.ids, self.world.now(), self.room, what);
        assert_eq!(self.worker.work(&event).await, Verdict::Done);
        event
    }

    async fn says(&self, text: &str) -> (MessageId, Event) {
        let message = self.world.post(self.room, &self.ana, text).await.id;
        let event = self.happens(Happening::MessageCreated(message)).await;
        (message, event)
    }

    async fn round(&self, id: WebhookId) -> usize {
        self.rounds.round(id).await.unwrap()
    }

    async fn log(&self, id: WebhookId) -> Vec<WebhookDelivery> {
        let desk = &self.cases.webhooks;
        let page = desk.deliveries(&self.admin, (id, None), None, 100).await;
        page.unwrap().items
    }

    async fn states(&self, id: WebhookId) -> Vec<DeliveryState> {
        let log = self.log(id).await;
        log.iter().map(|delivery| delivery.state).collect()
    }
}

fn patience() -> Patience {
    Patience {
        first: Duration::from_secs(4),
        longest: Duration::from_mins(10),
        tries: 3,
    }
}

fn plan(host: &str, topics: &[&str]) -> WebhookPlan {
    WebhookPlan {
        url: WebhookUrl::parse(format!("https://{host}.example.org/hook")).unwrap(),
        topics: Topics::parse(topics).unwrap(),
        room: None,
    }
}

fn refused<T>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

/// The fields that were rejected.
fn fields<T>(answer: Result<T, Error>) -> Vec<&'static str> {
    let refusal = refused(answer);
    let Refusal::Invalid(problems) = refusal else {
        panic!("{refusal:?}");
    };
    problems.iter().map(|problem| problem.field).collect()
}

#[tokio::test]
async fn each_webhook_is_told_what_it_chose() {
    let scene = Scene::new().await;
    let all = scene.hook("all", &["message.*", "room.*"]).await;
    let some = scene.hook("some", &["message.deleted"]).await;
    let (_, event) = scene.says("hello").await;
    scene.happens(Happening::RoomUpdated).await;
    scene.happens(Happening::MemberJoined(scene.ana.user)).await;

    assert_eq!(scene.round(all.id).await, 2);
    assert_eq!(scene.round(some.id).await, 0);
    let taken = scene.sender.taken();
    let bodies: Vec<&[u8]> = taken.iter().map(|(_, body)| body.as_slice()).collect();
    assert_eq!(bodies, [b"message.created".as_slice(), b"room.updated"]);
    assert_eq!(taken[0].0, event.id);
    let worded = scene.worded.lock().unwrap().clone();
    let Some(ChangeView::Message(view, _)) = &worded[0].change else {
        panic!("{worded:?}");
    };
    let said = view.message.body.as_ref().unwrap();
    assert_eq!((said.as_str(), view.sender.id), ("hello", scene.ana.user));
}

#[tokio::test]
async fn an_event_that_comes_twice_is_told_once() {
    let scene = Scene::new().await;
    let hook = scene.hook("hook", &["message.*"]).await;
    let (_, event) = scene.says("hello").await;
    assert_eq!(scene.worker.work(&event).await, Verdict::Done);
    scene.round(hook.id).await;
    assert_eq!(scene.worker.work(&event).await, Verdict::Done);
    assert_eq!(scene.round(hook.id).await, 0);
    assert_eq!(scene.sender.taken().len(), 1);
}

#[tokio::test]
async fn what_was_taken_back_is_told_to_nobody() {
    let scene = Scene::new().await;
    let hook = scene.hook("hook", &["message.*"]).await;
    let (message, _) = scene.says("a slip").await;
    let deleted = scene.cases.delete_message.run(&scene.ana, message).await;
    deleted.unwrap();
    scene.happens(Happening::MessageDeleted(message)).await;
    scene.round(hook.id).await;
    let expected = [DeliveryState::Delivered, DeliveryState::Dropped];
    assert_eq!(scene.states(hook.id).await, expected);
    let worded = scene.worded.lock().unwrap().clone();
    let Some(ChangeView::Message(view, _)) = &worded[0].change else {
        panic!("{worded:?}");
    };
    assert!(view.message.body.is_none() && view.message.deleted_at.is_some());
}

#[tokio::test]
async fn who_left_is_told_of_as_they_left() {
    let scene = Scene::new().await;
    let hook = scene.hook("hook", &["member.*"]).await;
    let ben = scene.world.user("ben").await;
    scene.world.join(scene.room, &ben).await;
    scene.happens(Happening::MemberJoined(ben.user)).await;
    scene.round(hook.id).await;
    scene.world.leave(scene.room, &ben).await;
    scene.happens(Happening::MemberLeft(ben.user)).await;
    scene.round(hook.id).await;
    assert_eq!(scene.states(hook.id).await, [DeliveryState::Delivered; 2]);
    let worded = scene.worded.lock().unwrap().clone();
    let left: Vec<bool> = worded
        .iter()
        .map(|tidings| match &tidings.change {
            Some(ChangeView::Member(view, _)) => view.membership.left_at.is_some(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(left, [false, true]);
}

#[tokio::test]
async fn what_is_refused_is_tried_again_and_then_given_up() {
    let scene = Scene::new().await;
    let hook = scene.hook("hook", &["message.*"]).await;
    let (_, event) = scene.says("hello").await;
    scene.sender.answer(500);
    let begun = scene.world.now();
    for (tries, wait) in [(1, 4), (2, 8)] {
        scene.round(hook.id).await;
        let log = scene.log(hook.id).await;
        assert_eq!(
            (log[0].state, log[0].tries),
            (DeliveryState::Pending, tries)
        );
        assert_eq!(log[0].last.clone().unwrap().status, Some(500));
        assert!(log[0].due_at.unwrap() >= scene.world.now() + Duration::from_secs(wait));
        // Not before it is due.
        assert_eq!(scene.round(hook.id).await, 0);
        scene.world.pass(Duration::from_secs(wait * 2));
    }
    let desk = &scene.cases.webhooks;
    let failing = desk.read(&scene.admin, hook.id).await.unwrap();
    assert_eq!(failing.failing_since, Some(begun));
    scene.round(hook.id).await;
    assert_eq!(scene.states(hook.id).await, [DeliveryState::Dead]);
    scene.world.pass(Duration::from_hours(1));
    assert_eq!(scene.round(hook.id).await, 0);

    scene.sender.answer(200);
    let replayed = desk.replay(&scene.admin, hook.id, event.id).await;
    replayed.unwrap();
    scene.round(hook.id).await;
    assert_eq!(scene.states(hook.id).await, [DeliveryState::Delivered]);
    let working = desk.read(&scene.admin, hook.id).await.unwrap();
    assert_eq!(working.failing_since, None);
    let unknown = desk.replay(&scene.admin, hook.id, scene.unknown()).await;
    assert_eq!(refused(unknown), Refusal::NotFound);
}

#[tokio::test(start_paused = true)]
async fn one_that_nobody_answers_holds_up_nobody_else() {
    let scene = Scene::new().await;
    let dead = scene.hook("nowhere", &["message.*"]).await;
    let hook = scene.hook("hook", &["message.*"]).await;
    let off = scene.hook("off", &["message.*"]).await;
    let change = WebhookChange {
        enabled: Some(false),
        ..WebhookChange::default()
    };
    let desk = &scene.cases.webhooks;
    desk.change(&scene.admin, off.id, change).await.unwrap();
    for text in ["one", "two", "three"] {
        scene.says(text).await;
    }
    let told = async {
        let pending = async |id| scene.log(id).await.iter().all(|one| one.tries > 0);
        while !(pending(hook.id).await && pending(dead.id).await) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let wording: Wording = Arc::new(|_| b"{}".to_vec());
    let rounds = desk.rounds(&scene.world.ports, wording, patience());
    tokio::select! {
        () = told => {}
        () = rounds.run(std::future::pending()) => {}
        () = tokio::time::sleep(Duration::from_mins(1)) => panic!("a webhook was not called"),
    }
    assert_eq!(scene.states(hook.id).await, [DeliveryState::Delivered; 3]);
    assert_eq!(scene.states(dead.id).await, [DeliveryState::Pending; 3]);
    assert_eq!(scene.states(off.id).await, []);
}

#[tokio::test]
async fn whoever_stops_lets_the_next_one_call_at_once() {
    let scene = Scene::new().await;
    let hook = scene.hook("hook", &["message.*"]).await;
    let rounds = || {
        let wording: Wording = Arc::new(|_| b"{}".to_vec());
        let desk = &scene.cases.webhooks;
        desk.rounds(&scene.world.ports, wording, patience())
    };
    let (first, next) = (rounds(), rounds());
    scene.says("one").await;
    assert_eq!(first.round(hook.id).await.unwrap(), 1);
    scene.says("two").await;
    assert_eq!(next.round(hook.id).await.unwrap(), 0);
    first.run(std::future::ready(())).await;
    assert_eq!(next.round(hook.id).await.unwrap(), 1);
    assert_eq!(scene.states(hook.id).await, [DeliveryState::Delivered; 2]);
}

#[tokio::test]
async fn where_there_are_no_webhooks_nothing_is_asked_or_written() {
    let scene = Scene::new().await;
    scene.says("hello").await;
    // After one read, the webhooks are not read again within the same second.
    let hidden = scene.hidden_hook().await;
    scene.says("hello").await;
    assert_eq!(scene.log(hidden).await, []);
    scene.world.pass(Duration::from_secs(1));
    scene.says("hello").await;
    assert_eq!(scene.log(hidden).await.len(), 1);
}

#[tokio::test]
async fn a_webhook_needs_an_address_that_may_be_called_and_a_room_that_there_is() {
    let scene = Scene::new().await;
    let desk = &scene.cases.webhooks;
    let forbidden = plan("forbidden", &["room.*"]);
    let url = Some(forbidden.url.clone());
    let made = desk.create(&scene.admin, forbidden).await;
    assert_eq!(fields(made), ["url"]);
    let elsewhere = WebhookPlan {
        room: Some(scene.unknown()),
        ..plan("hook", &["room.*"])
    };
    let made = desk.create(&scene.admin, elsewhere).await;
    assert_eq!(fields(made), ["roomId"]);

    let hook = scene.hook("hook", &["room.*"]).await;
    let change = WebhookChange {
        url,
        ..WebhookChange::default()
    };
    let changed = desk.change(&scene.admin, hook.id, change).await;
    assert_eq!(fields(changed), ["url"]);
    assert_eq!(desk.list(&scene.admin).await.unwrap(), [hook]);
}

#[tokio::test]
async fn a_ping_tries_whether_somebody_listens() {
    let scene = Scene::new().await;
    let desk = &scene.cases.webhooks;
    let hook = scene.hook("hook", &["room.*"]).await;
    let ping = desk.ping(&scene.admin, hook.id).await.unwrap();
    assert_eq!(scene.log(hook.id).await, [ping]);
    scene.round(hook.id).await;
    assert_eq!(scene.sender.taken()[0].1, b"ping");
    assert_eq!(scene.states(hook.id).await, [DeliveryState::Delivered]);

    desk.remove(&scene.admin, hook.id).await.unwrap();
    for refusal in [
        refused(desk.ping(&scene.admin, hook.id).await),
        refused(desk.remove(&scene.admin, hook.id).await),
        refused(desk.read(&scene.admin, hook.id).await),
    ] {
        assert_eq!(refusal, Refusal::NotFound);
    }
}
