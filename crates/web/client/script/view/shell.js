/** The page of a signed-in user: the list of rooms, the room, and a panel beside it. */

import { go, goInstead, here } from "../router.js";
import { Scope } from "./scope.js";
import { batched, el, fill } from "./dom.js";
import { acceptInvite } from "./dialog/invite.js";
import { homeView } from "./home.js";
import { bindKeys } from "./keys.js";
import { RoomView } from "./room.js";
import { sidebarView } from "./sidebar.js";
import { statusView } from "./status.js";
import { Toasts } from "./toast.js";
import { roomName } from "../text/words.js";

/** @import { Chat } from "../state/chat.js" */
/** @import { Session } from "../wire/session.js" */
/** @import { Route } from "../router.js" */
/** @import { Room } from "../wire/types.js" */

/** @type {Record<string, (room: string) => string>} */
const REMOVED = {
  kicked: (room) => `You were removed from ${room}.`,
  banned: (room) => `You were banned from ${room}.`,
  deleted: (room) => `${room} was deleted.`,
};

export class Shell {
  element;
  toasts = new Toasts();
  #scope = new Scope();
  #main = el("main.main", { id: "main" });
  /** @type {RoomView | null} */
  #room = null;

  /** @param {Chat} chat @param {Session} session */
  constructor(chat, session) {
    this.chat = chat;
    this.session = session;
    this.element = el("div.shell", {},
      el("a.skip", { href: "#main", onclick: (/** @type {Event} */ event) => this.#skip(event) }, "Skip to the conversation"),
      sidebarView(this, this.#scope),
      el("div.stage", {}, statusView(chat, this.#scope), this.#main),
      this.toasts.element);
    this.#listen();
    bindKeys(this, this.#scope);
  }

  /** @param {Route} route */
  route(route) {
    if (route.name === "invite") void acceptInvite(this, route.code);
    else if (route.name === "room") this.#show(route.roomId, route.seq);
    else this.#home();
  }

  /** The current room, if any. */
  get room() {
    return this.#room;
  }

  /** @param {boolean} open */
  drawer(open) {
    this.element.classList.toggle("drawer-open", open);
    if (open) /** @type {HTMLElement | null} */ (this.element.querySelector(".sidebar a, .sidebar button"))?.focus();
  }

  end() {
    this.#room?.end();
    this.#scope.end();
  }

  /** Waits for something, and shows an error if it fails. @param {Promise<unknown>} work */
  async attempt(work) {
    try {
      await work;
    } catch (error) {
      this.toasts.complain(error);
    }
  }

  #listen() {
    const { chat } = this;
    this.#scope.on(chat.rooms, "changed", batched(() => this.#retitle()));
    this.#scope.on(chat, "removed", ({ room, reason }) => this.#removed(room, reason));
    this.#scope.on(chat, "failed", (error) => this.toasts.complain(error));
    this.#scope.listen(window, "online", () => chat.connection.retry());
    this.#scope.listen(window, "offline", () => chat.connection.interrupt());
    this.#scope.listen(document, "visibilitychange", () => {
      if (document.visibilityState === "visible") chat.connection.retry();
    });
  }

  /** @param {string} roomId @param {number | undefined} seq */
  #show(roomId, seq) {
    this.drawer(false);
    if (this.#room?.id === roomId) {
      if (seq !== undefined) void this.#room.jump(seq);
      return;
    }
    const room = this.chat.rooms.get(roomId);
    if (!room) return this.#visit(roomId);
    this.#room?.end();
    this.#room = new RoomView(this, roomId, seq);
    fill(this.#main, this.#room.element);
    this.element.classList.add("in-room");
    this.#room.begin();
    this.#retitle();
    this.chat.rooms.emit("changed", undefined);
  }

  /** A room that is not in the list: the list may still be loading, or the user is not a member. @param {string} roomId */
  #visit(roomId) {
    if (this.chat.rooms.isLoaded) {
      this.toasts.say("You do not belong to that room, or there is no such room.");
      return goInstead({ name: "home" });
    }
    fill(this.#main, el("p.waiting", { role: "status" }, "Reading your rooms…"));
    const end = this.chat.rooms.on("changed", () => {
      if (!this.chat.rooms.isLoaded) return;
      end();
      const route = here();
      if (route.name === "room" && route.roomId === roomId) this.route(route);
    });
    this.#scope.atEnd(end);
  }

  #home() {
    this.#room?.end();
    this.#room = null;
    this.element.classList.remove("in-room");
    fill(this.#main, homeView(this));
    this.#retitle();
    this.chat.rooms.emit("changed", undefined);
  }

  /** @param {Room} room @param {string} reason */
  #removed(room, reason) {
    const name = roomName(room, this.chat.me.id, this.chat.people);
    this.toasts.say(REMOVED[reason]?.(name) ?? `You left ${name}.`);
    if (this.#room?.id === room.id) go({ name: "home" });
  }

  #retitle() {
    const { rooms, me, people } = this.chat;
    const room = this.#room && rooms.get(this.#room.id);
    const unread = rooms.totalUnread;
    document.title = `${unread ? `(${unread}) ` : ""}${room ? `${roomName(room, me.id, people)} · ` : ""}Tertulia`;
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.#main.querySelector("textarea, button"))?.focus();
  }
}
