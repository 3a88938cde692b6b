/** Everybody whom this client knows of, and whether they are online. */

import { Emitter } from "../wire/emitter.js";

/** @import { NamedUser, PresenceFrame, User } from "../wire/types.js" */

/** @extends {Emitter<{ changed: string }>} */
export class People extends Emitter {
  /** @type {Map<string, User>} */
  #known = new Map();

  /** @param {string} id */
  get(id) {
    return this.#known.get(id);
  }

  /** @param {string} id */
  name(id) {
    return this.#known.get(id)?.displayName ?? "Somebody";
  }

  /** @param {string} id */
  isOnline(id) {
    return this.#known.get(id)?.status === "online";
  }

  /** Merges what a response says of somebody into what is known. @param {User | NamedUser} user */
  learn(user) {
    const before = this.#known.get(user.id);
    const after = { ...before, ...user };
    this.#known.set(user.id, after);
    const changed = !before || before.displayName !== after.displayName || before.status !== after.status || before.avatarUrl !== after.avatarUrl;
    if (changed) this.emit("changed", user.id);
  }

  /** @param {PresenceFrame} frame */
  presence({ userId, status, lastSeenAt }) {
    const user = this.#known.get(userId);
    if (!user || user.status === status) return;
    this.#known.set(userId, { ...user, status, ...(lastSeenAt && { lastSeenAt }) });
    this.emit("changed", userId);
  }
}
