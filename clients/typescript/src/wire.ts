/** The wire types. docs/rest.md, docs/realtime.md and /openapi.json have the details. */

export interface User {
  id: string; username: string; displayName: string; avatarUrl?: string; bio?: string; createdAt: string;
  status: "online" | "offline"; lastSeenAt?: string; email?: string; profile?: Record<string, unknown>;
}
export interface Membership {
  role: "owner" | "admin" | "member"; joinedAt: string; fromSeq: number; readSeq: number; deliveredSeq: number;
  unread: number; mentions: number; muted: boolean; mutedUntil?: string;
}
export interface Room {
  id: string; name: string | null; description?: string; kind: "public" | "private" | "direct"; isPrivate: boolean;
  ownerId?: string; memberCount: number; createdAt: string; updatedAt: string; rev: number; lastSeq: number;
  lastRev: number; history: "all" | "joined"; participants?: User[]; inviteCode?: string; inviteUrl?: string;
  membership?: Membership; lastMessage?: Message;
}
export interface Member {
  user: User; role: Membership["role"]; joinedAt: string; leftAt?: string; rev: number; readSeq: number; deliveredSeq: number;
}
export interface Media {
  id: string; roomId?: string; ownerId: string; fileName: string; contentType: string; size: number; width?: number;
  height?: number; status: "processing" | "ready" | "rejected"; url: string; thumbnailUrl?: string;
}
/** A deleted message is a tombstone: `content` is null, `deletedAt` is set, and it keeps its `seq`. */
export interface Message {
  id: string; roomId: string; seq: number; rev: number; senderId: string;
  sender: Pick<User, "id" | "username" | "displayName" | "avatarUrl">; content: string | null; clientId?: string;
  replyTo?: string; replyCount: number; attachments: Media[]; mentions: string[];
  reactions: { emoji: string; count: number; mine?: boolean }[]; status?: "sent" | "delivered" | "read";
  createdAt: string; editedAt?: string; deletedAt?: string; pinned: boolean;
}
export interface Tokens {
  user: User; accessToken: string; tokenExpiresAt: string; refreshToken?: string; refreshExpiresAt: string; sessionId: string;
}
export interface Cursors { readSeq: number; deliveredSeq: number }
export interface MessagePage { messages: Message[]; nextCursor: string | null }
export interface Changes {
  epoch: string; messages: Message[]; members: Member[]; room?: Room; upTo: number; more: boolean; reset: boolean;
}
export interface Hit { message: Message; snippet: { text: string; highlights: [number, number][] } }
export interface Bullet { text: string; seqs: number[] }
/** A summary of what was missed. The `seqs` of each point name the messages that it is based on. */
export interface Summary {
  summary: string; bullets: Bullet[]; fromSeq: number; toSeq: number; messageCount: number;
  participants: Message["sender"][]; model: string; cached: boolean; degraded: boolean; generatedAt: string;
}
export interface Invite { code: string; url: string; expiresAt?: string; maxUses?: number; uses: number }
export interface InvitePreview {
  code: string; room: Pick<Room, "id" | "name" | "description" | "memberCount">; invitedBy: Message["sender"]; expiresAt?: string;
}
export interface Ban { user: User; at: string; by: string }
export interface Session {
  id: string; createdAt: string; lastUsedAt: string; expiresAt: string; ip: string | null; userAgent: string; current: boolean;
}
export interface Receipts { deliveredTo: { userId: string }[]; readBy: { userId: string }[] }
export interface Draft { content: string; clientId?: string; replyTo?: string; attachments?: string[] }

export type ErrorCode =
  | "malformed" | "unauthenticated" | "token_expired" | "bad_credentials" | "session_revoked" | "refresh_reused"
  | "forbidden" | "banned" | "muted" | "blocked" | "wrong_password" | "not_found" | "method_not_allowed" | "email_taken"
  | "username_taken" | "name_taken" | "owner_must_hand_over" | "conflict" | "invite_expired" | "message_deleted"
  | "too_large" | "unsupported_media_type" | "range_not_satisfiable" | "invalid" | "rate_limited" | "too_many"
  | "internal" | "unavailable" | "overloaded";
export interface FieldError { field: string; code: string; message: string }
export interface ProblemBody {
  code: ErrorCode; detail?: string; message?: string; errors?: FieldError[]; retryAfter?: number; requestId?: string;
}

/** The events of the socket. Durable frames arrive in ascending `rev`, each change once. */
export type Durable =
  | { type: "message"; op: "created" | "updated" | "deleted"; roomId: string; rev: number; prev: number; message: Message;
      by?: { userId: string; emoji: string; on: boolean } }
  | { type: "member"; op: "joined" | "left" | "kicked" | "banned" | "role"; roomId: string; rev: number; prev: number;
      member: Member }
  | { type: "room"; op: "updated" | "deleted"; roomId: string; rev: number; prev: number; room: Room }
  | { type: "skip"; roomId: string; rev: number; prev: number };
export type Fleeting =
  | ({ type: "receipt"; roomId: string; userId: string } & Cursors)
  | { type: "typing"; roomId: string; userId: string; on: boolean }
  | { type: "presence"; userId: string; status: User["status"]; lastSeenAt?: string }
  | { type: "room_added"; room: Room }
  | { type: "room_removed"; roomId: string; reason: string }
  | { type: "media"; media: Media }
  | { type: "notification"; roomId: string; messageId: string; kind: "mention" | "direct" | "reply" }
  | { type: "summary_part"; id: number; roomId: string; text: string }
  | { type: "summary_hint"; roomId: string; unread: number }
  | { type: "lagging"; rooms: string[] }
  | { type: "session_revoked" };
/** Events that this client adds. On `reset`, read the newest page of history: too much was missed for a replay. */
export type Own =
  | { type: "online" } | { type: "offline"; code: number; again: boolean }
  | { type: "reset"; roomId: string; rev: number } | { type: "refused"; roomId: string; code: ErrorCode };
export type Happening = Durable | Fleeting | Own;

/** The client's position: the last rev of each room, null before the first, and the store that they belong to. */
export interface Standing { epoch: string | undefined; cursors: Record<string, number | null> }
