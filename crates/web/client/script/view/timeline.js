/**
 * The conversation: as much of it as was loaded, scrolling upwards without end. Whatever is added above or
 * below, what one is looking at stays in place, and at the end the view follows new messages.
 */

import { rows } from "../state/rows.js";
import { batched, el, fill, keyed, say } from "./dom.js";
import { FEATURES } from "../features.js";
import { icon } from "./icons.js";
import { MessageRows } from "./message-rows.js";
import { clock, counted, dayWithin, gist } from "../text/words.js";

/** @import { RoomView } from "./room.js" */
/** @import { Row } from "../state/rows.js" */
/** @import { Message } from "../wire/types.js" */

/** How close to an edge, in pixels, the next page is loaded. */
const NEAR = 800;
/** How close to the end, in pixels, the view counts as being there. */
const AT_END = 48;
/** From how many unread messages on they get a bar of their own above the conversation. */
const MANY = 10;

export class TimelineView {
  element;
  #view;
  #list = el("ol.messages", { "aria-label": "Messages" });
  #scroller;
  #beginning = el("div.beginning");
  #news = el("div.unseen", { "aria-live": "polite" });
  #newest;
  #missed = el("div.missed-bar", { hidden: true });
  #rows;
  /** The seq that was jumped to; null at the present. @type {number | null} */
  #anchor;
  /** Whether the view follows new messages. */
  #follows = true;
  /** Where the end was when the view was last there. */
  #endedAt = 0;
  /** The read cursor when the room was opened. @type {number | null} */
  #unreadAfter = null;
  /** @type {number | null} */
  #cameAt = null;
  #isReading = false;
  #hasBegun = false;

