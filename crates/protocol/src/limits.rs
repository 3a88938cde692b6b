//! The limits of the protocol. Lengths are in Unicode scalar values unless they say bytes.

/// The maximum size of a JSON body in bytes.
pub const BODY_BYTES: usize = 256 * 1024;
/// How deep a body may nest, counting its outermost object.
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
/// The maximum size of a password in bytes: bcrypt ignores anything beyond that.
pub const PASSWORD_BYTES: usize = 72;
/// The longest bio of a user.
pub const BIO_MAX: u64 = 500;
/// The maximum size of a serialised profile document in bytes.
pub const PROFILE_BYTES: usize = 16 * 1024;

/// The longest name of a room.
pub const ROOM_NAME_MAX: u64 = 100;
/// The longest description of a room.
pub const DESCRIPTION_MAX: u64 = 1000;
/// The shortest lifetime of an invite, in seconds.
pub const INVITE_SECONDS_MIN: i64 = 60;
/// The longest lifetime of an invite, in seconds.
pub const INVITE_SECONDS_MAX: i64 = 2_592_000;
/// The most uses of an invite.
pub const INVITE_USES_MAX: i64 = 100_000;
/// The most users to open a chat with.
pub const PARTICIPANTS_MAX: u64 = 100;

/// The longest message.
pub const MESSAGE_MAX: u64 = 8000;
/// The most attachments of a message.
pub const ATTACHMENTS_MAX: u64 = 10;
/// The longest search query.
pub const SEARCH_MAX: u64 = 200;
/// The longest epoch.
pub const EPOCH_MAX: u64 = 64;

/// The longest URL of a webhook.
pub const WEBHOOK_URL_MAX: u64 = 2000;
/// The most topics of a webhook.
pub const WEBHOOK_TOPICS_MAX: u64 = 20;

/// The longest endpoint of a push subscription.
pub const PUSH_ENDPOINT_MAX: u64 = 2000;

/// The default page size.
pub const PAGE_DEFAULT: i64 = 50;
/// The maximum page size.
pub const PAGE_MAX: i64 = 100;
/// The default number of changes per response.
pub const EVENTS_DEFAULT: i64 = 200;
/// The maximum number of changes per response.
pub const EVENTS_MAX: i64 = 1000;
/// The most users to ask for by id at once.
pub const IDS_MAX: u64 = 100;
/// The largest seq or rev, so that every client can represent it exactly.
pub const PLACE_MAX: i64 = (1 << 53) - 1;

/// The maximum size of a client frame in bytes.
pub const FRAME_BYTES: usize = 128 * 1024;
/// How many frames a connection may send within [`FRAMES_SECONDS`]; any more are refused.
pub const FRAMES: u32 = 60;
/// The number of frames within [`FRAMES_SECONDS`] beyond which the connection is closed.
pub const FRAMES_HARD: u32 = 120;
/// The period, in seconds, over which frames are counted.
pub const FRAMES_SECONDS: u64 = 10;
/// The most rooms that a connection can be subscribed to.
pub const ROOMS_PER_CONNECTION: usize = 500;
/// The most connections of a user.
pub const CONNECTIONS_PER_USER: usize = 20;
/// How many seconds an unauthenticated connection has to authenticate with its first frame.
pub const AUTH_SECONDS: u64 = 10;
/// The interval between two pings of the server, in seconds.
pub const HEARTBEAT_SECONDS: u64 = 25;
/// How many seconds before a token expires the client is warned.
pub const TOKEN_EXPIRING_SECONDS: u64 = 60;
/// The most changes of a room that are replayed.
pub const REPLAY_PER_ROOM: usize = 1000;
/// The most changes that are replayed for one `subscribe`.
pub const REPLAY_PER_SUBSCRIBE: usize = 5000;
/// After how many seconds a typing indicator expires.
pub const TYPING_SECONDS: u64 = 6;
/// The most online users that are listed.
pub const ONLINE_NAMED: usize = 500;
/// The longest emoji. The longest existing ones have ten characters.
pub const EMOJI_MAX: u64 = 32;
