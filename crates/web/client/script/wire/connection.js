/**
 * The socket at `/api/ws`: opens it, keeps it open, and resumes after an interruption. It emits frames in
 * order, and each change once. It implements docs/realtime.md.
 */

import { Emitter } from "./emitter.js";
import { pauseAfter } from "./patience.js";
import { Disconnected, Problem } from "./problem.js";
import { Questions } from "./questions.js";
import { Standing } from "./standing.js";

/** @import { Ack, Durable, Fleeting, ProblemBody } from "./types.js" */

/** Reconnecting would end in the same way, until somebody does something about it. */
const FINAL = new Map([
  [4503, "This page and the server do not understand each other. Reloading may help."],
  [4504, "Tertulia is open in too many places. Close one and try again."],
  [4513, "Something that was sent is too long."],
]);
const SESSION_REVOKED = 4502;
const NO_GOOD_TOKEN = [4500, 4501];

/** After how many milliseconds of silence the server is pinged, and after how many the connection is given up. */
const QUIET = 25_000;
const DEAD = 40_000;
/** How long connecting may take. */
const HANDSHAKE = 15_000;
const FRAME_MAX = 128 * 1024;

/**
 * What people are shown: `wait` is when the next attempt comes, `reason` why there is none.
 *
 * @typedef {{ phase: "connecting" | "catching-up" | "live" }
 *   | { phase: "offline", wait: number } | { phase: "stopped", reason: string }} Status
 *
 * @typedef {{ type: "ready", epoch: string } | Ack | ({ type: "error", id?: number } & ProblemBody) | Durable | Fleeting
 *   | { type: "pong", id: number } | { type: "summary_part", id: number, roomId: string, text: string } | { type: "lagging", rooms: string[] }
 *   | { type: "resumed", roomId: string, rev: number, reset: boolean }
 *   | { type: "token_expiring", in: number } | { type: "session_revoked" } | { type: "shutdown", reconnectIn: number }} Frame
 *
 * @typedef {{ type: string } & Record<string, unknown>} Command
 */

/**
 * @extends {Emitter<{
 *   status: Status, ready: void, change: Durable, told: Fleeting, revoked: void,
 *   reset: string, refused: { roomId: string, code: string },
 * }>}
 */
export class Connection extends Emitter {
  /** @type {Status} */
  status = { phase: "connecting" };
  standing = new Standing();
  #token;
  #renew;
  #open;
  #questions = new Questions();
  /** @type {WebSocket | null} */
  #socket = null;
  #ready = false;
  /** Rooms whose replay is in progress. */
  #catchingUp = new Set();
  #failures = 0;
  #refusals = 0;
  #heard = 0;
  /** @type {number | undefined} */
  #announcedPause;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #closed = true;

  /**
   * @param {object} means
   * @param {() => Promise<string>} means.token an access token that is good for a while
   * @param {() => Promise<string>} means.renew another one than before
   * @param {() => WebSocket} means.open
   */
  constructor({ token, renew, open }) {
    super();
    this.#token = token;
    this.#renew = renew;
    this.#open = open;
  }

  get isReady() {
    return this.#ready;
  }

  start() {
    this.#closed = false;
    void this.#connect();
  }