  /** @param {RoomView} view @param {number | undefined} seq */
  constructor(view, seq) {
    this.#view = view;
    this.#anchor = seq ?? null;
    this.#rows = new MessageRows(view);
    this.#newest = el("button.newest", { type: "button", hidden: true, onclick: () => void view.shell.attempt(this.toNewest()) }, icon("down"), el("span", {}, "Newest messages"));
    // Focusable, so that the keyboard can scroll it.
    this.#scroller = el("div.scroller", { tabindex: 0, role: "region", "aria-label": "Messages" }, this.#beginning, this.#list);
    this.element = el("div.timeline", {}, this.#missed, this.#scroller, this.#newest, this.#news);
    this.#listen();
  }

  async begin() {
    const { chat, id, room } = this.#view;
    const unread = chat.rooms.unread(id);
    if (room?.membership && unread > 0) this.#cameAt = this.#unreadAfter = Math.max(room.membership.readSeq, room.membership.fromSeq);
    this.#rows.loading(this.#list);
    if (this.#anchor !== null) {
      await chat.archive.around(id, this.#anchor);
      this.#hasBegun = true;
      return this.jump(this.#anchor);
    }
    if (!chat.archive.timeline(id)?.isCurrent || !chat.archive.timeline(id)?.size) await chat.archive.newest(id);
    // Where more is unread than one page has, the page of the first unread message is read too, and not all that lie between.
    const [oldest] = this.#shown();
    if (this.#cameAt !== null && oldest && oldest.seq > this.#cameAt + 1) {
      await chat.archive.around(id, this.#cameAt + 1);
      this.#anchor = this.#cameAt + 1;
    }
    this.#hasBegun = true;
    this.#render();
    const firstNew = this.#list.querySelector(".new-line");
    if (firstNew) firstNew.scrollIntoView({ block: "center" });
    else this.#toEnd();
    this.#scrolled();
    this.#tellMissed(unread);
  }

  /** Goes to a message, wherever it is. @param {number} seq */
  async jump(seq) {
    const { chat, id } = this.#view;
    const timeline = chat.archive.open(id);
    if (!timeline.at(seq)) await chat.archive.around(id, seq);
    this.#anchor = timeline.run(seq).at(-1)?.seq === timeline.latest ? null : seq;
    this.#follows = false;
    this.#rows.mark(seq);
    this.#render();
    const row = this.#rows.of(seq, this.#list);
    if (!row) return this.#view.shell.toasts.say("That message cannot be shown.");
    row.scrollIntoView({ block: "center" });
    // Highlighted again if one jumps there again.
    row.classList.remove("found");
    void row.offsetWidth;
    row.classList.add("found");
    row.focus({ preventScroll: true });
    this.#scrolled();
  }

  async toNewest() {
    const { chat, id } = this.#view;
    this.#anchor = null;
    this.#rows.mark(null);
    this.welcomed();
    if (!chat.archive.timeline(id)?.isCurrent) await chat.archive.newest(id);
    this.#render();
    this.#toEnd();
    this.#view.composer.focus();
  }

  /** One's own messages count as seen, and bring the view to the end. */
  said() {
    this.#unreadAfter = null;
    void this.#view.shell.attempt(this.toNewest());
  }

  /** How far the user had read when they opened the room. */
  get cameAt() {
    return this.#cameAt;
  }

  /** Hides the bar about unread messages. */
  welcomed() {
    this.#missed.hidden = true;
  }

  /** The last message that the user may edit. @returns {Message | undefined} */
  lastOwn() {
    const { chat } = this.#view;
    return this.#shown().findLast((message) => message.senderId === chat.me.id && !message.deletedAt);
  }

  #listen() {
    const { chat, scope, id } = this.#view;
    const render = batched(() => this.#render());
    const here = (/** @type {string} */ roomId) => roomId === id && render();
    scope.on(chat.archive, "changed", here);
    scope.on(chat.outbox, "changed", here);
    scope.on(chat, "members", here);
    scope.on(chat.people, "changed", render);
    scope.on(chat.connection, "status", render);
    scope.on(chat, "said", (message) => this.#heard(message));
    scope.listen(this.#scroller, "scroll", () => this.#scrolled(), { passive: true });
    scope.listen(document, "visibilitychange", () => this.#scrolled());
    scope.listen(this.#list, "keydown", (event) => this.#rows.keys(event, this.#list));
    const size = new ResizeObserver(() => {
      if (this.#staysAtEnd()) this.#toEnd();
    });
    size.observe(this.#scroller);
    size.observe(this.#list);
    scope.atEnd(() => size.disconnect());
  }

  /** @returns {Message[]} */
  #shown() {
    return this.#view.chat.archive.timeline(this.#view.id)?.run(this.#anchor ?? undefined) ?? [];
  }

  #render() {
    const { chat, id } = this.#view;
    if (!this.#hasBegun) return;
    const timeline = chat.archive.timeline(id);
    // It was discarded, because too much was missed.
    if (!timeline) return void this.#view.shell.attempt(this.#again());
    // What was missed is only shown when it is complete: it may arrive in another order than it was posted in.
    if (chat.connection.status.phase === "catching-up" && this.#list.childElementCount) return;
    const messages = this.#shown();
    const unsent = this.#anchor === null || messages.at(-1)?.seq === timeline.latest ? chat.outbox.of(id) : [];
    const keep = this.#hold();
    this.#rows.prepare(messages);
    keyed(this.#list, rows(messages, unsent, { me: chat.me.id, unreadAfter: this.#unreadAfter }), {
      key: (/** @type {Row} */ row) => row.key,
      make: (row) => this.#rows.make(row),
      update: (element, row) => this.#rows.update(element, row),
    });
    this.#tellBeginning(timeline.isFirst(messages[0]));
    keep();
    this.#scrolled();
  }

  async #again() {
    const { chat, id } = this.#view;
    chat.archive.open(id);
    this.#anchor = null;
    await Promise.all([chat.archive.newest(id), chat.readMembers(id)]);
    this.#toEnd();
  }

  /** Remembers what is in view, and returns a function that restores it. */
  #hold() {
    if (this.#staysAtEnd()) return () => this.#toEnd();
    const top = this.#scroller.getBoundingClientRect().top;
    const held = [...this.#list.children].find((row) => row.getBoundingClientRect().bottom > top);
    const before = held?.getBoundingClientRect().top ?? 0;
    return () => {
      if (held?.isConnected) this.#scroller.scrollTop += held.getBoundingClientRect().top - before;
    };
  }

  /** Browsers report scrolling with the next frame only: if the user has scrolled up since, the view no longer follows. */
  #staysAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const hasLeft = scrollTop < this.#endedAt - AT_END && scrollHeight - scrollTop - clientHeight >= AT_END;
    return this.#follows && this.#anchor === null && !hasLeft;
  }

  #toEnd() {
    this.#follows = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#endedAt = this.#scroller.scrollTop;
  }

  #scrolled() {
    if (!this.#hasBegun) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    const messages = this.#shown();
    const timeline = this.#view.chat.archive.timeline(this.#view.id);
    const isCurrent = messages.at(-1)?.seq === timeline?.latest || !messages.length;
    if (isCurrent && this.#anchor !== null) this.#anchor = null;
    this.#follows = below < AT_END && isCurrent;
    if (this.#follows) this.#endedAt = scrollTop;
    this.#newest.hidden = this.#follows || (below < clientHeight && isCurrent);
    this.#markRead();
    const first = messages[0];
    const last = messages.at(-1);
    if (scrollTop < NEAR && first && !timeline?.isFirst(first)) void this.#read(() => this.#view.chat.archive.older(first));
    else if (below < NEAR && last && !isCurrent) void this.#read(() => this.#view.chat.archive.newer(last));
  }

  /** Loads one page at a time. @param {() => Promise<void>} page */
  async #read(page) {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      await page();
    } catch {
      // Scrolling again tries again; a missing connection is shown elsewhere.
      await new Promise((wake) => setTimeout(wake, 1_000));
    } finally {
      this.#isReading = false;
    }
    this.#render();
  }

  /** Marks as read what is visible on a page that somebody looks at. */
  #markRead() {
    if (document.visibilityState !== "visible") return;
    const bottom = this.#scroller.getBoundingClientRect().bottom;
    for (let row = this.#list.lastElementChild; row; row = row.previousElementSibling) {
      const seq = Number(/** @type {HTMLElement} */ (row).dataset["seq"]);
      if (seq && row.getBoundingClientRect().top < bottom) {
        this.#view.chat.marks.read(this.#view.id, seq);
        if (seq >= (this.#view.room?.lastSeq ?? 0)) this.#missed.hidden = true;
        return;
      }
    }
  }

  /** Announces a message to screen readers. @param {Message} message */
  #heard(message) {
    if (message.roomId !== this.#view.id) return;
    say(this.#news, `${message.sender.displayName}: ${gist(message)}`);
    if (document.visibilityState !== "visible" && this.#unreadAfter === null) this.#unreadAfter = message.seq - 1;
  }

  /** @param {boolean} isWhole */
  #tellBeginning(isWhole) {
    const { room } = this.#view;
    if (!isWhole) return fill(this.#beginning, el("p.loading-more", {}, "Reading what was said before…"));
    const words = room?.kind === "direct" ? "This is the beginning of your conversation." : room?.membership?.fromSeq ? "You came here. What was said before is for those who were there." : "This is where the room begins.";
    fill(this.#beginning, el("p.room-begins", {}, words));
  }

  /** @param {number} unread */
  #tellMissed(unread) {
    const { chat, id } = this.#view;
    const after = this.#unreadAfter;
    if (after === null || unread < MANY) return;
    const first = chat.archive.timeline(id)?.at(after + 1);
    const since = first ? ` since ${dayWithin(first.createdAt)}, ${clock(first.createdAt)}` : "";
    fill(this.#missed,
      el("span", {}, counted(unread, "new message") + since),
      el("button.link", { type: "button", onclick: () => void this.#view.jump(after + 1) }, "Go to the first"),
      FEATURES.summary && el("button.link", { type: "button", onclick: () => this.#view.openPanel("summary") }, "What did I miss?"),
      el("button.link", { type: "button", onclick: () => void this.#view.shell.attempt(this.toNewest()) }, "Go to the end"));
    this.#missed.hidden = false;
  }
}
