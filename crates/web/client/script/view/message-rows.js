/** The rows of a conversation: creates them, and updates what changed. */

import { el, fill, keyed, say } from "./dom.js";
import { avatar } from "./avatar.js";
import { Attachments } from "./attachments.js";
import { contentOf } from "./content.js";
import { icon } from "./icons.js";
import { Toolbar } from "./toolbar.js";
import { clock, counted, day, few, full, gist, shortClock } from "../text/words.js";

/** @import { RoomView } from "./room.js" */
/** @import { Row } from "../state/rows.js" */
/** @import { Message, Reaction } from "../wire/types.js" */
/** @import { Unsent } from "../wire/outbox.js" */

export class MessageRows {
  #view;
  #toolbar;
  #attachments;
  /** The user's last message, below which its status is shown. */
  #lastOwnSeq = 0;
  /** The message that was jumped to, which is highlighted. @type {number | null} */
  #found = null;
  /** Quoted messages that are not loaded, as far as they were requested. @type {Map<string, Message | null>} */
  #quoted = new Map();

  /** @param {RoomView} view */
  constructor(view) {
    this.#view = view;
    this.#toolbar = new Toolbar(view);
    this.#attachments = new Attachments(view.chat.api);
  }

  /** Shown while the first page is loading. @param {HTMLElement} list */
  loading(list) {
    const shape = () => el("li.skeleton", { "aria-hidden": "true" }, el("i"), el("span", {}, el("b"), el("b")));
    fill(list, ...Array.from({ length: 6 }, shape));
  }

  /** @param {Message[]} messages */
  prepare(messages) {
    const { chat } = this.#view;
    this.#lastOwnSeq = messages.findLast(({ senderId, deletedAt }) => senderId === chat.me.id && !deletedAt)?.seq ?? 0;
  }

  /** Highlights this message from now on, however often it is rendered. @param {number | null} seq */
  mark(seq) {
    this.#found = seq;
  }

  /** @param {number} seq @param {HTMLElement} list @returns {HTMLElement | null} */
  of(seq, list) {
    return list.querySelector(`[data-seq="${seq}"]`);
  }

  /** @param {Row} row @returns {HTMLElement} */
  make(row) {
    if (row.kind === "day") return el("li.day-line", {}, el("span", {}, el("time", { datetime: row.at }, day(row.at))));
    if (row.kind === "new") return el("li.new-line", {}, el("span", {}, "New"));
    const element = el("li.message", { tabindex: -1 },
      el("div.message-side"),
      el("div.message-main", {}, el("div.message-head"), el("div.quote-place"), el("div.message-body"), el("div.files"), el("ul.reactions", { "aria-label": "Reactions" }), el("div.message-foot")));
    element.addEventListener("pointerenter", () => this.#toolbar.show(element));
    element.addEventListener("pointerleave", () => this.#toolbar.hide(element));
    element.addEventListener("focusin", () => this.#toolbar.show(element));
    element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) this.#toolbar.hide(element);
    });
    return element;
  }

  /** @param {HTMLElement} element @param {Row} row */
  update(element, row) {
    if (row.kind === "message") this.#message(element, row.message, row.leads);
    if (row.kind === "unsent") this.#unsent(element, row.unsent, row.leads);
  }

