/** Suggestions while one types an @. */

import { avatar } from "./avatar.js";
import { el, fill } from "./dom.js";

/** @import { RoomView } from "./room.js" */
/** @import { User } from "../wire/types.js" */

const SHOWN = 6;

export class MentionList {
  element = el("ul.mention-list", { id: "mention-list", role: "listbox", "aria-label": "People to mention", hidden: true });
  #view;
  #input;
  /** @type {User[]} */
  #found = [];
  #chosen = 0;

  /** @param {RoomView} view @param {HTMLTextAreaElement} input */
  constructor(view, input) {
    this.#view = view;
    this.#input = input;
    input.setAttribute("aria-controls", "mention-list");
    input.addEventListener("blur", () => this.close());
  }

  /** Whether the text before the caret ends in the beginning of a name. */
  look() {
    const begun = this.#begun();
    const { chat, id } = this.#view;
    const everybody = begun === null ? [] : (chat.members(id)?.all ?? []).map(({ user }) => user).filter((user) => user.id !== chat.me.id);
    const fits = ({ username = "", displayName = "" }) => [username, ...displayName.split(" ")].some((name) => name.toLowerCase().startsWith(begun ?? ""));
    this.#found = everybody.filter(fits).slice(0, SHOWN);
    this.#chosen = 0;
    this.#show();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was for the list */
  key(event) {
    if (this.element.hidden) return false;
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
    const step = steps[event.key];
    const isChoice = event.key === "Enter" || event.key === "Tab";
    if (step === undefined && !isChoice) return false;
    // The whole name was typed: there is nothing left to choose, so Enter sends.
    if (event.key === "Enter" && this.#found[this.#chosen]?.username.toLowerCase() === this.#begun()) {
      this.close();
      return false;
    }
    event.preventDefault();
    if (isChoice) this.#take(this.#found[this.#chosen]);
    else {
      this.#chosen = (this.#chosen + (step ?? 0) + this.#found.length) % this.#found.length;
      this.#show();
    }
    return true;
  }

  close() {
    if (this.element.hidden) return false;
    this.#found = [];
    this.#show();
    return true;
  }

  /** @returns {string | null} */
  #begun() {
    const before = this.#input.value.slice(0, this.#input.selectionStart);
    return /(?:^|\s)@([A-Za-z0-9_.-]*)$/.exec(before)?.[1]?.toLowerCase() ?? null;
  }

  /** @param {User | undefined} user */
  #take(user) {
    const begun = this.#begun();
    if (!user || begun === null) return;
    const end = this.#input.selectionStart;
    this.#input.setRangeText(`${user.username} `, end - begun.length, end, "end");
    this.close();
    this.#input.dispatchEvent(new Event("input"));
  }

  #show() {
    this.element.hidden = this.#found.length === 0;
    const choose = (/** @type {User} */ user) => (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#take(user);
    };
    fill(this.element, ...this.#found.map((user, place) =>
      el("li", { id: `mention-${place}`, role: "option", "aria-selected": String(place === this.#chosen), onpointerdown: choose(user) },
        avatar(user, this.#view.chat.api, "small"), el("strong", {}, user.displayName), el("small", {}, `@${user.username}`))));
    if (this.#found.length) this.#input.setAttribute("aria-activedescendant", `mention-${this.#chosen}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }
}
