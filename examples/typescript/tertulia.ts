/**
 * A client of Tertulia in one file, to copy into a project: REST, and the socket at /api/ws with resume.
 * Needs nothing but the platform's `fetch`, `WebSocket` and `crypto`: a browser, or Node 22 or newer.
 * On an older Node hand over a `WebSocket`, as chat.ts does.
 */

// What goes over the wire. docs/rest.md and /openapi.json have the details.

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
export interface Draft { content: string; clientId?: string; replyTo?: string; attachments?: string[] }

export type ErrorCode =
  | "malformed" | "unauthenticated" | "token_expired" | "bad_credentials" | "session_revoked" | "refresh_reused"
  | "forbidden" | "banned" | "muted" | "blocked" | "wrong_password" | "not_found" | "method_not_allowed" | "email_taken"
  | "username_taken" | "name_taken" | "owner_must_hand_over" | "conflict" | "invite_expired" | "message_deleted"
  | "too_large" | "unsupported_media_type" | "range_not_satisfiable" | "invalid" | "rate_limited" | "too_many"
  | "internal" | "unavailable" | "overloaded";
export interface FieldError { field: string; code: string; message: string }
interface ProblemBody {
  code: ErrorCode; detail?: string; message?: string; errors?: FieldError[]; retryAfter?: number; requestId?: string;
}

/** The server refused. `code` is for programs, `errors` names every bad field. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  /** 0 for what a socket refused. */
  readonly status: number;
  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.message ?? body.code);
    [this.status, this.code, this.errors] = [status, body.code, body.errors ?? []];
    [this.retryAfter, this.requestId] = [body.retryAfter, body.requestId];
  }
  /** Nothing was done, and the same may succeed in a moment. */
  get passing(): boolean { return this.code === "unavailable" || this.code === "overloaded"; }
}

/** What happens, as the socket tells it. Durable frames come in rising `rev`, each change once. */
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
/** What this client adds. On `reset` read the newest page of history: too much was missed to be told. */
export type Own =
  | { type: "online" } | { type: "offline"; code: number; again: boolean }
  | { type: "reset"; roomId: string; rev: number } | { type: "refused"; roomId: string; code: ErrorCode };
export type Happening = Durable | Fleeting | Own;

/** What a `WebSocket` must have. The platform's has it, and that of the package `ws`. */
export interface SocketLike {
  readyState: number;
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "close", listener: (event: { code: number }) => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}
export interface Options {
  /** Tokens of before, to go on being signed in. */
  tokens?: Tokens;
  /** Told of every change of the tokens, to keep them; null when the session is over. */
  onTokens?: (tokens: Tokens | null) => void;
  fetch?: typeof fetch;
  WebSocket?: new (url: string, protocols: string[]) => SocketLike;
}

const sleep = (milliseconds: number) => new Promise<void>((wake) => setTimeout(wake, milliseconds));
/** How often something is tried that may succeed when repeated. */
const ATTEMPTS = 5;
/** A token that is good for less than this is renewed before it is used. */
const MARGIN = 10_000;

/** Somebody who uses the server: signs in, stays signed in, asks. */
export class Tertulia {
  tokens: Tokens | null;
  readonly url: string;
  readonly options: Options;
  private renewing: Promise<Tokens> | null = null;

  constructor(url: string, options: Options = {}) {
    this.url = url.replace(/\/+$/, "");
    this.options = options;
    this.tokens = options.tokens ?? null;
  }

  register(account: { email: string; password: string; username?: string; displayName?: string }): Promise<Tokens> {
    return this.signIn("/api/auth/register", account);
  }
  /** By e-mail address or username. */
  login(email: string, password: string): Promise<Tokens> { return this.signIn("/api/auth/login", { email, password }); }
  async logout(): Promise<void> {
    await this.ask("POST", "/api/auth/logout", {});
    this.keep(null);
  }

