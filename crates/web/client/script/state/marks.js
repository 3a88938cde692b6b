/**
 * The read and delivery cursors. They are sent with a delay and not for each message, because a later
 * cursor supersedes an earlier one.
 */

/** @import { Connection } from "../wire/connection.js" */
/** @import { Rooms } from "./rooms.js" */

const PAUSE = 250;

export class Marks {
  #connection;
  #rooms;
  /** @type {{ read: Map<string, number>, delivered: Map<string, number> }} */
  #untold = { read: new Map(), delivered: new Map() };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Connection} connection @param {Rooms} rooms */
  constructor(connection, rooms) {
    this.#connection = connection;
    this.#rooms = rooms;
  }

  /** @param {string} roomId @param {number} seq */
  read(roomId, seq) {
    const stood = this.#rooms.get(roomId)?.membership?.readSeq;
    if (stood === undefined || seq <= stood) return;
    this.#rooms.cursors(roomId, { readSeq: seq, deliveredSeq: seq });
    this.#later("read", roomId, seq);
  }

  /** @param {string} roomId @param {number} seq */
  delivered(roomId, seq) {
    const stood = this.#rooms.get(roomId)?.membership?.deliveredSeq;
    if (stood === undefined || seq <= stood) return;
    this.#rooms.cursors(roomId, { readSeq: 0, deliveredSeq: seq });
    this.#later("delivered", roomId, seq);
  }

  /** Sends what could not be sent without a connection. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#connection.isReady) return;
    for (const type of /** @type {const} */ (["read", "delivered"])) {
      for (const [roomId, seq] of this.#untold[type]) this.#connection.tell({ type, roomId, seq });
      this.#untold[type].clear();
    }
  }

  /** @param {"read" | "delivered"} type @param {string} roomId @param {number} seq */
  #later(type, roomId, seq) {
    this.#untold[type].set(roomId, seq);
    this.#timer ??= setTimeout(() => this.flush(), PAUSE);
  }
}
