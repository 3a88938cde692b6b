//! Everything that the use cases need from the outside world.

use std::sync::Arc;

use domain::port::{
    AccessTokens, Blobs, Blocks, Budget, Bus, Cache, Clock, CursorStore, Ids, Invites, Limiter,
    MediaStore, Members, Messages, Passwords, Pictures, Presence, Probe, Profiles,
    PushSubscriptions, Pusher, RoomLog, Rooms, Search, Sessions, Summariser, Users, WebhookLog,
    WebhookSender, Webhooks,
};

/// One adapter per port. The composition root fills it, and each use case takes what it needs.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is the port of its name")]
pub struct Ports {
    pub users: Arc<dyn Users>,
    pub blocks: Arc<dyn Blocks>,
    pub rooms: Arc<dyn Rooms>,
    pub members: Arc<dyn Members>,
    pub invites: Arc<dyn Invites>,
    pub messages: Arc<dyn Messages>,
    pub cursors: Arc<dyn CursorStore>,
    pub room_log: Arc<dyn RoomLog>,
    pub search: Arc<dyn Search>,
    pub media: Arc<dyn MediaStore>,
    pub webhooks: Arc<dyn Webhooks>,
    pub webhook_log: Arc<dyn WebhookLog>,
    pub webhook_sender: Arc<dyn WebhookSender>,
    pub blobs: Arc<dyn Blobs>,
    pub pictures: Arc<dyn Pictures>,
    /// The sessions as use cases see them, possibly through a cache.
    pub sessions: Arc<dyn Sessions>,
    /// The session store itself, behind any cache.
    pub session_store: Arc<dyn Sessions>,
    /// Which devices receive push notifications, kept in the same store as sessions.
    pub push_subscriptions: Arc<dyn PushSubscriptions>,
    /// Sends push notifications, if push is enabled.
    pub pusher: Option<Arc<dyn Pusher>>,
    pub profiles: Arc<dyn Profiles>,
    pub presence: Arc<dyn Presence>,
    pub limiter: Arc<dyn Limiter>,
    pub bus: Arc<dyn Bus>,
    pub cache: Arc<dyn Cache>,
    pub budget: Arc<dyn Budget>,
    /// The model that writes summaries, if one is configured.
    pub model: Option<Arc<dyn Summariser>>,
    /// Summarises without a model, or in its place when it fails.
    pub summariser: Arc<dyn Summariser>,
    pub passwords: Arc<dyn Passwords>,
    pub access_tokens: Arc<dyn AccessTokens>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// The backends that health checks cover.
    pub probes: Vec<Arc<dyn Probe>>,
}
