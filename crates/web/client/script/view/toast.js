/** Short notes on what failed or was done, which disappear by themselves. */

import { el } from "./dom.js";
import { Problem } from "../wire/problem.js";

const SHOWN = 6_000;

export class Toasts {
  element = el("div.toasts", { role: "status", popover: "manual" });

  /** @param {string} text @param {"plain" | "bad"} [kind] */
  say(text, kind = "plain") {
    const toast = el(`p.toast.${kind}`, {}, text);
    this.element.append(toast);
    if (document.querySelector("dialog[open]")) this.#raise();
    setTimeout(() => toast.remove(), SHOWN);
  }

  /** Above the dialogs that are open: a popover is above those that were opened before it. */
  #raise() {
    if (!this.element.isConnected) return;
    if (this.element.matches(":popover-open")) this.element.hidePopover();
    this.element.showPopover();
  }

  /** @param {unknown} error */
  complain(error) {
    this.say(words(error), "bad");
  }
}

/** An error, in words for people. @param {unknown} error */
export function words(error) {
  if (error instanceof Problem && error.errors.length) {
    return error.errors.map(({ field, message }) => `${field} ${message}`).join("; ");
  }
  return error instanceof Error ? error.message : String(error);
}
