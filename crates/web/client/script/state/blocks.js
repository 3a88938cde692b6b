/**
 * Whom the user has blocked. The server does not return that list, so the browser remembers what was done
 * in it: blocking somebody again has no effect.
 */

export class Blocks {
  #key;
  /** @type {Set<string>} */
  #blocked;

  /** @param {string} me @param {Pick<Storage, "getItem" | "setItem">} [storage] */
  constructor(me, storage = localStorage) {
    this.#key = `tertulia.blocked ${me}`;
    this.storage = storage;
    this.#blocked = new Set((storage.getItem(this.#key) ?? "").split(" ").filter(Boolean));
  }

  /** @param {string} userId */
  has(userId) {
    return this.#blocked.has(userId);
  }

  /** @param {string} userId @param {boolean} on */
  set(userId, on) {
    if (on) this.#blocked.add(userId);
    else this.#blocked.delete(userId);
    this.storage.setItem(this.#key, [...this.#blocked].join(" "));
  }
}