  stop() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
    this.#lost();
  }

  /** Reconnects without waiting any longer: the network is back, or the user asked for it. */
  retry() {
    if (this.#closed || !["offline", "stopped"].includes(this.status.phase)) return;
    this.#failures = 0;
    void this.#connect();
  }

  /** Gives up a connection that the system reports as gone, which a socket may notice minutes later. */
  interrupt() {
    this.#socket?.close(4000);
    if (this.#socket) this.#ended(1006);
  }

  /**
   * Subscribes to rooms: to everything after these revs, or from now on.
   *
   * @param {Iterable<[string, number | null]>} revs
   */
  follow(revs) {
    const rooms = [];
    for (const [roomId, rev] of revs) {
      this.standing.follow(roomId, rev);
      rooms.push(roomId);
    }
    if (this.#ready && rooms.length) this.#resume(rooms);
  }

  /** @param {string} roomId */
  unfollow(roomId) {
    this.standing.forget(roomId);
    this.tell({ type: "unsubscribe", rooms: [roomId] });
  }

  /**
   * Sends a command, and waits for its response.
   *
   * @param {Command} command
   * @param {(piece: string) => void} [hear] what comes before the answer, where it comes in pieces
   * @returns {Promise<Ack>} fails with a `Problem` or with `Disconnected`
   */
  ask(command, hear) {
    const socket = this.#socket;
    if (!this.#ready || !socket) return Promise.reject(new Disconnected());
    const { id, answer } = this.#questions.ask(hear);
    const text = JSON.stringify({ ...command, id });
    // The server would close the connection for it, and a retry the next one.
    if (new Blob([text]).size > FRAME_MAX) this.#questions.fail(id, new Problem(0, { code: "too_large", detail: "This is too long to be sent." }));
    else socket.send(text);
    return answer;
  }

  /**
   * Sends a command that needs no response, if there is a connection.
   *
   * @param {Command} command
   */
  tell(command) {
    if (this.#ready) this.#socket?.send(JSON.stringify(command));
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#become({ phase: "connecting" });
    let token;
    try {
      token = await (this.#refusals ? this.#renew() : this.#token());
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return this.emit("revoked", undefined);
      return this.#retryLater();
    }
    if (this.#closed || this.#socket) return;
    this.#listen(this.#open(), token);
  }

  /**
   * @param {WebSocket} socket
   * @param {string} token
   */
  #listen(socket, token) {
    this.#socket = socket;
    this.#heard = Date.now();
    const opened = Date.now();
    const watch = setInterval(() => {
      const quiet = Date.now() - this.#heard;
      const stuck = !this.#ready && Date.now() - opened > HANDSHAKE;
      if (this.#socket !== socket) clearInterval(watch);
      else if (stuck || quiet > DEAD) this.interrupt();
      else if (quiet > QUIET) this.tell({ type: "ping", id: 0 });
    }, QUIET / 5);
    // Not in the handshake, because browsers do not reveal why one was refused.
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "auth", token })));
    socket.addEventListener("close", ({ code }) => {
      clearInterval(watch);
      if (this.#socket === socket) this.#ended(code);
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket === socket) this.#take(JSON.parse(data));
    });
  }

  /** @param {Frame} frame */
  #take(frame) {
    this.#heard = Date.now();
    switch (frame.type) {
      case "ready":
        return this.#greeted(frame.epoch);
      case "ack":
        return this.#questions.answer(frame.id, frame);
      case "error":
        return this.#questions.fail(frame.id ?? -1, new Problem(0, frame));
      case "message":
      case "member":
      case "room":
      case "skip":
        return this.#weigh(frame);
      case "lagging":
        return this.#wait(frame.rooms);
      case "resumed":
        return this.#settle(frame.roomId, frame);
      case "summary_part":
        return this.#questions.hear(frame.id, frame.text);
      case "token_expiring":
        return this.#showFreshToken(frame.in);
      case "shutdown":
        this.#announcedPause = frame.reconnectIn;
        return;
      case "session_revoked":
      case "pong":
        return;
      case "room_removed":
        this.standing.forget(frame.roomId);
        this.#arrived(frame.roomId);
        return this.emit("told", frame);
      default:
        return this.emit("told", frame);
    }
  }

  /** @param {string} epoch */
  #greeted(epoch) {
    this.#ready = true;
    this.#failures = this.#refusals = 0;
    this.#become({ phase: "catching-up" });
    const { rooms } = this.standing;
    // With the epoch that the revs belong to: the server says if they are out of date.
    if (rooms.length) this.#resume(rooms, this.standing.epoch ?? epoch);
    this.standing.epoch = epoch;
    this.emit("ready", undefined);
    if (this.#catchingUp.size === 0) this.#become({ phase: "live" });
  }

  /** @param {Durable} frame */
  #weigh(frame) {
    const verdict = this.standing.weigh(frame);
    if (verdict === "next") this.emit("change", frame);
    // Only once: the replay that was requested fills every gap before its end.
    if (verdict === "hole" && !this.#catchingUp.has(frame.roomId)) this.#resume([frame.roomId]);
  }

  /**
   * @param {string[]} rooms
   * @param {string | undefined} [epoch]
   */
  async #resume(rooms, epoch = this.standing.epoch) {
    const socket = this.#socket;
    this.#wait(rooms);
    try {
      const { rooms: told = {} } = await this.ask({ type: "subscribe", rooms: this.standing.since(rooms), epoch });
      for (const [roomId, answer] of Object.entries(told)) {
        if ("code" in answer) this.#refuse(roomId, answer.code);
        else this.#settle(roomId, answer);
      }
    } catch (error) {
      if (!(error instanceof Problem)) return;
      const again = () => {
        const wanted = rooms.filter((roomId) => this.standing.has(roomId));
        if (this.#socket === socket && wanted.length) this.#resume(wanted, epoch);
      };
      setTimeout(again, error.pause);
    }
  }

  /** @param {string[]} rooms */
  #wait(rooms) {
    for (const roomId of rooms) this.#catchingUp.add(roomId);
    if (this.#catchingUp.size) this.#become({ phase: "catching-up" });
  }

  /** @param {string} roomId */
  #arrived(roomId) {
    this.#catchingUp.delete(roomId);
    if (this.#ready && this.#catchingUp.size === 0) this.#become({ phase: "live" });
  }

  /**
   * @param {string} roomId
   * @param {{ rev: number, reset: boolean }} told
   */
  #settle(roomId, told) {
    if (this.standing.settle(roomId, told)) this.emit("reset", roomId);
    this.#arrived(roomId);
  }

  /**
   * @param {string} roomId
   * @param {string} code
   */
  #refuse(roomId, code) {
    this.standing.forget(roomId);
    this.emit("refused", { roomId, code });
    this.#arrived(roomId);
  }

  /**
   * Shows a fresh token on the live socket. Without one the server closes it, and the next one starts afresh.
   *
   * @param {number} seconds
   */
  #showFreshToken(seconds) {
    const socket = this.#socket;
    const show = async () => {
      if (this.#socket !== socket) return;
      const token = await this.#renew();
      if (this.#socket === socket) this.tell({ type: "auth", token });
    };
    // Not at once: with short-lived tokens, the next one is announced as expiring as soon as it is shown.
    setTimeout(() => show().catch(() => {}), seconds * 500);
  }

  /** @param {number} code */
  #ended(code) {
    this.#lost();
    if (this.#closed) return;
    if (code === SESSION_REVOKED) return this.emit("revoked", undefined);
    const final = FINAL.get(code);
    if (final) return this.#become({ phase: "stopped", reason: final });
    if (NO_GOOD_TOKEN.includes(code)) this.#refusals += 1;
    this.#retryLater();
  }

  #retryLater() {
    if (this.#closed) return;
    const pause = this.#announcedPause ?? pauseAfter(this.#failures);
    this.#announcedPause = undefined;
    this.#failures += 1;
    this.#become({ phase: "offline", wait: Date.now() + pause });
    this.#timer = setTimeout(() => this.#connect(), pause);
  }

  #lost() {
    this.#socket = null;
    this.#ready = false;
    this.#catchingUp.clear();
    this.#questions.failAll(new Disconnected());
  }

  /** @param {Status} status */
  #become(status) {
    if (status.phase === this.status.phase && status.phase !== "offline") return;
    this.status = status;
    this.emit("status", status);
  }
}