  /** Moves up and down between messages. @param {KeyboardEvent} event @param {HTMLElement} list */
  keys(event, list) {
    const row = event.target;
    if (!(row instanceof HTMLElement) || !row.matches(".message")) return;
    const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".message")]);
    const place = rows.indexOf(row);
    const steps = /** @type {Record<string, number>} */ ({ ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: rows.length - 1 });
    const next = rows[steps[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** @param {HTMLElement} element @param {Message} message @param {boolean} leads */
  #message(element, message, leads) {
    const { chat } = this.#view;
    const isOwn = message.senderId === chat.me.id;
    const reach = isOwn && message.seq === this.#lastOwnSeq ? this.#reach(message) : "";
    const sender = chat.people.get(message.senderId) ?? message.sender;
    const quoted = message.replyTo ? this.#quote(message) : undefined;
    const isFound = message.seq === this.#found;
    const state = JSON.stringify([message.rev, leads, isFound, reach, sender.displayName, sender.avatarUrl, quoted?.rev, message.reactions, message.attachments]);
    if (element.dataset["state"] === state) return;
    element.dataset["state"] = state;
    element.dataset["seq"] = String(message.seq);
    element.className = `message${leads ? " leads" : ""}${isOwn ? " own" : ""}${message.deletedAt ? " deleted" : ""}${message.mentions.includes(chat.me.id) ? " mentions-me" : ""}${message.pinned ? " pinned" : ""}${isFound ? " found" : ""}`;
    this.#toolbar.know(element, message);
    const parts = partsOf(element);
    fill(parts.side, leads ? avatar(sender, chat.api) : el("time", { datetime: message.createdAt, title: full(message.createdAt) }, shortClock(message.createdAt)));
    this.#head(parts.head, sender.displayName, message.createdAt, leads);
    fill(parts.quote, message.replyTo && this.#quoteButton(message.replyTo, quoted));
    if (message.deletedAt) fill(parts.body, el("em.gone", {}, "Message deleted"));
    else fill(parts.body, ...contentOf(message.content ?? "", chat), message.editedAt && el("small.edited", { title: full(message.editedAt) }, " (edited)"));
    this.#attachments.show(parts.files, message.attachments);
    this.#reactions(parts.reactions, message);
    this.#foot(parts.foot, message, reach);
  }

  /** @param {HTMLElement} element @param {Unsent} unsent @param {boolean} leads */
  #unsent(element, unsent, leads) {
    const { chat } = this.#view;
    const state = JSON.stringify([unsent.state, unsent.reason, leads]);
    if (element.dataset["state"] === state) return;
    element.dataset["state"] = state;
    element.className = `message own unsent ${unsent.state}${leads ? " leads" : ""}`;
    const parts = partsOf(element);
    fill(parts.side, leads && avatar(chat.people.get(chat.me.id) ?? chat.me, chat.api));
    this.#head(parts.head, chat.people.name(chat.me.id), unsent.createdAt, leads);
    const quoted = unsent.replyTo ? chat.archive.timeline(unsent.roomId)?.get(unsent.replyTo) : undefined;
    fill(parts.quote, unsent.replyTo && this.#quoteButton(unsent.replyTo, quoted));
    fill(parts.body, ...contentOf(unsent.content, chat));
    this.#attachments.show(parts.files, unsent.attachments);
    fill(parts.foot, ...unsentFoot(unsent, chat.outbox));
  }

  /** @param {HTMLElement} place @param {string} name @param {string} at @param {boolean} leads */
  #head(place, name, at, leads) {
    // For screen readers every message names its author.
    if (!leads) return fill(place, el("span.unseen", {}, name));
    fill(place, el("strong.sender", {}, name), " ", el("time", { datetime: at, title: full(at) }, clock(at)));
  }

  /** The message that this one replies to, if known. @param {Message} message @returns {Message | undefined} */
  #quote(message) {
    const { chat, id } = this.#view;
    const parent = message.replyTo ?? "";
    const here = chat.archive.timeline(id)?.get(parent);
    if (here) return here;
    const known = this.#quoted.get(parent);
    if (known === undefined) {
      this.#quoted.set(parent, null);
      chat.api.message(parent).then((found) => {
        this.#quoted.set(parent, found);
        chat.archive.emit("changed", id);
      }, () => {});
    }
    return known ?? undefined;
  }

  /** @param {string} id @param {Message | undefined} quoted */
  #quoteButton(id, quoted) {
    const { chat } = this.#view;
    const words = quoted ? [el("strong", {}, chat.people.name(quoted.senderId)), " ", gist(quoted)] : ["An earlier message"];
    const jump = async () => this.#view.jump((quoted ?? await chat.archive.message(id)).seq);
    return el("button.quote", { type: "button", title: "Show what this answers", onclick: () => void this.#view.shell.attempt(jump()) }, icon("reply"), el("span", {}, ...words));
  }

  /** @param {HTMLElement} place @param {Message} message */
  #reactions(place, message) {
    const { chat, shell } = this.#view;
    place.hidden = message.reactions.length === 0;
    keyed(place, message.reactions, {
      key: (/** @type {Reaction} */ { emoji }) => emoji,
      make: ({ emoji }) => el("li", {}, el("button.reaction", { type: "button" }, el("span.emoji", {}, emoji), el("span.count"))),
      update: (item, { emoji, count, mine = false }) => {
        const button = /** @type {HTMLButtonElement} */ (item.firstElementChild);
        say(/** @type {Element} */ (button.lastElementChild), String(count));
        button.setAttribute("aria-pressed", String(mine));
        button.setAttribute("aria-label", `${emoji}, ${counted(count, "person", "people")}${mine ? ", you too" : ""}`);
        button.onclick = () => void shell.attempt(chat.react(message, emoji, !mine));
      },
    });
  }

  /** @param {HTMLElement} place @param {Message} message @param {string} reach */
  #foot(place, message, reach) {
    const signs = /** @type {Record<string, import("./icons.js").IconName>} */ ({ Sent: "check", Delivered: "checks" });
    fill(place,
      message.pinned && el("span.pin-note", {}, icon("pin"), "Pinned"),
      message.replyCount > 0 && el("button.thread-link", { type: "button", onclick: () => this.#view.openPanel("thread", message) }, icon("thread"), counted(message.replyCount, "reply", "replies")),
      reach && el(`span.reach${reach.startsWith("Read") ? ".read" : ""}`, {}, icon(signs[reach] ?? "checks"), reach));
  }

  /** The status of the user's own message, in words. @param {Message} message */
  #reach(message) {
    const { chat, id, room } = this.#view;
    const members = chat.members(id);
    if (!members || !room || room.memberCount < 2 || room.memberCount > 100) return "";
    const { status, readBy } = members.reach(message.seq, message.senderId, room.history === "joined" ? message.createdAt : undefined);
    if (room.kind === "direct") return { sent: "Sent", delivered: "Delivered", read: "Read" }[status];
    if (readBy.length) return status === "read" && readBy.length > 2 ? "Read by all" : `Read by ${few(readBy.map((reader) => chat.people.name(reader)))}`;
    return status === "delivered" ? "Delivered" : "Sent";
  }
}

/** @param {HTMLElement} element */
function partsOf(element) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(`:scope > ${name}, :scope > .message-main > ${name}`));
  return {
    side: part(".message-side"), head: part(".message-head"), quote: part(".quote-place"), body: part(".message-body"),
    files: part(".files"), reactions: part(".reactions"), foot: part(".message-foot"),
  };
}

/** @param {Unsent} unsent @param {import("../wire/outbox.js").Outbox} outbox */
function unsentFoot({ state, reason, clientId }, outbox) {
  if (state !== "failed") return [el("span.reach", {}, icon("clock"), state === "waiting" ? "Waiting to be sent" : "Sending")];
  return [
    el("span.failure", { role: "alert" }, `Not sent. ${reason ?? ""}`),
    el("button.link", { type: "button", onclick: () => outbox.retry(clientId) }, "Send again"),
    el("button.link", { type: "button", onclick: () => outbox.discard(clientId) }, "Discard"),
  ];
}
