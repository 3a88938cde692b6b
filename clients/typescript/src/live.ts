import type { SummaryAsk } from "./client.ts";
import { Problem } from "./problem.ts";
import { type Account, type Options, sleep, type SocketLike } from "./session.ts";
import type {
  Draft, Durable, ErrorCode, Fleeting, Happening, Message, ProblemBody, Standing, Summary, Tokens,
} from "./wire.ts";

type Ask = Record<string, unknown> & { type: string };
type Ack = { message?: Message; summary?: Summary; rooms?: Record<string, { rev: number; reset: boolean } | { code: ErrorCode }> };
/** Frames that this client handles itself. */
type Told =
  | Durable | Fleeting | ({ type: "ack"; id: number } & Ack) | ({ type: "error"; id?: number } & ProblemBody) | { type: "pong" }
  | { type: "ready"; epoch: string } | { type: "resumed"; roomId: string; rev: number; reset: boolean }
  | { type: "token_expiring"; in: number } | { type: "shutdown"; reconnectIn: number };
interface Pending { done(ack: Ack): void; failed(error: Error): void; part?(text: string): void }
interface Unsent extends Pending { frame: Ask }

/** The connection ended before there was a response. */
export class Disconnected extends Error {}

const SIGNED_OUT = 4502;
/** Close codes after which reconnecting is futile: signed out, a client bug, too many connections, a frame too long. */
const FINAL = [SIGNED_OUT, 4503, 4504, 4513];
const NO_GOOD_TOKEN = [4500, 4501];
/** After how many silent milliseconds the client pings the server, and after how many it drops the connection. */
const [QUIET, DEAD] = [25_000, 50_000];
const FRAME_MAX = 128 * 1024;
const OUTBOX_MAX = 256;

/** The socket. Whatever breaks it, it reconnects and resumes, until it is closed or the session ends. */
export class Live {
  /** Store this, and pass it to `Tertulia.live` to resume from here. It includes an event once its handlers have run. */
  readonly standing: Standing;
  private readonly handlers = new Map<string, Set<(happening: never) => void>>();
  private readonly asked = new Map<number, Pending>();
  /** Messages without an ack, by `clientId`, in order. */
  private readonly outbox = new Map<string, Unsent>();
  /** Rooms with a pending subscription. */
  private readonly mending = new Set<string>();
  private socket: SocketLike | null = null;
  private ready = false;
  private closed = false;
  private lastId = 0;
  private heard = 0;
  private failures = 0;
  private pause: number | undefined;
  private wake = () => {};

  constructor(private readonly client: Account, standing: Standing) {
    this.standing = standing;
    void this.run();
  }

  on<K extends Happening["type"]>(type: K, handler: (happening: Extract<Happening, { type: K }>) => void): this {
    const handlers = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, handlers.add(handler));
    return this;
  }

  /** Subscribes to a room: to everything after this rev, or to what happens from now on. */
  subscribe(roomId: string, since: number | null = null): void {
    this.standing.cursors[roomId] = since;
    if (this.ready) this.resume([roomId]);
  }
  unsubscribe(roomId: string): void {
    delete this.standing.cursors[roomId];
    this.tell({ type: "unsubscribe", rooms: [roomId] });
  }
  /** Posts exactly once. Unacknowledged messages are resent after a reconnect, under the same `clientId`. */
  send(roomId: string, draft: Draft): Promise<Message> {
    const clientId = draft.clientId ?? crypto.randomUUID();
    const frame = { type: "send", roomId, ...draft, clientId };
    return new Promise((resolve, reject) => {
      // Assumes the maximum number of bytes for every character.
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
  /** Moves the read cursor. It does no harm if this is lost, since the next one supersedes it. */
  read(roomId: string, seq: number): void { this.tell({ type: "read", roomId, seq }); }
  delivered(roomId: string, seq: number): void { this.tell({ type: "delivered", roomId, seq }); }
  /** A summary of what was missed, streamed in pieces while it is generated. The result replaces the pieces. */
  summary(roomId: string, ask: SummaryAsk = {}, part: (text: string) => void = () => {}): Promise<Summary> {
    return new Promise((resolve, reject) => {
      if (!this.ready) return reject(new Disconnected());
      const done = ({ summary }: Ack) => summary ? resolve(summary) : reject(new Problem(0, { code: "internal" }));
      this.put({ type: "summary", roomId, ...ask }, { done, failed: reject, part });
    });
  }
  /** Sends any frame of docs/realtime.md. Returns its ack, or throws a `Problem` or `Disconnected`. */
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
      // Jitter, so that not all clients reconnect at once.
      const pause = this.pause ?? Math.random() * Math.min(30_000, 500 * 2 ** this.failures);
      this.pause = undefined;
      await Promise.race([sleep(pause), new Promise<void>((wake) => { this.wake = wake; })]);
    }
    this.closed = true;
    for (const unsent of [...this.outbox.values()]) unsent.failed(new Disconnected());
  }

  /** Runs one connection until it ends, and returns the close code. */
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
        // A dead connection may never emit `close`.
        if (quiet > DEAD) end(1006);
      }, QUIET / 5);
      const end = (code: number) => {
        clearInterval(watch);
        if (this.socket === socket) this.socket = null;
        socket.close();
        ended(code);
      };
      // Authenticates in a frame: a browser would not reveal why a handshake was refused.
      socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "auth", token })));
      socket.addEventListener("error", () => {});
      socket.addEventListener("close", ({ code }) => end(code));
      socket.addEventListener("message", ({ data }) => { if (this.socket === socket) this.take(JSON.parse(String(data))); });
    });
  }

  /** Runs synchronously: another frame may follow in the same packet, before any promise is resolved. */
  private take(frame: Told): void {
    this.heard = Date.now();
    switch (frame.type) {
      case "ready": return this.greet(frame.epoch);
      case "ack": return this.asked.get(frame.id)?.done(frame);
      case "error": return this.asked.get(frame.id ?? 0)?.failed(new Problem(0, frame));
      case "summary_part": this.asked.get(frame.id)?.part?.(frame.text); return this.emit(frame);
      case "message": case "member": case "room": case "skip": return this.upsert(frame);
      case "resumed": return this.stands(frame.roomId, frame);
      case "token_expiring": return this.goOn(frame.in);
      case "shutdown": this.pause = frame.reconnectIn; return;
      case "room_removed": delete this.standing.cursors[frame.roomId]; return this.emit(frame);
      case "pong": return;
      default: return this.emit(frame);
    }
  }

  /** Sends a fresh token on the open socket. Without one, the server closes it, and the client reconnects. */
  private goOn(seconds: number): void {
    const socket = this.socket;
    const show = ({ accessToken }: Tokens) => { if (this.socket === socket) this.tell({ type: "auth", token: accessToken }); };
    // Not at once: if tokens are short-lived, the next expiry is announced as soon as this one is sent.
    setTimeout(() => { if (this.socket === socket) this.client.renew().then(show, () => {}); }, seconds * 500);
  }

  private greet(epoch: string): void {
    this.ready = true;
    this.emit({ type: "online" });
    // With the epoch of the cursors, so that the server can report those that have become invalid.
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
      // Something in between was lost.
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
    this.asked.set(id, {
      ...pending,
      done: (ack) => { this.asked.delete(id); pending.done(ack); },
      failed: (error) => { this.asked.delete(id); pending.failed(error); },
    });
    this.tell({ ...frame, id });
  }
  private tell(frame: Ask): void { if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame)); }
  private emit(happening: Happening): void {
    for (const handler of this.handlers.get(happening.type) ?? []) (handler as (it: Happening) => void)(happening);
  }
}
