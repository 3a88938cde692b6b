/** Formats times, numbers and the names of people. */

/** @import { Message, Room } from "../wire/types.js" */
/** @import { People } from "../state/people.js" */
import { oneLine } from "./markup.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const SHORT_DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const LONG_DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const DAY = 86_400_000;

/** @param {string} at */
export const clock = (at) => CLOCK.format(new Date(at));

/**
 * The time without a suffix such as AM or PM, for narrow places.
 *
 * @param {string} at
 * @param {Intl.DateTimeFormat} [format]
 */
export function shortClock(at, format = CLOCK) {
  const parts = format.formatToParts(new Date(at));
  const place = (/** @type {string} */ kind) => parts.findIndex(({ type }) => type === kind);
  return parts.slice(place("hour"), place("minute") + 1).map(({ value }) => value).join("");
}

/** @param {string} at */
export const full = (at) => FULL.format(new Date(at));

/** @param {string} at */
export const moment = (at) => MOMENT.format(new Date(at));

/** The number of midnights between two dates. @param {Date} then @param {Date} now */
function daysBetween(then, now) {
  const midnight = (/** @type {Date} */ date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(then)) / DAY);
}

/** @param {string} at @param {Date} [now] */
export function day(at, now = new Date()) {
  const then = new Date(at);
  const ago = daysBetween(then, now);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const year = then.getFullYear() === now.getFullYear() ? "" : ` ${then.getFullYear()}`;
  return LONG_DAY.format(then) + year;
}

/** The same for use within a sentence. Names of days and months stay capitalised. @param {string} at @param {Date} [now] */
export function dayWithin(at, now = new Date()) {
  const ago = daysBetween(new Date(at), now);
  return ago === 0 || ago === 1 ? day(at, now).toLowerCase() : day(at, now);
}

/** A short form, for lists. @param {string} at @param {Date} [now] */
export function when(at, now = new Date()) {
  const then = new Date(at);
  const ago = daysBetween(then, now);
  if (ago === 0) return clock(at);
  if (ago === 1) return "Yesterday";
  return ago < 7 ? WEEKDAY.format(then) : SHORT_DAY.format(then);
}

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Ana, Ben and Cleo. @param {string[]} names */
export function list(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** The same for many names. @param {string[]} names @param {number} [shown] */
export function few(names, shown = 2) {
  if (names.length <= shown + 1) return list(names);
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} others`;
}

/** The name of a room, as its viewer sees it. @param {Room} room @param {string} me @param {People} people */
export function roomName(room, me, people) {
  if (room.name) return room.name;
  const others = (room.participants ?? []).filter(({ id }) => id !== me);
  return list(others.map(({ id }) => people.name(id))) || "Somebody who left";
}

/** A message as one line. @param {Message} message */
export function gist(message) {
  if (message.deletedAt) return "Message deleted";
  const text = oneLine(message.content ?? "");
  if (text) return text;
  const [first] = message.attachments;
  return first ? `${first.contentType.startsWith("image/") ? "Picture" : "File"}: ${first.fileName}` : "";
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
