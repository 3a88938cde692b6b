/**
 * How far this client is in each room: the last `rev` that it has. Says of every durable frame whether it
 * is the next one, and does no I/O.
 */

/** @import { Durable, Subscribed } from "./types.js" */

/**
 * - `next`: to be applied
 * - `known`: was applied already
 * - `hole`: a frame before it is missing
 * - `foreign`: of a room that is not subscribed
 *
 * @typedef {"next" | "known" | "hole" | "foreign"} Verdict
 */

export class Standing {
  /** @type {Map<string, number | null>} null until the server has said where one stands */
  #revs = new Map();
  /** @type {string | undefined} the store that the revs belong to */
  epoch;

  get rooms() {
    return [...this.#revs.keys()];
  }

  /** @param {string} roomId */
  has(roomId) {
    return this.#revs.has(roomId);
  }

  /** @param {string} roomId */
  rev(roomId) {
    return this.#revs.get(roomId) ?? null;
  }

  /**
   * @param {string} roomId
   * @param {number | null} rev
   */
  follow(roomId, rev) {
    this.#revs.set(roomId, rev);
  }

  /** @param {string} roomId */
  forget(roomId) {
    this.#revs.delete(roomId);
  }

  /**
   * What to request in order to resume.
   *
   * @param {string[]} rooms
   */
  since(rooms) {
    return Object.fromEntries(rooms.map((roomId) => [roomId, this.rev(roomId)]));
  }

  /**
   * Judges a frame by its position in the room. The next one advances the standing.
   *
   * @param {Pick<Durable, "roomId" | "rev" | "prev">} frame
   * @returns {Verdict}
   */
  weigh({ roomId, rev, prev }) {
    const stood = this.#revs.get(roomId);
    if (stood === undefined) return "foreign";
    if (stood !== null && rev <= stood) return "known";
    // A frame that was read back from the store may begin before our position; its content is newer.
    if (stood !== null && prev > stood) return "hole";
    this.#revs.set(roomId, rev);
    return "next";
  }

  /**
   * The server's response after a replay.
   *
   * @param {string} roomId
   * @param {Pick<Subscribed, "rev" | "reset">} told
   * @returns {boolean} whether what is kept of the room has to be read anew
   */
  settle(roomId, { rev, reset }) {
    if (!this.#revs.has(roomId)) return false;
    this.#revs.set(roomId, rev);
    return reset;
  }
}
