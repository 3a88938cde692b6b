/** Files that are being uploaded, to be attached to the next message. */

import { el, iconButton } from "./dom.js";
import { icon } from "./icons.js";
import { words } from "./toast.js";
import { size } from "../text/words.js";

/** @import { RoomView } from "./room.js" */
/** @import { Media } from "../wire/types.js" */

/** The server's limit. */
const MOST = 10;
const LARGEST = 25 * 1024 * 1024;
/** How many files are uploaded at once. The server limits this per user, and more would not be faster. */
const AT_ONCE = 2;

export class Uploads {
  element = el("ul.uploads", { "aria-label": "Files to send", hidden: true });
  #view;
  #changed;
  /** @type {Map<HTMLElement, Media | null>} null while it is on its way */
  #files = new Map();
  /** @type {string[]} */
  #addresses = [];
  #sending = 0;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {RoomView} view @param {() => void} changed */
  constructor(view, changed) {
    this.#view = view;
    this.#changed = changed;
  }

  /** The result of processing a file. @param {Media} media */
  looked({ id, status, fileName }) {
    const [item] = [...this.#files].find(([, known]) => known?.id === id) ?? [];
    if (!item || status !== "rejected") return;
    this.#view.shell.toasts.say(`${fileName} cannot be used.`, "bad");
    this.#remove(item);
  }

  get isBusy() {
    return [...this.#files.values()].includes(null);
  }

  get done() {
    return [...this.#files.values()].filter((media) => media !== null);
  }

  /** @param {File} file */
  async add(file) {
    const { toasts } = this.#view.shell;
    if (this.#files.size >= MOST) return toasts.say(`A message has at most ${MOST} files.`, "bad");
    if (file.size > LARGEST) return toasts.say(`${file.name} is larger than ${size(LARGEST)}.`, "bad");
    const item = this.#item(file);
    this.#files.set(item, null);
    this.#show();
    try {
      const media = await this.#send(item, file);
      if (media && this.#files.has(item)) this.#files.set(item, media);
      item.classList.remove("busy");
    } catch (error) {
      toasts.say(`${file.name}: ${words(error)}`, "bad");
      this.#remove(item);
    }
    this.#show();
  }

  /** @param {HTMLElement} item @param {File} file */
  async #send(item, file) {
    while (this.#sending >= AT_ONCE) await /** @type {Promise<void>} */ (new Promise((wake) => this.#waiting.push(wake)));
    this.#sending += 1;
    try {
      // It may have been removed while it waited.
      return this.#files.has(item) ? await this.#view.chat.api.upload(this.#view.id, file) : null;
    } finally {
      this.#sending -= 1;
      this.#waiting.shift()?.();
    }
  }

  clear() {
    for (const item of this.#files.keys()) item.remove();
    this.#files.clear();
    this.#show();
  }

  end() {
    for (const address of this.#addresses) URL.revokeObjectURL(address);
  }

  /** @param {File} file */
  #item(file) {
    /** @type {Node} */
    let sign = icon("copy");
    if (file.type.startsWith("image/")) {
      const address = URL.createObjectURL(file);
      this.#addresses.push(address);
      sign = el("img", { src: address, alt: "" });
    }
    const item = el("li.upload.busy", {}, sign, el("span", {}, file.name), iconButton(icon("close"), `Do not send ${file.name}`, () => this.#remove(item)));
    this.element.append(item);
    return item;
  }

  /** @param {HTMLElement} item */
  #remove(item) {
    this.#files.delete(item);
    item.remove();
    this.#show();
  }

  #show() {
    this.element.hidden = this.#files.size === 0;
    this.#changed();
  }
}
