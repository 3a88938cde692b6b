/** Short notes on what failed or was done, which disappear by themselves. */

import { el } from "./dom.js";
import { Problem } from "../wire/problem.js";

const SHOWN = 6_000;

export class Toasts {
  element = el("div.toasts", { role: "status" });

  /** @param {string} text @param {"plain" | "bad"} [kind] */
  say(text, kind = "plain") {
    const toast = el(`p.toast.${kind}`, {}, text);
    this.element.append(toast);
    setTimeout(() => toast.remove(), SHOWN);
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
