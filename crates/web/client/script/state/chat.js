/**
 * Everything that a signed-in user sees and does: combines what arrives over the socket and by REST into
 * one state, and tells the views what changed.
 */

import { Api } from "../wire/api.js";
import { Connection } from "../wire/connection.js";
import { Emitter } from "../wire/emitter.js";
import { Outbox } from "../wire/outbox.js";
import { Disconnected, Problem } from "../wire/problem.js";
import { Push } from "../wire/push.js";
import { Archive } from "./archive.js";
import { Blocks } from "./blocks.js";
import { Marks } from "./marks.js";
import { Members } from "./members.js";
import { People } from "./people.js";
import { Rooms } from "./rooms.js";
import { Typing } from "./typing.js";

/** @import { Session } from "../wire/session.js" */
/** @import { Durable, Fleeting, Media, Member, Message, Room, Summary, User } from "../wire/types.js" */

/** Of larger rooms not all members are fetched: nobody looks at more, and receipts end at a hundred. */
const MEMBERS_MAX = 300;
/** How many rooms one connection may subscribe to. */
const ROOMS_MAX = 500;

/** @extends {Emitter<{ members: string, media: Media, removed: { room: Room, reason: string }, said: Message, failed: unknown }>} */
export class Chat extends Emitter {
  rooms = new Rooms();
  people = new People();
  typing = new Typing();
  /** @type {Map<string, Members>} */
  #members = new Map();

