/** The messages of each room, fetched page by page as far as somebody scrolls. */

import { Emitter } from "../wire/emitter.js";
import { Timeline } from "./timeline.js";

/** @import { Api } from "../wire/api.js" */
/** @import { Message, MessageFrame } from "../wire/types.js" */
/** @import { Rooms } from "./rooms.js" */

const PAGE = 50;

/** @extends {Emitter<{ changed: string, read: Message[] }>} */
export class Archive extends Emitter {
  #api;
  #rooms;
  /** @type {Map<string, Timeline>} only of rooms that somebody has looked into */
  #timelines = new Map();
  /** @type {Map<string, Promise<void>>} by what is read */
  #reading = new Map();

  /** @param {Api} api @param {Rooms} rooms */
  constructor(api, rooms) {
    super();
    this.#api = api;
    this.#rooms = rooms;
  }

  /** @param {string} roomId */
  timeline(roomId) {
    return this.#timelines.get(roomId);
  }

  /** @param {string} roomId */
  open(roomId) {
    const room = this.#rooms.get(roomId);
    const floor = room?.membership?.fromSeq ?? 0;
    const timeline = this.#timelines.get(roomId) ?? new Timeline({ floor, latest: room?.lastSeq ?? 0 });
    this.#timelines.set(roomId, timeline);
    return timeline;
  }

  /** @param {string} roomId */
  newest(roomId) {
    return this.#read(roomId, "newest", {});
  }

  /** @param {Message} message the oldest that is here */
  older(message) {
    return this.#read(message.roomId, `before ${message.id}`, { cursor: message.id });
  }

  /** @param {Message} message the newest that is here */
  newer(message) {
    return this.#read(message.roomId, `after ${message.seq}`, { after: message.seq });
  }

  /** @param {string} roomId @param {number} seq */
  around(roomId, seq) {
    return this.#read(roomId, `around ${seq}`, { around: seq });
  }

  /** Any message by its id, loaded or not. @param {string} id */
  async message(id) {
    for (const timeline of this.#timelines.values()) {
      const known = timeline.get(id);
      if (known) return known;
    }
    return this.#api.message(id);
  }

  /** @param {Pick<MessageFrame, "message" | "by">} frame @param {string} me */
  apply(frame, me) {
    const { roomId } = frame.message;
    const timeline = this.#timelines.get(roomId);
    if (!timeline) return;
    const isKnown = timeline.apply(frame, me);
    if (!isKnown) this.#api.message(frame.message.id).then((message) => this.take(message), () => {});
    this.emit("changed", roomId);
  }

  /** Takes a message from a response. @param {Message} message */
  take(message) {
    this.#timelines.get(message.roomId)?.take([message]);
    this.emit("changed", message.roomId);
  }

  /** @param {string} roomId @param {string} id @param {(message: Message) => Message} change */
  guess(roomId, id, change) {
    this.#timelines.get(roomId)?.guess(id, change);
    this.emit("changed", roomId);
  }

  /** Too much was missed: drops the messages, which are fetched again when they are viewed. @param {string} roomId */
  reset(roomId) {
    if (!this.#timelines.delete(roomId)) return;
    this.emit("changed", roomId);
  }

  /** @param {string} roomId */
  forget(roomId) {
    this.#timelines.delete(roomId);
  }

  /**
   * @param {string} roomId
   * @param {string} what
   * @param {{ cursor?: string, after?: number, around?: number }} at
   */
  #read(roomId, what, at) {
    const key = `${roomId} ${what}`;
    const reading = this.#reading.get(key) ?? this.#page(roomId, at).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  /** @param {string} roomId @param {{ cursor?: string, after?: number, around?: number }} at */
  async #page(roomId, at) {
    const timeline = this.open(roomId);
    const { messages } = await this.#api.history(roomId, { ...at, limit: PAGE });
    // It was replaced meanwhile, so these messages belong to a discarded past.
    if (this.#timelines.get(roomId) !== timeline) return;
    timeline.take(messages);
    this.emit("read", messages);
    this.emit("changed", roomId);
  }
}
