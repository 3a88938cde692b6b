//! The numbers of the contract. Lengths are in Unicode scalar values unless they say bytes.

/// The most bytes that a JSON body may have.
pub const BODY_BYTES: usize = 256 * 1024;
/// How deep a body may nest, its own object counted.
pub const BODY_DEPTH: usize = 64;

/// The shortest username.
pub const USERNAME_MIN: u64 = 3;
/// The longest username.
pub const USERNAME_MAX: u64 = 32;
/// The longest e-mail address.
pub const EMAIL_MAX: u64 = 254;
/// The longest display name.
pub const DISPLAY_NAME_MAX: u64 = 80;
/// The shortest password.
pub const PASSWORD_MIN: u64 = 8;
/// The most bytes of a password. It is what bcrypt looks at.
pub const PASSWORD_BYTES: usize = 72;
/// The longest that a person says about themselves.
pub const BIO_MAX: u64 = 500;
/// The most bytes of a profile, serialised.
pub const PROFILE_BYTES: usize = 16 * 1024;

/// The longest name of a room.
pub const ROOM_NAME_MAX: u64 = 100;
/// The longest description of a room.
pub const DESCRIPTION_MAX: u64 = 1000;
/// The shortest life of an invite, in seconds.
pub const INVITE_SECONDS_MIN: i64 = 60;
/// The longest life of an invite, in seconds.
pub const INVITE_SECONDS_MAX: i64 = 2_592_000;
/// The most uses of an invite.
pub const INVITE_USES_MAX: i64 = 100_000;
/// The most people to open a conversation with.
pub const PARTICIPANTS_MAX: u64 = 100;

/// The longest message.
pub const MESSAGE_MAX: u64 = 8000;
/// The most attachments of a message.
pub const ATTACHMENTS_MAX: u64 = 10;
/// The longest search.
pub const SEARCH_MAX: u64 = 200;
/// The longest name of an epoch.
pub const EPOCH_MAX: u64 = 64;

/// The longest address of a webhook.
pub const WEBHOOK_URL_MAX: u64 = 2000;
/// The most topics of a webhook.
pub const WEBHOOK_TOPICS_MAX: u64 = 20;

/// The longest endpoint of a subscription to pushes.
pub const PUSH_ENDPOINT_MAX: u64 = 2000;

/// How many items a page has when nobody says.
pub const PAGE_DEFAULT: i64 = 50;
/// The most items of a page.
pub const PAGE_MAX: i64 = 100;
/// How many changes are told at once when nobody says.
pub const EVENTS_DEFAULT: i64 = 200;
/// The most changes that are told at once.
pub const EVENTS_MAX: i64 = 1000;
/// The most users to ask for by id at once.
pub const IDS_MAX: u64 = 100;
/// The last seq or rev that there can be, so that every client can hold it.
pub const PLACE_MAX: i64 = (1 << 53) - 1;

/// The most bytes of a frame from a client.
pub const FRAME_BYTES: usize = 128 * 1024;
/// How many frames a connection may send in [`FRAMES_SECONDS`]; each one more is refused.
pub const FRAMES: u32 = 60;
/// How many frames in [`FRAMES_SECONDS`] end a connection.
pub const FRAMES_HARD: u32 = 120;
/// The stretch of time, in seconds, in which frames are counted.
pub const FRAMES_SECONDS: u64 = 10;
/// The most rooms that a connection is subscribed to.
pub const ROOMS_PER_CONNECTION: usize = 500;
/// The most connections of a user.
pub const CONNECTIONS_PER_USER: usize = 20;
/// Within how many seconds the first frame must authenticate, if nothing before did.
pub const AUTH_SECONDS: u64 = 10;
/// How many seconds are between two pings of the server.
pub const HEARTBEAT_SECONDS: u64 = 25;
/// How many seconds before its end a token is announced to be expiring.
pub const TOKEN_EXPIRING_SECONDS: u64 = 60;
/// The most changes of a room that are replayed.
pub const REPLAY_PER_ROOM: usize = 1000;
/// The most changes that are replayed for one `subscribe`.
pub const REPLAY_PER_SUBSCRIBE: usize = 5000;
/// After how many seconds typing ends by itself.
pub const TYPING_SECONDS: u64 = 6;
/// How many of those who are online are named.
pub const ONLINE_NAMED: usize = 500;
/// The longest emoji. The longest that there are have ten characters.
pub const EMOJI_MAX: u64 = 32;
