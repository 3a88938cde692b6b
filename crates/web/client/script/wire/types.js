/**
 * The wire types, for readers and for `tsc --checkJs`. docs/rest.md and docs/realtime.md describe them in
 * full. Nothing here is executed.
 *
 * @typedef {"online" | "offline"} Presence
 * @typedef {"owner" | "admin" | "member"} Role
 *
 * @typedef {{ id: string, username: string, displayName: string, avatarUrl?: string }} NamedUser
 * @typedef {NamedUser & {
 *   bio?: string, createdAt?: string, status?: Presence, lastSeenAt?: string, email?: string,
 *   profile?: Record<string, unknown>,
 * }} User
 *
 * @typedef {{ readSeq: number, deliveredSeq: number }} Cursors
 * @typedef {Cursors & {
 *   role: Role, joinedAt: string, fromSeq: number, unread: number, mentions: number, muted: boolean,
 *   mutedUntil?: string,
 * }} Membership
 * @typedef {Cursors & { user: User, role: Role, joinedAt: string, leftAt?: string, rev: number }} Member
 *
 * @typedef {{
 *   id: string, name: string | null, description?: string, kind: "public" | "private" | "direct",
 *   isPrivate: boolean, ownerId?: string, memberCount: number, createdAt: string, updatedAt: string,
 *   rev: number, lastSeq: number, lastRev: number, history: "all" | "joined", participants?: User[],
 *   inviteCode?: string, inviteUrl?: string, membership?: Membership, lastMessage?: Message,
 * }} Room
 *
 * @typedef {{ emoji: string, count: number, mine?: boolean }} Reaction
 * @typedef {{
 *   id: string, roomId?: string, ownerId: string, fileName: string, contentType: string, size: number,
 *   width?: number, height?: number, status: "processing" | "ready" | "rejected", url: string,
 *   thumbnailUrl?: string,
 * }} Media
 * @typedef {{
 *   id: string, roomId: string, seq: number, rev: number, senderId: string, sender: NamedUser,
 *   content: string | null, clientId?: string, replyTo?: string, replyCount: number,
 *   attachments: Media[], mentions: string[], reactions: Reaction[],
 *   status?: "sent" | "delivered" | "read", createdAt: string, editedAt?: string, deletedAt?: string,
 *   pinned: boolean,
 * }} Message
 * @typedef {{ content: string, clientId: string, replyTo?: string, attachments?: string[] }} Draft
 *
 * @typedef {{ messages: Message[], nextCursor: string | null }} MessagePage
 * @typedef {{ message: Message, snippet: { text: string, highlights: [number, number][] } }} Hit
 * @typedef {{
 *   summary: string, bullets: { text: string, seqs: number[] }[], fromSeq: number, toSeq: number,
 *   messageCount: number, participants: (string | NamedUser)[], model: string, cached: boolean,
 *   degraded: boolean, generatedAt: string,
 * }} Summary
 * @typedef {{ user: User, at: string, by: string }} Ban
 * @typedef {{ code: string, url: string, expiresAt?: string, maxUses?: number, uses: number }} Invite
 * @typedef {{
 *   code: string, room: { id: string, name: string, description?: string, memberCount: number },
 *   invitedBy: NamedUser, expiresAt?: string,
 * }} Invitation
 * @typedef {{
 *   id: string, createdAt: string, lastUsedAt: string, expiresAt: string, ip: string | null,
 *   userAgent: string, current: boolean,
 * }} SessionInfo
 * @typedef {{
 *   user: User, accessToken: string, tokenExpiresAt: string, refreshExpiresAt: string, sessionId: string,
 * }} Tokens
 *
 * @typedef {{ field: string, code: string, message: string }} FieldError
 * @typedef {{
 *   code: string, detail?: string, message?: string, errors?: FieldError[], retryAfter?: number,
 * }} ProblemBody
 *
 * Durable frames: each has a position in its room's order.
 * @typedef {{ roomId: string, rev: number, prev: number }} Place
 * @typedef {Place & {
 *   type: "message", op: "created" | "updated" | "deleted", message: Message,
 *   by?: { userId: string, emoji: string, on: boolean },
 * }} MessageFrame
 * @typedef {Place & { type: "member", op: "joined" | "left" | "kicked" | "banned" | "role", member: Member }} MemberFrame
 * @typedef {Place & { type: "room", op: "updated" | "deleted", room: Room }} RoomFrame
 * @typedef {Place & { type: "skip" }} SkipFrame
 * @typedef {MessageFrame | MemberFrame | RoomFrame | SkipFrame} Durable
 *
 * Fleeting frames: a later one supersedes an earlier one.
 * @typedef {Cursors & { type: "receipt", roomId: string, userId: string }} ReceiptFrame
 * @typedef {{ type: "typing", roomId: string, userId: string, on: boolean }} TypingFrame
 * @typedef {{ type: "presence", userId: string, status: Presence, lastSeenAt?: string }} PresenceFrame
 * @typedef {{ type: "room_added", room: Room }} RoomAddedFrame
 * @typedef {{ type: "room_removed", roomId: string, reason: "left" | "kicked" | "banned" | "deleted" }} RoomRemovedFrame
 * @typedef {{ type: "media", media: Media }} MediaFrame
 * @typedef {{ type: "notification", roomId: string, messageId: string, kind: "mention" | "direct" | "reply" }} NotificationFrame
 * @typedef {ReceiptFrame | TypingFrame | PresenceFrame | RoomAddedFrame | RoomRemovedFrame | MediaFrame | NotificationFrame} Fleeting
 *
 * @typedef {{ rev: number, seq: number, readSeq: number, deliveredSeq: number, replayed: number, reset: boolean }} Subscribed
 * @typedef {{ type: "ack", id: number, message?: Message, rooms?: Record<string, Subscribed | { code: string }>, summary?: Summary } & Partial<Cursors>} Ack
 */

export {};
