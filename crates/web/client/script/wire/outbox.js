/**
 * Messages that the server has not acknowledged yet. Each is sent until there is a response, under the same
 * `clientId`, so that it is stored once. In a room only one is in flight at a time, so that they are stored
 * in the order in which they were written, even if one has to be retried.
 */

import { Emitter } from "./emitter.js";
import { Disconnected, Problem } from "./problem.js";
import { uuid } from "./uuid.js";

/** @import { Media, Message } from "./types.js" */

/**
 * `stored` was acknowledged, and its frame is on the way. `failed` was refused, and waits for a person.
 *
 * @typedef {object} Unsent
 * @property {string} clientId
 * @property {string} roomId
 * @property {string} content
 * @property {string} [replyTo]
 * @property {Media[]} attachments
 * @property {string} createdAt
 * @property {"waiting" | "sending" | "stored" | "failed"} state
 * @property {string} [reason]
 */

/**
 * @typedef {object} Means
 * @property {(unsent: Unsent) => Promise<Message>} send
 * @property {() => boolean} isReady
 * @property {(message: Message) => boolean} isShown whether what was stored is among the messages already
 * @property {Pick<Storage, "getItem" | "setItem">} storage what outlives a reload
 */

const KEPT = "tertulia.outbox";

/** @extends {Emitter<{ changed: string }>} */
export class Outbox extends Emitter {
  #means;
  /** @type {Map<string, Unsent>} in the order in which they were said */
  #unsent = new Map();

  /** @param {Means} means */
  constructor(means) {
    super();
    this.#means = means;
    for (const unsent of restored(means.storage)) {
      const state = unsent.state === "failed" ? "failed" : "waiting";
      this.#unsent.set(unsent.clientId, { ...unsent, state });
    }
  }

  /** @param {string} roomId */
  of(roomId) {
    return [...this.#unsent.values()].filter((unsent) => unsent.roomId === roomId);
  }

  /** @param {{ roomId: string, content: string, replyTo?: string | undefined, attachments?: Media[] }} said */
  add({ roomId, content, replyTo, attachments = [] }) {
    /** @type {Unsent} */
    const unsent = { clientId: uuid(), roomId, content, attachments, createdAt: new Date().toISOString(), state: "waiting" };
    if (replyTo) unsent.replyTo = replyTo;
    this.#unsent.set(unsent.clientId, unsent);
    this.#changed(roomId);
    this.#next(roomId);
    return unsent;
  }

  /** Connected: sends everything that waits. */
  flush() {
    for (const roomId of new Set([...this.#unsent.values()].map((unsent) => unsent.roomId))) this.#next(roomId);
  }

  /** @param {string} clientId */
  retry(clientId) {
    const unsent = this.#unsent.get(clientId);
    if (unsent?.state !== "failed") return;
    this.#become(unsent, "waiting");
    this.#next(unsent.roomId);
  }

  /** @param {string} clientId */
  discard(clientId) {
    const unsent = this.#unsent.get(clientId);
    if (!unsent) return;
    this.#unsent.delete(clientId);
    this.#changed(unsent.roomId);
  }

  /** A message that has arrived, in whichever way, is no longer unsent. @param {Pick<Message, "clientId">} message */
  arrived({ clientId }) {
    if (clientId && this.#unsent.has(clientId)) this.discard(clientId);
  }

  /** @param {string} roomId */
  forgetRoom(roomId) {
    for (const { clientId } of this.of(roomId)) this.discard(clientId);
  }

  /** @param {string} roomId */
  async #next(roomId) {
    const inRoom = this.of(roomId);
    const unsent = inRoom.find(({ state }) => state === "waiting");
    if (!unsent || !this.#means.isReady() || inRoom.some(({ state }) => state === "sending")) return;
    this.#become(unsent, "sending");
    try {
      const message = await this.#means.send(unsent);
      if (this.#means.isShown(message)) this.arrived({ clientId: unsent.clientId });
      else this.#become(unsent, "stored");
    } catch (error) {
      if (await this.#mayTryAgain(unsent, error)) return;
    }
    this.#next(roomId);
  }

  /**
   * @param {Unsent} unsent
   * @param {unknown} error
   * @returns {Promise<boolean>} whether the room has to wait for the connection
   */
  async #mayTryAgain(unsent, error) {
    // Another frame of it may have arrived meanwhile, so that it is no longer here.
    if (!this.#unsent.has(unsent.clientId)) return false;
    if (error instanceof Disconnected) {
      this.#become(unsent, "waiting");
      return true;
    }
    if (error instanceof Problem && error.isPassing) {
      await new Promise((wake) => setTimeout(wake, error.pause));
      this.#become(unsent, "waiting");
      return false;
    }
    unsent.reason = error instanceof Error ? error.message : String(error);
    this.#become(unsent, "failed");
    return false;
  }

  /**
   * @param {Unsent} unsent
   * @param {Unsent["state"]} state
   */
  #become(unsent, state) {
    if (!this.#unsent.has(unsent.clientId)) return;
    unsent.state = state;
    if (state !== "failed") delete unsent.reason;
    this.#changed(unsent.roomId);
  }

  /** @param {string} roomId */
  #changed(roomId) {
    this.#means.storage.setItem(KEPT, JSON.stringify([...this.#unsent.values()]));
    this.emit("changed", roomId);
  }
}

/**
 * @param {Means["storage"]} storage
 * @returns {Unsent[]}
 */
function restored(storage) {
  try {
    return JSON.parse(storage.getItem(KEPT) ?? "[]");
  } catch {
    // Written by another version of this page.
    return [];
  }
}
