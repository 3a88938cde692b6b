/** The actions on a message: one toolbar, which moves to the message under the pointer. */

import { el, fill, iconButton } from "./dom.js";
import { confirmDialog } from "./dialog.js";
import { emojiPicker, QUICK } from "./emoji.js";
import { icon } from "./icons.js";

/** @import { RoomView } from "./room.js" */
/** @import { Message } from "../wire/types.js" */

export class Toolbar {
  #view;
  #bar = el("div.toolbar", { role: "toolbar", "aria-label": "This message" });
  /** @type {WeakMap<HTMLElement, Message>} */
  #messages = new WeakMap();
  /** @type {Message | null} */
  #shown = null;

  /** @param {RoomView} view */
  constructor(view) {
    this.#view = view;
  }

  /** @param {HTMLElement} row @param {Message} message */
  know(row, message) {
    const wasUnsent = row.isConnected && !this.#messages.has(row);
    this.#messages.set(row, message);
    if (this.#bar.parentElement === row) this.#fill(message);
    // The pointer was on the row before there was anything to do with it.
    else if (wasUnsent && row.matches(":hover") && !this.#bar.contains(document.activeElement)) this.show(row);
  }

  /** @param {HTMLElement} row */
  show(row) {
    const message = this.#messages.get(row);
    if (!message || message.deletedAt || this.#bar.parentElement === row) return;
    this.#fill(message);
    row.append(this.#bar);
  }

  /** @param {HTMLElement} row */
  hide(row) {
    const holdsFocus = row.contains(document.activeElement);
    if (this.#bar.parentElement === row && !holdsFocus) this.#bar.remove();
  }

  /** @param {Message} message */
  #fill(message) {
    if (this.#shown === message) return;
    this.#shown = message;
    const { chat, room, shell } = this.#view;
    const isOwn = message.senderId === chat.me.id;
    const rules = room?.membership?.role === "owner" || room?.membership?.role === "admin";
    const react = (/** @type {string} */ emoji) => {
      const mine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
      void shell.attempt(chat.react(message, emoji, !mine));
    };
    fill(this.#bar,
      ...QUICK.slice(0, 3).map(([emoji, name]) => iconButton(el("span.emoji", {}, emoji), `React with ${name}`, () => react(emoji))),
      iconButton(icon("smile"), "React with another emoji", ({ currentTarget }) => emojiPicker(/** @type {HTMLElement} */ (currentTarget), react)),
      iconButton(icon("reply"), "Reply", () => this.#view.reply(message)),
      isOwn && iconButton(icon("edit"), "Edit", () => this.#view.edit(message)),
      rules && iconButton(icon("pin"), message.pinned ? "Unpin" : "Pin", () => void shell.attempt(chat.pin(message, !message.pinned))),
      (isOwn || rules) && iconButton(icon("trash"), "Delete", () => confirmDialog("Delete this message?", "It goes away for everybody, and does not come back.", "Delete", () => chat.remove(message))));
  }
}