  me(): Promise<User> { return this.ask("GET", "/api/users/me"); }
  async myRooms(): Promise<Room[]> { return (await this.ask<{ rooms: Room[] }>("GET", "/api/rooms/mine")).rooms; }
  createRoom(room: { name: string; description?: string; isPrivate?: boolean; history?: Room["history"] }): Promise<Room> {
    return this.ask("POST", "/api/rooms", room);
  }
  /** With whom else: one other person makes a direct room. */
  openChat(participantIds: string[], name?: string): Promise<Room> {
    return this.ask("POST", "/api/chat", { participantIds, name });
  }
  room(id: string): Promise<Room> { return this.ask("GET", `/api/rooms/${id}`); }
  join(id: string, inviteCode?: string): Promise<Room> {
    return this.ask("POST", `/api/rooms/${id}/join`, { inviteCode });
  }
  leave(id: string): Promise<void> { return this.ask("DELETE", `/api/rooms/${id}/leave`); }
  /** Newest first, unless `after` a seq. */
  history(room: string, at: { cursor?: string; after?: number; around?: number; limit?: number } = {}): Promise<MessagePage> {
    return this.ask("GET", `/api/rooms/${room}/messages${query(at)}`);
  }
  changes(room: string, since: number, epoch?: string): Promise<Changes> {
    return this.ask("GET", `/api/rooms/${room}/events${query({ since, epoch })}`);
  }
  /** Posts once, however often it has to be tried: the draft gets a `clientId` if it has none. */
  post(room: string, draft: Draft): Promise<Message> {
    return this.ask("POST", `/api/rooms/${room}/messages`, { clientId: crypto.randomUUID(), ...draft }, true);
  }
  edit(message: string, content: string): Promise<Message> { return this.ask("PATCH", `/api/messages/${message}`, { content }); }
  remove(message: string): Promise<Message> { return this.ask("DELETE", `/api/messages/${message}`); }
  react(message: string, emoji: string, on = true): Promise<Message> {
    return this.ask(on ? "PUT" : "DELETE", `/api/messages/${message}/reactions/${encodeURIComponent(emoji)}`);
  }
  read(roomId: string, seq: number): Promise<Cursors> { return this.ask("POST", "/api/messages/read", { roomId, seq }, true); }
  search(q: string, at: { roomId?: string; cursor?: string } = {}): Promise<{ hits: Hit[]; nextCursor: string | null }> {
    return this.ask("GET", `/api/search/messages${query({ q, ...at })}`);
  }
  /** Hears what happens. `cursors` has the last rev of each room, `epoch` what they belong to. */
  live(from: Partial<Standing> = {}): Live { return new Live(this, { epoch: from.epoch, cursors: { ...from.cursors } }); }

  /**
   * Any request. The token is renewed before it ends. What is `safe` to repeat (GET, PUT and DELETE always)
   * is repeated while the network or the server fails for a moment.
   */
  async ask<T>(method: string, path: string, body?: unknown, safe = !["POST", "PATCH"].includes(method)): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once<T>(method, path, body, await this.token());
      } catch (error) {
        if (attempt >= ATTEMPTS) throw error;
        if (!(error instanceof Problem)) {
          if (!safe) throw error;
          await sleep(100 * 2 ** attempt);
        } else if (error.code === "token_expired" && this.tokens) {
          await this.renew();
        } else if (error.passing && safe) {
          await sleep(1000 * (error.retryAfter ?? 1));
        } else {
          if (error.code === "session_revoked") this.keep(null);
          throw error;
        }
      }
    }
  }

  /** An access token that is good for a while, or none for who is not signed in. */
  async token(): Promise<string | undefined> {
    const tokens = this.tokens;
    const fresh = !tokens?.refreshToken || Date.parse(tokens.tokenExpiresAt) - Date.now() > MARGIN;
    return (fresh ? tokens : await this.renew())?.accessToken;
  }

  /** Renews the tokens, once for all who ask meanwhile. A refused renewal is the end of the session. */
  renew(): Promise<Tokens> {
    this.renewing ??= this.refresh().finally(() => { this.renewing = null; });
    return this.renewing;
  }

  private async refresh(): Promise<Tokens> {
    const body = { refreshToken: this.tokens?.refreshToken };
    for (let attempt = 1; ; attempt++) {
      try {
        // A repeat within a minute gets the same answer, so a lost one does no harm.
        return this.keep(await this.once<Tokens>("POST", "/api/auth/refresh", body));
      } catch (error) {
        if (error instanceof Problem && error.status === 401) this.keep(null);
        const passing = !(error instanceof Problem) || error.passing;
        if (!passing || attempt >= ATTEMPTS) throw error;
        await sleep(100 * 2 ** attempt);
      }
    }
  }

  private async signIn(path: string, body: unknown): Promise<Tokens> {
    return this.keep(await this.once<Tokens>("POST", path, body));
  }

  private keep<K extends Tokens | null>(tokens: K): K {
    this.tokens = tokens;
    this.options.onTokens?.(tokens);
    return tokens;
  }

  private async once<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    if (body !== undefined) headers["content-type"] = "application/json";
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await (this.options.fetch ?? fetch)(this.url + path, { method, headers, body: text });
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
    const problem = await answer.json().catch(() => ({ code: "internal", detail: `status ${answer.status}` }));
    throw new Problem(answer.status, problem as ProblemBody);
  }
}

