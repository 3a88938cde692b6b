/** Who is typing, and where. An entry expires unless it is renewed. */

import { Emitter } from "../wire/emitter.js";

/** As specified in docs/realtime.md, in milliseconds. */
const ENDS_AFTER = 6_000;

/** @extends {Emitter<{ changed: string }>} */
export class Typing extends Emitter {
  /** @type {Map<string, Map<string, ReturnType<typeof setTimeout>>>} */
  #rooms = new Map();

  /** @param {string} roomId @returns {string[]} */
  in(roomId) {
    return [...(this.#rooms.get(roomId)?.keys() ?? [])];
  }

  /** @param {string} roomId @param {string} userId @param {boolean} on */
  tell(roomId, userId, on) {
    const people = this.#rooms.get(roomId) ?? new Map();
    this.#rooms.set(roomId, people);
    const known = people.has(userId);
    clearTimeout(people.get(userId));
    if (on) people.set(userId, setTimeout(() => this.tell(roomId, userId, false), ENDS_AFTER));
    else people.delete(userId);
    if (known !== on) this.emit("changed", roomId);
  }
}