  /** @param {Session} session @param {User} me */
  constructor(session, me) {
    super();
    this.me = me;
    this.people.learn({ ...me, status: "online" });
    this.blocks = new Blocks(me.id);
    this.api = new Api(session);
    this.push = new Push(this.api, me.id);
    this.connection = new Connection({
      token: () => session.token(),
      renew: async () => (await session.renew()).accessToken,
      open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/ws`, ["tertulia.v1"]),
    });
    this.archive = new Archive(this.api, this.rooms);
    this.marks = new Marks(this.connection, this.rooms);
    this.outbox = new Outbox({
      send: (unsent) => this.#send(unsent),
      isReady: () => this.connection.isReady,
      isShown: (message) => (this.archive.timeline(message.roomId)?.latest ?? Infinity) >= message.seq,
      storage: keptFor(me.id),
    });
    this.#listen(session);
  }

  start() {
    this.connection.start();
  }

  stop() {
    this.connection.stop();
  }

  /** @param {string} roomId */
  members(roomId) {
    return this.#members.get(roomId);
  }

  /** Fetches the members of a room. @param {string} roomId */
  async readMembers(roomId) {
    /** @type {Member[]} */
    const all = [];
    let cursor;
    do {
      const page = await this.api.members(roomId, cursor);
      all.push(...page.users);
      cursor = page.nextCursor ?? undefined;
    } while (cursor && all.length < MEMBERS_MAX);
    for (const { user } of all) this.people.learn(user);
    const members = this.#members.get(roomId) ?? new Members();
    members.take(all, cursor === undefined);
    this.#members.set(roomId, members);
    this.emit("members", roomId);
  }

  /** Takes a room that the user has just joined, or that changed. @param {Room} room */
  enter(room) {
    for (const user of room.participants ?? []) this.people.learn(user);
    this.rooms.take(room);
    if (!this.connection.standing.has(room.id)) this.connection.follow([[room.id, room.lastRev]]);
  }

  /** @param {string} roomId @param {string} reason */
  left(roomId, reason) {
    const room = this.rooms.get(roomId);
    this.connection.unfollow(roomId);
    this.rooms.remove(roomId);
    this.archive.forget(roomId);
    this.#members.delete(roomId);
    this.outbox.forgetRoom(roomId);
    if (room) this.emit("removed", { room, reason });
  }

  /** @param {Message} message @param {string} content */
  async edit(message, content) {
    this.#take(await this.connection.ask({ type: "edit", messageId: message.id, content }));
  }

  /** @param {Message} message */
  async remove(message) {
    this.#take(await this.connection.ask({ type: "delete", messageId: message.id }));
  }

  /** Shown immediately, and reverted if the server refuses it. @param {Message} message @param {string} emoji @param {boolean} on */
  async react(message, emoji, on) {
    this.archive.guess(message.roomId, message.id, (before) => reacted(before, emoji, on));
    try {
      this.#take(await this.connection.ask({ type: "react", messageId: message.id, emoji, on }));
    } catch (error) {
      this.archive.guess(message.roomId, message.id, (before) => reacted(before, emoji, !on));
      throw error;
    }
  }

  /** @param {Message} message @param {boolean} on */
  async pin(message, on) {
    this.archive.take(await this.api.pin(message.id, on));
  }

  /**
   * A summary of what was missed, with its parts as they are generated. Without a connection it comes as a whole.
   *
   * @param {string} roomId
   * @param {number | "read" | "join"} since
   * @param {(piece: string) => void} hear
   * @param {AbortSignal} signal
   * @returns {Promise<Summary>}
   */
  async summary(roomId, since, hear, signal) {
    try {
      const { summary } = await this.connection.ask({ type: "summary", roomId, since }, hear);
      if (summary) return summary;
    } catch (error) {
      // A connection allows two at once, including those that nobody is looking at any longer.
      const isElsewhere = error instanceof Disconnected || (error instanceof Problem && error.code === "too_many");
      if (!isElsewhere || signal.aborted) throw error;
    }
    return this.api.summary(roomId, since, signal);
  }

  /** @param {{ message?: Message }} ack */
  #take({ message }) {
    if (message) this.archive.take(message);
  }

  /** @param {import("../wire/outbox.js").Unsent} unsent @returns {Promise<Message>} */
  async #send({ roomId, content, clientId, replyTo, attachments }) {
    const ids = attachments.map(({ id }) => id);
    const { message } = await this.connection.ask({
      type: "send", roomId, content, clientId, ...(replyTo && { replyTo }), ...(ids.length && { attachments: ids }),
    });
    if (!message) throw new Problem(0, { code: "internal" });
    return message;
  }

  /** @param {Session} session */
  #listen(session) {
    const { connection } = this;
    connection.on("ready", () => void this.#begin());
    connection.on("change", (frame) => this.#changed(frame));
    connection.on("told", (frame) => this.#told(frame));
    connection.on("revoked", () => session.revoked());
    connection.on("reset", (roomId) => {
      this.archive.reset(roomId);
      this.#members.delete(roomId);
      this.emit("members", roomId);
    });
    connection.on("refused", ({ roomId, code }) => this.#refused(roomId, code));
    this.archive.on("read", (messages) => {
      for (const message of messages) {
        this.people.learn(message.sender);
        this.outbox.arrived(message);
      }
    });
  }

  /** After connecting: fetches the current state, and sends what is pending. */
  async #begin() {
    this.outbox.flush();
    this.marks.flush();
    try {
      const { rooms } = await this.api.myRooms();
      for (const room of rooms) for (const user of room.participants ?? []) this.people.learn(user);
      for (const roomId of this.rooms.replace(rooms)) this.left(roomId, "left");
      const { standing } = this.connection;
      const unheard = rooms.slice(0, ROOMS_MAX).filter(({ id }) => !standing.has(id));
      this.connection.follow(unheard.map(({ id, lastRev }) => [id, lastRev]));
      // Receipts are not replayed.
      for (const roomId of this.#members.keys()) await this.readMembers(roomId);
    } catch (error) {
      this.emit("failed", error);
    }
  }

  /** @param {Durable} frame */
  #changed(frame) {
    if (frame.type === "message") this.#said(frame);
    if (frame.type === "member") this.#moved(frame);
    if (frame.type === "room") {
      if (frame.op === "deleted") this.left(frame.roomId, "deleted");
      else this.rooms.apply(frame.room);
    }
  }

  /** @param {import("../wire/types.js").MessageFrame} frame */
  #said(frame) {
    const { message } = frame;
    const isNew = message.seq > (this.rooms.get(message.roomId)?.lastSeq ?? 0);
    this.people.learn(message.sender);
    this.archive.apply(frame, this.me.id);
    this.outbox.arrived(message);
    this.typing.tell(message.roomId, message.senderId, false);
    this.rooms.told(message, this.me.id);
    if (isNew) {
      this.marks.delivered(message.roomId, message.seq);
      if (message.senderId !== this.me.id) this.emit("said", message);
    }
  }

  /** @param {import("../wire/types.js").MemberFrame} frame */
  #moved(frame) {
    const { roomId, member, op } = frame;
    this.people.learn(member.user);
    const members = this.#members.get(roomId);
    const known = members?.get(member.user.id) !== undefined;
    members?.apply(frame);
    const isGone = member.leftAt !== undefined || ["left", "kicked", "banned"].includes(op);
    if (op === "joined" && !known) this.rooms.count(roomId, 1);
    if (isGone) this.rooms.count(roomId, -1);
    if (member.user.id === this.me.id && !isGone) this.rooms.change(roomId, { role: member.role });
    this.emit("members", roomId);
  }

  /** @param {Fleeting} frame */
  #told(frame) {
    switch (frame.type) {
      case "receipt":
        this.#members.get(frame.roomId)?.receipt(frame.userId, frame);
        if (frame.userId === this.me.id) this.rooms.cursors(frame.roomId, frame);
        return this.emit("members", frame.roomId);
      case "typing":
        return this.typing.tell(frame.roomId, frame.userId, frame.on);
      case "presence":
        return this.people.presence(frame);
      case "room_added":
        return this.enter(frame.room);
      case "room_removed":
        return this.left(frame.roomId, frame.reason);
      case "notification": {
        const room = this.rooms.get(frame.roomId);
        if (frame.kind === "mention" && room?.membership) this.rooms.change(room.id, { mentions: room.membership.mentions + 1 });
        return;
      }
      case "media":
        return this.emit("media", frame.media);
      default:
    }
  }

  /** @param {string} roomId @param {string} code */
  #refused(roomId, code) {
    const room = this.rooms.get(roomId);
    if (code === "unavailable" || code === "overloaded") {
      setTimeout(() => {
        if (room && this.rooms.get(roomId)) this.connection.follow([[roomId, null]]);
        this.archive.reset(roomId);
      }, 3_000);
    } else if (code !== "too_many") this.left(roomId, code === "banned" ? "banned" : "left");
  }
}

/** @param {Message} message @param {string} emoji @param {boolean} on @returns {Message} */
function reacted(message, emoji, on) {
  const known = message.reactions.find((reaction) => reaction.emoji === emoji);
  if ((known?.mine ?? false) === on) return message;
  if (!known) return { ...message, reactions: [...message.reactions, { emoji, count: 1, mine: true }] };
  const changed = { ...known, count: known.count + (on ? 1 : -1), mine: on };
  const reactions = message.reactions.map((reaction) => (reaction === known ? changed : reaction));
  return { ...message, reactions: reactions.filter(({ count }) => count > 0) };
}

/** Unsent messages stay in this tab, separately for each user. @param {string} userId */
function keptFor(userId) {
  return {
    /** @param {string} key */
    getItem: (key) => sessionStorage.getItem(`${key} ${userId}`),
    /** @param {string} key @param {string} value */
    setItem: (key, value) => sessionStorage.setItem(`${key} ${userId}`, value),
  };
}
