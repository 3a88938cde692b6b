//! Everything that the use cases need of the outside world.

use std::sync::Arc;

use domain::port::{
    AccessTokens, Blobs, Blocks, Budget, Bus, Cache, Clock, Courier, CursorStore, Ids, Invites,
    Limiter, MediaStore, Members, Messages, Passwords, Pictures, Presence, Probe, Profiles,
    PushSubscriptions, Pusher, RoomLog, Rooms, Search, Sessions, Summariser, Users, WebhookLog,
    Webhooks,
};

/// One adapter a port. Whoever wires the program fills it; use cases take what they need from it.
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
    pub courier: Arc<dyn Courier>,
    pub blobs: Arc<dyn Blobs>,
    pub pictures: Arc<dyn Pictures>,
    /// What is believed of sessions, where that is not the store itself.
    pub sessions: Arc<dyn Sessions>,
    /// What the store says of them.
    pub session_store: Arc<dyn Sessions>,
    /// On which devices people are told, kept where sessions are.
    pub push_subscriptions: Arc<dyn PushSubscriptions>,
    /// By what they are told there, if they are.
    pub pusher: Option<Arc<dyn Pusher>>,
    pub profiles: Arc<dyn Profiles>,
    pub presence: Arc<dyn Presence>,
    pub limiter: Arc<dyn Limiter>,
    pub bus: Arc<dyn Bus>,
    pub cache: Arc<dyn Cache>,
    pub budget: Arc<dyn Budget>,
    /// The model that tells what people missed, where there is one.
    pub model: Option<Arc<dyn Summariser>>,
    /// Who tells it without a model, and in its stead.
    pub summariser: Arc<dyn Summariser>,
    pub passwords: Arc<dyn Passwords>,
    pub access_tokens: Arc<dyn AccessTokens>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// The backends whose health is told.
    pub probes: Vec<Arc<dyn Probe>>,
}
