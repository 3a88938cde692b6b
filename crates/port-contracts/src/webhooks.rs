//! Obligations of [`domain::port::Webhooks`].

use domain::port::webhook_log::LogPage;
use domain::port::webhooks::WebhookChange;
use domain::{Edit, Topics, WebhookUrl};

use crate::made::{telling, webhook};
use crate::{Store, at, fresh};

contract!(webhooks {
    a_webhook_is_found_as_kept,
    a_change_changes_what_it_names,
    a_removed_webhook_is_gone_with_its_deliveries,
});

pub async fn a_webhook_is_found_as_kept(store: &Store) {
    let [owner] = store.people().await;
    let room = store.room(owner, &[]).await.id;
    let mut kept = Vec::new();
    for (moment, room) in [(3, None), (1, Some(room)), (2, None)] {
        let mut hook = webhook();
        hook.created_at = at(moment);
        hook.room = room;
        hook.enabled = moment != 2;
        store.webhooks.create(&hook).await.unwrap();
        let found = store.webhooks.find(hook.id).await.unwrap();
        assert_eq!(found, Some(hook.clone()));
        kept.push(hook);
    }
    assert_eq!(store.webhooks.find(fresh()).await.unwrap(), None);
    kept.sort_by_key(|hook| hook.created_at);
    let mut all = store.webhooks.all().await.unwrap();
    all.retain(|hook| kept.iter().any(|one| one.id == hook.id));
    assert_eq!(all, kept);

    let again = store.webhooks.create(&kept[0]).await;
    again.unwrap_err();
}

pub async fn a_change_changes_what_it_names(store: &Store) {
    let [owner] = store.people().await;
    let room = store.room(owner, &[]).await.id;
    let (mut hook, other) = (webhook(), webhook());
    for one in [&hook, &other] {
        store.webhooks.create(one).await.unwrap();
    }
    let url = WebhookUrl::parse("https://example.net/elsewhere").unwrap();
    let topics = Topics::parse(["room.updated", "member.*"]).unwrap();
    let none = WebhookChange::default();
    let changes = [
        none.clone(),
        WebhookChange {
            url: Some(url.clone()),
            ..none.clone()
        },
        WebhookChange {
            topics: Some(topics.clone()),
            enabled: Some(false),
            ..none.clone()
        },
        WebhookChange {
            room: Edit::Set(room),
            ..none.clone()
        },
        WebhookChange {
            room: Edit::Clear,
            enabled: Some(true),
            ..none.clone()
        },
    ];
    for change in changes {
        hook.url = change.url.clone().unwrap_or(hook.url);
        hook.topics = change.topics.clone().unwrap_or(hook.topics);
        hook.room = change.room.apply(hook.room);
        hook.enabled = change.enabled.unwrap_or(hook.enabled);
        let answer = store.webhooks.change(hook.id, &change).await.unwrap();
        assert_eq!(answer.as_ref(), Some(&hook));
        let found = store.webhooks.find(hook.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&hook));
        let unknown = store.webhooks.change(fresh(), &change).await.unwrap();
        assert_eq!(unknown, None);
    }
    let found = store.webhooks.find(other.id).await.unwrap();
    assert_eq!(found, Some(other));
}

pub async fn a_removed_webhook_is_gone_with_its_deliveries(store: &Store) {
    let (hook, other) = (webhook(), webhook());
    let told = telling(fresh());
    for one in [&hook, &other] {
        store.webhooks.create(one).await.unwrap();
    }
    let both = [hook.id, other.id];
    store
        .webhook_log
        .enqueue(&told, &both, at(5))
        .await
        .unwrap();

    assert!(store.webhooks.remove(hook.id).await.unwrap());
    assert!(!store.webhooks.remove(hook.id).await.unwrap());
    assert_eq!(store.webhooks.find(hook.id).await.unwrap(), None);
    for (id, left) in [(hook.id, 0), (other.id, 1)] {
        let page = LogPage {
            webhook: id,
            state: None,
            before: None,
            limit: 10,
        };
        let log = store.webhook_log.page(&page).await.unwrap();
        assert_eq!(log.len(), left);
        let due = store.webhook_log.due(at(5)).await.unwrap();
        assert_eq!(due.contains(&id), left > 0);
    }
}
