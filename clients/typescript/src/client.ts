import { Live } from "./live.ts";
import { Account } from "./session.ts";
import type {
  Ban, Changes, Cursors, Draft, Hit, Invite, InvitePreview, Media, Member, Membership, Message, MessagePage, Receipts, Room,
  Session, Standing, Summary, User,
} from "./wire.ts";

type Paged = { cursor?: string; limit?: number };
export interface RoomPlan { name: string; description?: string; isPrivate?: boolean; history?: Room["history"] }
export interface SummaryAsk {
  /** Unread messages, everything since joining, or everything after a seq. */
  since?: "read" | "join" | number;
  style?: "bullets" | "brief";
}

/** A user of the server: all of the user API in docs/rest.md, and the socket. */
export class Tertulia extends Account {
  /** Opens the socket. `cursors` has the last rev of each room, `epoch` the store that they belong to. */
  live(from: Partial<Standing> = {}): Live {
    return new Live(this, { epoch: from.epoch, cursors: { ...from.cursors } });
  }

  // The user's own account.
  me(): Promise<User> { return this.ask("GET", "/api/users/me"); }
  changeProfile(change: {
    displayName?: string; username?: string; bio?: string; avatarMediaId?: string | null; profile?: Record<string, unknown>;
  }): Promise<User> {
    return this.ask("PATCH", "/api/users/me", change);
  }
  changePassword(current: string, to: string): Promise<void> {
    return this.ask("POST", "/api/auth/password", { current, new: to });
  }
  async sessions(): Promise<Session[]> {
    return (await this.ask<{ sessions: Session[] }>("GET", "/api/auth/sessions")).sessions;
  }
  endSession(id: string): Promise<void> { return this.ask("DELETE", `/api/auth/sessions/${id}`); }
  /** Whether the server sends Web Push notifications, and the key with which a browser subscribes. */
  push(): Promise<{ enabled: boolean; publicKey?: string }> { return this.ask("GET", "/api/push"); }
  /** Enables notifications on this device. Takes the result of `toJSON()` of the browser's subscription. */
  subscribeToPush(subscription: {
    endpoint?: string; expirationTime?: number | null; keys?: Record<string, string>;
  }): Promise<void> {
    return this.ask("PUT", "/api/push/subscription", subscription);
  }
  unsubscribeFromPush(): Promise<void> { return this.ask("DELETE", "/api/push/subscription"); }
  /** Erases the account. Its messages stay, without its name. */
  async eraseAccount(password: string): Promise<void> {
    await this.ask("DELETE", "/api/users/me", { password });
    this.keep(null);
  }

  // Other users.
  user(id: string): Promise<User> { return this.ask("GET", `/api/users/${id}`); }
  async findUsers(q: string): Promise<User[]> {
    return (await this.ask<{ users: User[] }>("GET", `/api/users/search${query({ q })}`)).users;
  }
  block(user: string, on = true): Promise<void> { return this.ask(on ? "PUT" : "DELETE", `/api/users/${user}/block`); }

  // Rooms.
  async myRooms(): Promise<Room[]> { return (await this.ask<{ rooms: Room[] }>("GET", "/api/rooms/mine")).rooms; }
  findRooms(at: { q?: string } & Paged = {}): Promise<{ rooms: Room[]; nextCursor: string | null }> {
    return this.ask("GET", `/api/rooms${query(at)}`);
  }
  createRoom(room: RoomPlan): Promise<Room> { return this.ask("POST", "/api/rooms", room); }
  /** Takes the other participants: with only one, it is a direct room. */
  openChat(participantIds: string[], name?: string): Promise<Room> {
    return this.ask("POST", "/api/chat", { participantIds, name });
  }
  room(id: string): Promise<Room> { return this.ask("GET", `/api/rooms/${id}`); }
  changeRoom(id: string, change: Partial<RoomPlan>): Promise<Room> { return this.ask("PATCH", `/api/rooms/${id}`, change); }
  deleteRoom(id: string): Promise<void> { return this.ask("DELETE", `/api/rooms/${id}`); }
  join(id: string, inviteCode?: string): Promise<Room> { return this.ask("POST", `/api/rooms/${id}/join`, { inviteCode }); }
  joinByInvite(inviteCode: string): Promise<Room> { return this.ask("POST", "/api/rooms/join", { inviteCode }); }
  leave(id: string): Promise<void> { return this.ask("DELETE", `/api/rooms/${id}/leave`); }
  /** Mutes the room's notifications for the user. */
  mute(id: string, on = true): Promise<void> {
    return this.ask(on ? "PUT" : "DELETE", `/api/rooms/${id}/mute`, on ? {} : undefined);
  }