function query(fields: Record<string, string | number | undefined>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

/** Where one stands: the last rev of each room, null before the first, and the store that they are of. */
export interface Standing { epoch: string | undefined; cursors: Record<string, number | null> }

type Ask = Record<string, unknown> & { type: string };
type Ack = { message?: Message; rooms?: Record<string, { rev: number; reset: boolean } | { code: ErrorCode }> };
/** Frames that this client answers itself. */
type Told =
  | Durable | Fleeting | ({ type: "ack"; id: number } & Ack) | ({ type: "error"; id?: number } & ProblemBody) | { type: "pong" }
  | { type: "ready"; epoch: string } | { type: "resumed"; roomId: string; rev: number; reset: boolean }
  | { type: "token_expiring"; in: number } | { type: "shutdown"; reconnectIn: number };
interface Pending { done(ack: Ack): void; failed(error: Error): void }
interface Unsent extends Pending { frame: Ask }

/** The connection ended before there was an answer. */
export class Disconnected extends Error {}

const SIGNED_OUT = 4502;
/** Coming back would end in the same way: signed out, a fault of the program, too many connections, a frame too long. */
const FINAL = [SIGNED_OUT, 4503, 4504, 4513];
const NO_GOOD_TOKEN = [4500, 4501];
/** After so many milliseconds without a word the server is asked for one, and after so many it is given up. */
const [QUIET, DEAD] = [25_000, 50_000];
const FRAME_MAX = 128 * 1024;
const OUTBOX_MAX = 256;

/** The socket: goes on where it stood, whatever broke it, until it is closed or the session ends. */
export class Live {
  /** Keep it, and hand it to `Tertulia.live` to go on from here. A change is in it once handlers have seen it. */
  readonly standing: Standing;
  private readonly handlers = new Map<string, Set<(happening: never) => void>>();
  private readonly asked = new Map<number, Pending>();
  /** What has no ack yet, by `clientId`, in order. */
  private readonly outbox = new Map<string, Unsent>();
  /** Rooms that a subscription was asked for. */
  private readonly mending = new Set<string>();
  private socket: SocketLike | null = null;
  private ready = false;
  private closed = false;
  private lastId = 0;
  private heard = 0;
  private failures = 0;
  private pause: number | undefined;
  private wake = () => {};

  constructor(private readonly client: Tertulia, standing: Standing) {
    this.standing = standing;
    void this.run();
  }

  on<K extends Happening["type"]>(type: K, handler: (happening: Extract<Happening, { type: K }>) => void): this {
    const handlers = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, handlers.add(handler));
    return this;
  }

  /** Hears of a room: everything after this rev, or what happens from now on. */
  subscribe(roomId: string, since: number | null = null): void {
    this.standing.cursors[roomId] = since;
    if (this.ready) this.resume([roomId]);
  }
  unsubscribe(roomId: string): void {
    delete this.standing.cursors[roomId];
    this.tell({ type: "unsubscribe", rooms: [roomId] });
  }
  /** Posts once. What was not acknowledged is sent again after a break, under the same `clientId`. */
  send(roomId: string, draft: Draft): Promise<Message> {
    const clientId = draft.clientId ?? crypto.randomUUID();
    const frame = { type: "send", roomId, ...draft, clientId };
    return new Promise((resolve, reject) => {
      // Counted as if every character took the most bytes that it may.
      if (JSON.stringify(frame).length * 3 > FRAME_MAX) return reject(new Problem(0, { code: "too_large" }));
      if (this.closed || this.outbox.size >= OUTBOX_MAX) return reject(new Problem(0, { code: "too_many" }));
      const settle = (end: () => void) => { this.outbox.delete(clientId); end(); };
      this.outbox.set(clientId, {
        frame,
        done: ({ message }) => settle(() => message ? resolve(message) : reject(new Problem(0, { code: "internal" }))),
        failed: (error) => settle(() => reject(error)),
      });
      if (this.ready) this.dispatch(clientId);
    });
  }
  typing(roomId: string, on: boolean): void { this.tell({ type: "typing", roomId, on }); }
  /** Moves the cursor of what was read; loses nothing if it is lost, since the next one says more. */
  read(roomId: string, seq: number): void { this.tell({ type: "read", roomId, seq }); }
  delivered(roomId: string, seq: number): void { this.tell({ type: "delivered", roomId, seq }); }
  /** Any frame of docs/realtime.md; its ack, or a `Problem`, or `Disconnected`. */
  ask<T = unknown>(frame: Ask): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.ready) return reject(new Disconnected());
      this.put(frame, { done: (ack) => resolve(ack as T), failed: reject });
    });
  }
  close(): void {
    this.closed = true;
    this.socket?.close(1000);
    this.wake();
  }

  private async run(): Promise<void> {
    for (let refused = 0; ; ) {
      const code = await this.connection();
      const wasReady = this.ready;
      [this.ready, this.socket] = [false, null];
      this.mending.clear();
      for (const pending of [...this.asked.values()]) pending.failed(new Disconnected());
      this.asked.clear();
      refused = wasReady || !NO_GOOD_TOKEN.includes(code) ? 0 : refused + 1;
      if (NO_GOOD_TOKEN.includes(code)) await this.client.renew().catch(() => {});
      const again = !this.closed && !FINAL.includes(code) && refused < 2 && this.client.tokens !== null;
      this.emit({ type: "offline", code, again });
      if (!again) break;
      this.failures = wasReady ? 0 : this.failures + 1;
      // Everybody comes back, but not at once.
      const pause = this.pause ?? Math.random() * Math.min(30_000, 500 * 2 ** this.failures);
      this.pause = undefined;
      await Promise.race([sleep(pause), new Promise<void>((wake) => { this.wake = wake; })]);
    }
    this.closed = true;
    for (const unsent of [...this.outbox.values()]) unsent.failed(new Disconnected());
  }

  /** One connection, to its end, and the code of that. */
  private async connection(): Promise<number> {
    const token = await this.client.token().catch(() => undefined);
    if (this.closed) return 1000;
    if (!token) return this.client.tokens ? 1006 : SIGNED_OUT;
    const Socket = this.client.options.WebSocket ?? (globalThis.WebSocket as NonNullable<Options["WebSocket"]>);
    const socket = new Socket(this.client.url.replace(/^http/, "ws") + "/api/ws", ["tertulia.v1"]);
    [this.socket, this.heard] = [socket, Date.now()];
    return new Promise((ended) => {
      const watch = setInterval(() => {
        const quiet = Date.now() - this.heard;
        if (quiet > QUIET) this.tell({ type: "ping" });
        // A dead connection may not even close.
        if (quiet > DEAD) end(1006);
      }, QUIET / 5);
      const end = (code: number) => {
        clearInterval(watch);
        if (this.socket === socket) this.socket = null;
        socket.close();
        ended(code);
      };
      // Not in the handshake, where a browser would not say why it was refused.
      socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "auth", token })));
      socket.addEventListener("error", () => {});
      socket.addEventListener("close", ({ code }) => end(code));
      socket.addEventListener("message", ({ data }) => { if (this.socket === socket) this.take(JSON.parse(String(data))); });
    });
  }

  /** Within the event: a frame may follow in the same packet, before any promise is looked at. */
  private take(frame: Told): void {
    this.heard = Date.now();
    switch (frame.type) {
      case "ready": return this.greet(frame.epoch);
      case "ack": return this.asked.get(frame.id)?.done(frame);
      case "error": return this.asked.get(frame.id ?? 0)?.failed(new Problem(0, frame));
      case "message": case "member": case "room": case "skip": return this.upsert(frame);
      case "resumed": return this.stands(frame.roomId, frame);
      case "token_expiring": return this.goOn(frame.in);
      case "shutdown": this.pause = frame.reconnectIn; return;
      case "room_removed": delete this.standing.cursors[frame.roomId]; return this.emit(frame);
      case "pong": return;
      default: return this.emit(frame);
    }
  }

  /** Shows a fresh token on the live socket. If there is none the server ends it, and it begins anew. */
  private goOn(seconds: number): void {
    const socket = this.socket;
    const show = ({ accessToken }: Tokens) => { if (this.socket === socket) this.tell({ type: "auth", token: accessToken }); };
    // Not at once: where tokens are short, the next is announced to end as soon as it is shown.
    setTimeout(() => { if (this.socket === socket) this.client.renew().then(show, () => {}); }, seconds * 500);
  }

  private greet(epoch: string): void {
    this.ready = true;
    this.emit({ type: "online" });
    // With the epoch of the cursors: the server says where they mean nothing any more.
    this.resume(Object.keys(this.standing.cursors), epoch);
    for (const clientId of this.outbox.keys()) this.dispatch(clientId);
  }

  private resume(rooms: string[], epoch?: string): void {
    for (const roomId of rooms) this.mending.add(roomId);
    const since = Object.fromEntries(rooms.map((roomId) => [roomId, this.standing.cursors[roomId] ?? null]));
    this.put({ type: "subscribe", rooms: since, epoch: this.standing.epoch ?? epoch }, {
      done: (ack) => {
        if (epoch) this.standing.epoch = epoch;
        for (const [roomId, told] of Object.entries(ack.rooms ?? {})) {
          this.mending.delete(roomId);
          if (!("code" in told)) { this.stands(roomId, told); continue; }
          delete this.standing.cursors[roomId];
          this.emit({ type: "refused", roomId, code: told.code });
        }
      },
      failed: (error) => {
        const socket = this.socket;
        const retry = () => {
          const wanted = rooms.filter((room) => room in this.standing.cursors);
          if (this.ready && this.socket === socket) this.resume(wanted, epoch);
        };
        if (error instanceof Problem) setTimeout(retry, 1000 * (error.retryAfter ?? 5));
      },
    });
  }

  private stands(roomId: string, { rev, reset }: { rev: number; reset: boolean }): void {
    if (!(roomId in this.standing.cursors)) return;
    this.standing.cursors[roomId] = rev;
    if (reset) this.emit({ type: "reset", roomId, rev });
  }

  private upsert(frame: Durable): void {
    const stood = this.standing.cursors[frame.roomId];
    if (stood === undefined || frame.rev <= (stood ?? 0)) return;
    if (frame.prev > (stood ?? frame.prev)) {
      // Something between was lost.
      if (!this.mending.has(frame.roomId)) this.resume([frame.roomId]);
      return;
    }
    try { this.emit(frame); } finally { this.standing.cursors[frame.roomId] = frame.rev; }
  }

  private dispatch(clientId: string): void {
    const unsent = this.outbox.get(clientId);
    if (!unsent || !this.ready) return;
    this.put(unsent.frame, {
      done: (ack) => unsent.done(ack),
      failed: (error) => {
        const again = () => this.dispatch(clientId);
        if (error instanceof Problem && error.passing) setTimeout(again, 1000 * (error.retryAfter ?? 1));
        else if (!(error instanceof Disconnected)) unsent.failed(error);
      },
    });
  }

  private put(frame: Ask, pending: Pending): void {
    const id = ++this.lastId;
    this.asked.set(id, { done: (ack) => { this.asked.delete(id); pending.done(ack); },
      failed: (error) => { this.asked.delete(id); pending.failed(error); } });
    this.tell({ ...frame, id });
  }
  private tell(frame: Ask): void { if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame)); }
  private emit(happening: Happening): void {
    for (const handler of this.handlers.get(happening.type) ?? []) (handler as (it: Happening) => void)(happening);
  }
}
