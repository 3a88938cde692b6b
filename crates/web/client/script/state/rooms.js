/** The user's rooms, and what is unread in each. */

import { Emitter } from "../wire/emitter.js";

/** @import { Cursors, Membership, Message, Room } from "../wire/types.js" */

/** @extends {Emitter<{ changed: void }>} */
export class Rooms extends Emitter {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** Whether the list was fetched. */
  isLoaded = false;

  /** The most recently active first. */
  get all() {
    return [...this.#rooms.values()].sort((one, other) => activity(other).localeCompare(activity(one)));
  }

  /** @param {string} id */
  get(id) {
    return this.#rooms.get(id);
  }

  /** Replaces the whole list by the server's. @param {Room[]} rooms @returns {string[]} those that are gone */
  replace(rooms) {
    const present = new Set(rooms.map(({ id }) => id));
    const gone = [...this.#rooms.keys()].filter((id) => !present.has(id));
    for (const id of gone) this.#rooms.delete(id);
    for (const room of rooms) this.#merge(room);
    this.isLoaded = true;
    this.emit("changed", undefined);
    return gone;
  }

  /** @param {Room} room as one sees it oneself */
  take(room) {
    this.#merge(room);
    this.emit("changed", undefined);
  }

  /** Takes a room as everybody sees it, without anything specific to the user. @param {Room} told */
  apply(told) {
    const room = this.#rooms.get(told.id);
    if (!room || told.rev < room.rev) return;
    const { membership, participants, inviteCode, inviteUrl, lastMessage, ...rest } = told;
    const { description: _gone, ...before } = room;
    this.#set({ ...before, ...rest, memberCount: room.memberCount });
  }

  /** @param {string} id */
  remove(id) {
    if (this.#rooms.delete(id)) this.emit("changed", undefined);
  }

  /** Somebody joined or left. @param {string} id @param {number} difference */
  count(id, difference) {
    const room = this.#rooms.get(id);
    if (room) this.#set({ ...room, memberCount: Math.max(0, room.memberCount + difference) });
  }

  /** A message was posted or changed. @param {Message} message @param {string} me */
  told(message, me) {
    const room = this.#rooms.get(message.roomId);
    if (!room) return;
    const latest = room.lastMessage;
    const newer = !latest || message.seq > latest.seq || (message.seq === latest.seq && message.rev >= latest.rev);
    const own = message.senderId === me ? message.seq : 0;
    const moved = { ...room, lastSeq: Math.max(room.lastSeq, message.seq), ...(newer && { lastMessage: message }) };
    this.#set(forward(moved, { readSeq: own, deliveredSeq: own }));
  }

  /** The user's own cursors, possibly moved on another device. @param {string} id @param {Cursors} cursors */
  cursors(id, cursors) {
    const room = this.#rooms.get(id);
    if (room) this.#set(forward(room, cursors));
  }

  /** @param {string} id @param {Partial<Membership>} changes */
  change(id, changes) {
    const room = this.#rooms.get(id);
    if (room?.membership) this.#set({ ...room, membership: { ...room.membership, ...changes } });
  }

  /** How many messages are unread. @param {string} id */
  unread(id) {
    const room = this.#rooms.get(id);
    return room?.membership ? Math.max(0, room.lastSeq - Math.max(room.membership.readSeq, room.membership.fromSeq)) : 0;
  }

  /** The number in the page's title, without muted rooms. */
  get totalUnread() {
    return this.all.reduce((sum, { id, membership }) => sum + (membership?.muted ? 0 : this.unread(id)), 0);
  }

  /** @param {Room} room */
  #set(room) {
    this.#rooms.set(room.id, room);
    this.emit("changed", undefined);
  }

  /** A response may be older than frames that arrived in the meantime. @param {Room} room */
  #merge(room) {
    const known = this.#rooms.get(room.id);
    if (!known) return this.#rooms.set(room.id, room);
    const lastMessage = (known.lastMessage?.seq ?? 0) > (room.lastMessage?.seq ?? 0) ? known.lastMessage : room.lastMessage;
    const merged = { ...known, ...room, lastSeq: Math.max(known.lastSeq, room.lastSeq), ...(lastMessage && { lastMessage }) };
    return this.#rooms.set(room.id, known.membership ? forward(merged, known.membership) : merged);
  }
}

/** @param {Room} room @param {Cursors} cursors @returns {Room} */
function forward(room, { readSeq, deliveredSeq }) {
  const { membership } = room;
  if (!membership) return room;
  const read = Math.max(membership.readSeq, readSeq);
  const mentions = read >= room.lastSeq ? 0 : membership.mentions;
  return { ...room, membership: { ...membership, mentions, readSeq: read, deliveredSeq: Math.max(membership.deliveredSeq, deliveredSeq, read) } };
}

/** @param {Room} room */
const activity = (room) => room.lastMessage?.createdAt ?? room.createdAt;