  // Members, bans and invites.
  members(room: string, at: Paged & { online?: boolean } = {}): Promise<{ users: Member[]; nextCursor: string | null }> {
    return this.ask("GET", `/api/rooms/${room}/users${query(at)}`);
  }
  changeMember(room: string, user: string, change: { role?: Membership["role"]; mutedUntil?: string | null }): Promise<Member> {
    return this.ask("PATCH", `/api/rooms/${room}/users/${user}`, change);
  }
  kick(room: string, user: string): Promise<void> { return this.ask("DELETE", `/api/rooms/${room}/users/${user}`); }
  ban(room: string, user: string): Promise<void> { return this.ask("DELETE", `/api/rooms/${room}/users/${user}?ban=true`); }
  async bans(room: string): Promise<Ban[]> { return (await this.ask<{ bans: Ban[] }>("GET", `/api/rooms/${room}/bans`)).bans; }
  unban(room: string, user: string): Promise<void> { return this.ask("DELETE", `/api/rooms/${room}/bans/${user}`); }
  invite(room: string, bounds: { expiresIn?: number; maxUses?: number } = {}): Promise<Invite> {
    return this.ask("POST", `/api/rooms/${room}/invites`, bounds);
  }
  async invites(room: string): Promise<Invite[]> {
    return (await this.ask<{ invites: Invite[] }>("GET", `/api/rooms/${room}/invites`)).invites;
  }
  revokeInvite(room: string, code: string): Promise<void> { return this.ask("DELETE", `/api/rooms/${room}/invites/${code}`); }
  /** Previews an invite. Works without signing in. */
  lookAtInvite(code: string): Promise<InvitePreview> { return this.ask("GET", `/api/invites/${code}`); }

  // Messages.
  /** Newest first, except `after` a seq. */
  history(room: string, at: Paged & { after?: number; around?: number } = {}): Promise<MessagePage> {
    return this.ask("GET", `/api/rooms/${room}/messages${query(at)}`);
  }
  changes(room: string, since: number, epoch?: string): Promise<Changes> {
    return this.ask("GET", `/api/rooms/${room}/events${query({ since, epoch })}`);
  }
  /** Posts exactly once, however often it is retried: the draft gets a `clientId` if it has none. */
  post(room: string, draft: Draft): Promise<Message> {
    return this.ask("POST", `/api/rooms/${room}/messages`, { clientId: crypto.randomUUID(), ...draft }, true);
  }
  message(id: string): Promise<Message> { return this.ask("GET", `/api/messages/${id}`); }
  edit(message: string, content: string): Promise<Message> { return this.ask("PATCH", `/api/messages/${message}`, { content }); }
  remove(message: string): Promise<Message> { return this.ask("DELETE", `/api/messages/${message}`); }
  replies(message: string, at: Paged = {}): Promise<MessagePage> {
    return this.ask("GET", `/api/messages/${message}/replies${query(at)}`);
  }
  react(message: string, emoji: string, on = true): Promise<Message> {
    return this.ask(on ? "PUT" : "DELETE", `/api/messages/${message}/reactions/${encodeURIComponent(emoji)}`);
  }
  pin(message: string, on = true): Promise<Message> { return this.ask(on ? "PUT" : "DELETE", `/api/messages/${message}/pin`); }
  pins(room: string, at: Paged = {}): Promise<MessagePage> { return this.ask("GET", `/api/rooms/${room}/pins${query(at)}`); }
  read(roomId: string, seq: number): Promise<Cursors> { return this.ask("POST", "/api/messages/read", { roomId, seq }, true); }
  receipts(message: string): Promise<Receipts> { return this.ask("GET", `/api/messages/${message}/receipts`); }
  search(
    q: string, at: { roomId?: string; from?: string; before?: string; after?: string; cursor?: string } = {},
  ): Promise<{ hits: Hit[]; nextCursor: string | null }> {
    return this.ask("GET", `/api/search/messages${query({ q, ...at })}`);
  }

  /** A summary of what was missed, in one response. `Live.summary` streams it while it is generated. */
  summary(room: string, ask: SummaryAsk = {}): Promise<Summary> {
    return this.ask("GET", `/api/rooms/${room}/summary${query({ ...ask })}`);
  }

  /** Uploads a file to a room, to be attached to a message there; without a room, to be used as an avatar. */
  upload(file: Blob, name: string, roomId?: string): Promise<Media> {
    const form = new FormData();
    form.append("file", file, name);
    return this.ask("POST", `/api/media${query({ roomId })}`, form);
  }
}

function query(fields: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
