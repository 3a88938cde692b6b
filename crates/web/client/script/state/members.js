/** The members of a room, and how far each has read. */

/** @import { Cursors, Member, MemberFrame } from "../wire/types.js" */

export class Members {
  /** @type {Map<string, Member>} */
  #members = new Map();

  /** Whether all members were fetched, and not only some of a large room. */
  isWhole = false;

  get all() {
    return [...this.#members.values()];
  }

  /** @param {string} userId */
  get(userId) {
    return this.#members.get(userId);
  }

  /** @param {Member[]} members @param {boolean} isWhole */
  take(members, isWhole) {
    this.#members = new Map(members.map((member) => [member.user.id, member]));
    this.isWhole = isWhole;
  }

  /** @param {Pick<MemberFrame, "op" | "member">} frame */
  apply({ op, member }) {
    const id = member.user.id;
    const known = this.#members.get(id);
    if (known && known.rev > member.rev) return;
    const gone = member.leftAt !== undefined || ["left", "kicked", "banned"].includes(op);
    if (gone) this.#members.delete(id);
    else this.#members.set(id, { ...member, ...furthest(known, member) });
  }

  /** @param {string} userId @param {Cursors} cursors */
  receipt(userId, cursors) {
    const member = this.#members.get(userId);
    if (member) this.#members.set(userId, { ...member, ...furthest(member, cursors) });
  }

  /**
   * How far a message has got with the others, and which of them have read it.
   *
   * @param {number} seq
   * @param {string} senderId
   * @param {string} [createdAt] where newcomers do not read what was before, so that their cursors begin after
   *   it: whoever joined later does not count
   * @returns {{ status: "sent" | "delivered" | "read", readBy: string[] }}
   */
  reach(seq, senderId, createdAt) {
    const others = this.all.filter(({ user, joinedAt }) => user.id !== senderId && !(createdAt && joinedAt > createdAt));
    const readers = others.filter(({ readSeq }) => readSeq >= seq);
    const readBy = readers.map(({ user }) => user.id);
    const all = this.isWhole && others.length > 0;
    if (all && readers.length === others.length) return { status: "read", readBy };
    if (all && others.every(({ deliveredSeq }) => deliveredSeq >= seq)) return { status: "delivered", readBy };
    return { status: "sent", readBy };
  }
}

/** Cursors only go forward. @param {Cursors | undefined} one @param {Cursors} other @returns {Cursors} */
function furthest(one, other) {
  return {
    readSeq: Math.max(one?.readSeq ?? 0, other.readSeq),
    deliveredSeq: Math.max(one?.deliveredSeq ?? 0, other.deliveredSeq),
  };
}
