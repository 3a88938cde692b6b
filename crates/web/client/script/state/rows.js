/** The rows of a conversation: days, grouped messages, and where the unread ones begin. */

/** @import { Message } from "../wire/types.js" */
/** @import { Unsent } from "../wire/outbox.js" */

/**
 * @typedef {{ kind: "day", key: string, at: string }
 *   | { kind: "new", key: string }
 *   | { kind: "message", key: string, message: Message, leads: boolean }
 *   | { kind: "unsent", key: string, unsent: Unsent, leads: boolean }} Row
 */

/** How close in time two messages of one person are grouped under one name, in milliseconds. */
const TOGETHER = 5 * 60_000;

/**
 * @param {Message[]} messages that follow one another
 * @param {Unsent[]} unsent to stand after them
 * @param {{ me: string, unreadAfter?: number | null }} reader `unreadAfter` is the last seq that was read
 * @returns {Row[]}
 */
export function rows(messages, unsent, { me, unreadAfter = null }) {
  /** @type {Row[]} */
  const result = [];
  /** @type {{ senderId: string, at: number } | null} */
  let before = null;
  let day = "";
  let told = false;
  const step = (/** @type {string} */ at, /** @type {string} */ senderId, broken = false) => {
    const time = Date.parse(at);
    const today = new Date(time).toDateString();
    if (today !== day) {
      result.push({ kind: "day", key: `day ${today}`, at });
      [day, before] = [today, null];
    }
    const leads = broken || before?.senderId !== senderId || time - before.at > TOGETHER;
    before = { senderId, at: time };
    return leads;
  };
  for (const message of messages) {
    const isNew = !told && unreadAfter !== null && message.seq > unreadAfter && message.senderId !== me;
    const place = result.length;
    const leads = step(message.createdAt, message.senderId, isNew || message.replyTo !== undefined);
    if (isNew) {
      told = true;
      result.splice(place, 0, { kind: "new", key: "new" });
    }
    // The `clientId`, so that an unsent message becomes this row without jumping.
    result.push({ kind: "message", key: message.clientId ? `${message.senderId} ${message.clientId}` : message.id, message, leads });
  }
  for (const one of unsent) {
    const leads = step(one.createdAt, me, one.replyTo !== undefined);
    result.push({ kind: "unsent", key: `${me} ${one.clientId}`, unsent: one, leads });
  }
  return result;
}
