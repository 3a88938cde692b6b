/** The composer: new messages, replies and edits. Drafts are kept. */

import { el, fill, iconButton } from "./dom.js";
import { confirmDialog } from "./dialog.js";
import { emojiPicker } from "./emoji.js";
import { FEATURES } from "../features.js";
import { icon } from "./icons.js";
import { MentionList } from "./mentions.js";
import { Uploads } from "./uploads.js";
import { gist, roomName } from "../text/words.js";

/** @import { RoomView } from "./room.js" */
/** @import { Message } from "../wire/types.js" */

/** The server's limit. */
const LONGEST = 8_000;
/** How often others are told that the user is still typing, in milliseconds. Typing expires after six seconds. */
const TYPING_EVERY = 3_000;

export class Composer {
  element;
  #view;
  #input;
  #about = el("div.about", { hidden: true });
  #send;
  #mentions;
  #uploads;
  /** @type {Message | null} */
  #replyTo = null;
  /** @type {Message | null} */
  #editing = null;
  #typedAt = 0;

  /** @param {RoomView} view */
  constructor(view) {
    this.#view = view;
    const { room, chat } = view;
    const name = room ? roomName(room, chat.me.id, chat.people) : "the room";
    this.#input = el("textarea.composer-input", { rows: 1, maxlength: LONGEST, "aria-label": `Message to ${name}`, placeholder: `Message ${room?.kind === "direct" ? name : `#${name}`}`, enterkeyhint: "send" });
    this.#send = el("button.send", { type: "submit", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
    this.#mentions = new MentionList(view, this.#input);
    this.#uploads = new Uploads(view, () => this.#measure());
    const picker = el("input", { type: "file", multiple: true, hidden: true, accept: "image/*,video/*,audio/*,.pdf,.txt,.zip", onchange: () => {
      this.attach([...(picker.files ?? [])]);
      picker.value = "";
    } });
    const smile = iconButton(icon("smile"), "Put in an emoji", ({ currentTarget }) => emojiPicker(/** @type {HTMLElement} */ (currentTarget), (emoji) => this.#insert(emoji)));
    this.element = el("form.composer", { "aria-label": "Write a message" },
      this.#mentions.element, this.#about, this.#uploads.element,
      el("div.composer-line", {},
        FEATURES.media && iconButton(icon("image"), "Add a picture or a file", () => picker.click()), FEATURES.media && picker,
        this.#input, smile, this.#send));
    this.#listen();
    this.#restoreDraft();
    queueMicrotask(() => this.#measure());
  }

  focus() {
    this.#input.focus();
  }

  /** @param {Message} message */
  reply(message) {
    if (this.#editing) this.#restoreDraft();
    this.#editing = null;
    this.#replyTo = message;
    this.#tellAbout("Reply to", message);
  }

  /** @param {Message} message */
  edit(message) {
    this.#replyTo = null;
    this.#editing = message;
    this.#input.value = message.content ?? "";
    this.#tellAbout("Change", message);
  }

  /** @param {File[]} files */
  attach(files) {
    for (const file of files) this.#uploads.add(file);
    this.focus();
  }

  /** Leaves the text field if it is empty, so that keys act as shortcuts. @returns {boolean} whether one was in it */
  leave() {
    if (document.activeElement !== this.#input) return false;
    if (!this.#input.value) this.#input.blur();
    return true;
  }

  /** Closes the suggestions, or cancels a reply or an edit. @returns {boolean} whether there was anything */
  escape() {
    if (this.#mentions.close()) return true;
    if (!this.#editing && !this.#replyTo) return false;
    if (this.#editing) this.#restoreDraft();
    this.#plain();
    return true;
  }

  get #draftKey() {
    return `tertulia.draft ${this.#view.chat.me.id} ${this.#view.id}`;
  }

  #listen() {
    const { scope, chat } = this.#view;
    scope.listen(this.element, "submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    scope.listen(this.#input, "keydown", (event) => this.#key(event));
    scope.listen(this.#input, "input", () => this.#typed());
    scope.listen(this.#input, "paste", (/** @type {ClipboardEvent} */ event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!FEATURES.media || !files.length) return;
      event.preventDefault();
      this.attach(files);
    });
    scope.listen(this.#input, "blur", () => this.#stopTyping());
    scope.atEnd(() => {
      this.#stopTyping();
      this.#uploads.end();
    });
    scope.on(chat, "media", (media) => this.#uploads.looked(media));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || this.#mentions.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "ArrowUp" && !this.#input.value && !this.#editing) {
      const last = this.#view.timeline.lastOwn();
      if (!last) return;
      event.preventDefault();
      this.edit(last);
    }
  }

  #submit() {
    const content = this.#input.value.trim();
    const { chat, shell, id, timeline } = this.#view;
    if (this.#editing) return this.#change(this.#editing, content);
    if (this.#uploads.isBusy) return shell.toasts.say("A file is still on its way.");
    const attachments = this.#uploads.done;
    if (!content && !attachments.length) return;
    const before = Date.now();
    // A message needs a text: without one it is named after its file.
    chat.outbox.add({ roomId: id, content: content || attachments.map(({ fileName }) => fileName).join(", "), replyTo: this.#replyTo?.id, attachments });
    this.#input.value = "";
    this.#uploads.clear();
    this.#stopTyping(before);
    this.#plain();
    this.#keepDraft();
    timeline.said();
  }

  /** @param {Message} message @param {string} content */
  #change(message, content) {
    const { chat, shell } = this.#view;
    if (!content) return confirmDialog("Delete this message?", "Nothing is left of it. It goes away for everybody.", "Delete", async () => {
      await chat.remove(message);
      this.escape();
    });
    if (content === message.content) return void this.escape();
    void shell.attempt(chat.edit(message, content).then(() => this.escape()));
  }

  #typed() {
    this.#measure();
    this.#mentions.look();
    if (this.#editing) return;
    this.#keepDraft();
    const now = Date.now();
    if (!this.#input.value.trim()) return this.#stopTyping();
    if (now - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = now;
    this.#view.chat.connection.tell({ type: "typing", roomId: this.#view.id, on: true });
  }

  #stopTyping(now = Date.now()) {
    const isTold = now - this.#typedAt < TYPING_EVERY * 2;
    this.#typedAt = 0;
    if (isTold) this.#view.chat.connection.tell({ type: "typing", roomId: this.#view.id, on: false });
  }

  #keepDraft() {
    const { value } = this.#input;
    if (value) sessionStorage.setItem(this.#draftKey, value);
    else sessionStorage.removeItem(this.#draftKey);
  }

  #restoreDraft() {
    this.#input.value = sessionStorage.getItem(this.#draftKey) ?? "";
  }

  /** @param {string} text */
  #insert(text) {
    this.#input.setRangeText(text, this.#input.selectionStart, this.#input.selectionEnd, "end");
    this.focus();
    this.#typed();
  }

  /** Adjusts the height to the text. */
  #measure() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    this.#send.classList.toggle("ready", this.#input.value.trim() !== "" || this.#uploads.done.length > 0);
  }

  /** @param {string} what @param {Message} message */
  #tellAbout(what, message) {
    const whose = what === "Change" ? "" : ` ${this.#view.chat.people.name(message.senderId)}`;
    fill(this.#about, el("span", {}, el("strong", {}, `${what}${whose}`), " ", gist(message)), iconButton(icon("close"), "Never mind (Esc)", () => this.escape()));
    this.#about.hidden = false;
    this.#measure();
    this.focus();
  }

  #plain() {
    this.#replyTo = this.#editing = null;
    this.#about.hidden = true;
    this.#measure();
    this.focus();
  }
}
