/** A room: its header, the conversation, the composer, and a panel beside it. */

import { cover, uncover } from "../router.js";
import { Scope } from "./scope.js";
import { avatar, presenceDot } from "./avatar.js";
import { Composer } from "./composer.js";
import { batched, el, fill, iconButton } from "./dom.js";
import { FEATURES } from "../features.js";
import { icon } from "./icons.js";
import { panels } from "./panel/all.js";
import { TimelineView } from "./timeline.js";
import { typingLine } from "./typing.js";
import { counted, roomName } from "../text/words.js";

/** The width below which the panel covers the conversation: as in panel.css. */
const COVERED = "(max-width: 60rem)";

/** @import { Shell } from "./shell.js" */
/** @import { Message } from "../wire/types.js" */
/** @import { PanelName } from "./panel/all.js" */

export class RoomView {
  id;
  shell;
  element;
  scope = new Scope();
  timeline;
  composer;
  #head = el("header.room-head");
  #aside = el("div.panel-place");
  /** @type {{ name: PanelName, scope: Scope, opener: Element | null } | null} */
  #panel = null;

  /** @param {Shell} shell @param {string} id @param {number | undefined} seq where to begin */
  constructor(shell, id, seq) {
    this.shell = shell;
    this.id = id;
    this.timeline = new TimelineView(this, seq);
    this.composer = new Composer(this);
    const conversation = el("section.conversation", { "aria-label": "Conversation" },
      this.#head, this.timeline.element, typingLine(this), this.composer.element);
    this.element = el("div.room", {}, conversation, this.#aside);
    this.#drop(conversation);
    const { chat } = shell;
    const update = batched(() => this.#fillHead());
    this.scope.on(chat.rooms, "changed", update);
    this.scope.on(chat.people, "changed", update);
    this.#fillHead();
  }

  get chat() {
    return this.shell.chat;
  }

  get room() {
    return this.chat.rooms.get(this.id);
  }

  begin() {
    void this.shell.attempt(this.timeline.begin());
    void this.shell.attempt(this.chat.readMembers(this.id));
    this.#write();
  }

  /** @param {number} seq */
  jump(seq) {
    return this.shell.attempt(this.timeline.jump(seq));
  }

  /** @param {Message} message */
  reply(message) {
    this.composer.reply(message);
  }

  /** @param {Message} message */
  edit(message) {
    this.composer.edit(message);
  }

  /** @param {PanelName} name @param {Message} [message] */
  openPanel(name, message) {
    if (name === "summary") this.timeline.welcomed();
    const opener = this.#panel ? this.#panel.opener : document.activeElement;
    this.#panel?.scope.end();
    const scope = new Scope();
    this.#panel = { name, scope, opener };
    const { title, content } = panels[name](this, scope, message);
    const close = iconButton(icon("close"), "Close the panel", () => this.closePanel());
    const panel = el("aside.panel", { "aria-label": title }, el("header.panel-head", {}, el("h2", {}, title), close), ...content);
    fill(this.#aside, panel);
    this.element.classList.add("with-panel");
    /** @type {HTMLElement} */ (panel.querySelector("input, textarea") ?? close).focus();
    this.#fillHead();
    if (matchMedia(COVERED).matches) cover(() => this.closePanel());
  }

  /** Closes the panel if it would cover what was jumped to. */
  uncover() {
    if (matchMedia(COVERED).matches) this.closePanel();
  }

  closePanel() {
    if (!this.#panel) return;
    const { scope, opener } = this.#panel;
    uncover();
    scope.end();
    this.#panel = null;
    fill(this.#aside);
    this.element.classList.remove("with-panel");
    this.#fillHead();
    // The header was rendered again, with a new button in its place.
    const name = opener instanceof HTMLElement && !opener.isConnected && opener.dataset["panel"];
    const back = name ? this.#head.querySelector(`[data-panel="${name}"]`) : opener;
    if (back instanceof HTMLElement && back.isConnected) back.focus();
    else this.#write();
  }

  /** Focuses the composer, but not on a phone, where the keyboard would cover what one reads. */
  #write() {
    if (!matchMedia("(pointer: coarse)").matches) this.composer.focus();
  }

  /** Goes back by one step: cancels what the composer does, closes the panel or the drawer, leaves the composer, or returns to it. */
  escape() {
    if (this.composer.escape()) return;
    if (this.#panel) this.closePanel();
    else if (this.shell.element.classList.contains("drawer-open")) this.shell.drawer(false);
    else if (!this.composer.leave()) this.composer.focus();
  }

  end() {
    uncover();
    this.#panel?.scope.end();
    this.scope.end();
  }

  #fillHead() {
    const { room, chat, shell } = this;
    if (!room) return;
    const name = roomName(room, chat.me.id, chat.people);
    const other = room.kind === "direct" ? room.participants?.find(({ id }) => id !== chat.me.id) : undefined;
    const isOnline = other !== undefined && chat.people.isOnline(other.id);
    const said = other ? (isOnline ? "online" : "offline") : [counted(room.memberCount, "member"), room.description].filter(Boolean).join(" · ");
    const state = JSON.stringify([name, room.isPrivate, said, this.#panel?.name]);
    if (this.#head.dataset["state"] === state) return;
    this.#head.dataset["state"] = state;
    const focused = document.activeElement?.closest(".room-head [data-panel]")?.getAttribute("data-panel");
    const button = (/** @type {PanelName} */ panel, /** @type {import("./icons.js").IconName} */ sign, /** @type {string} */ label) =>
      iconButton(icon(sign), label, () => (this.#panel?.name === panel ? this.closePanel() : this.openPanel(panel)), { "aria-pressed": String(this.#panel?.name === panel), "data-panel": panel });
    fill(this.#head,
      el("button.icon-button.only-narrow", { type: "button", "aria-label": "Rooms", onclick: () => shell.drawer(true) }, icon("menu")),
      other ? el("span.room-sign", {}, avatar(chat.people.get(other.id) ?? other, chat.api), presenceDot(isOnline)) : el("span.room-sign.room-icon", {}, icon(room.isPrivate ? "lock" : "hash")),
      el("div.room-title", {}, el("h1", {}, name), el("p", {}, said)),
      FEATURES.summary && el("button.button.missed", { type: "button", "aria-label": "What did I miss?", "data-panel": "summary", onclick: () => this.openPanel("summary") }, icon("spark"), el("span", {}, "What did I miss?")),
      button("search", "search", "Search (/)"),
      button("pins", "pin", "Pinned messages"),
      button("members", "people", "Members"),
      button("details", "gear", "About this room"));
    if (focused) /** @type {HTMLElement | null} */ (this.#head.querySelector(`[data-panel="${focused}"]`))?.focus();
  }

  /** Accepts files that are dropped here. @param {HTMLElement} place */
  #drop(place) {
    if (!FEATURES.media) return;
    this.scope.listen(place, "dragover", (event) => event.preventDefault());
    this.scope.listen(place, "drop", (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      this.composer.attach([...(event.dataTransfer?.files ?? [])]);
    });
  }
}
