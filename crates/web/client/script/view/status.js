/** The state of the connection, if something is wrong with it. */

import { el, fill } from "./dom.js";

/** @import { Chat } from "../state/chat.js" */
/** @import { Scope } from "./scope.js" */

/** Interruptions shorter than this are not shown, in milliseconds. */
const PATIENCE = 600;
const WELCOME_BACK = 2_500;

/** @param {Chat} chat @param {Scope} scope */
export function statusView(chat, scope) {
  const { connection } = chat;
  const element = el("div.status", { role: "status", hidden: true });
  const text = el("span.status-text");
  const button = el("button.link", { type: "button", onclick: () => connection.retry() }, "Try now");
  element.append(el("span.status-dot", { "aria-hidden": "true" }), text, button);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
  let wasAway = false;

  const show = (/** @type {string} */ words, /** @type {string} */ kind, mayRetry = false) => {
    fill(text, words);
    element.dataset["kind"] = kind;
    button.hidden = !mayRetry;
    element.hidden = false;
  };
  const update = () => {
    const { status } = connection;
    clearTimeout(timer);
    clearInterval(clock);
    document.documentElement.dataset["connection"] = status.phase;
    switch (status.phase) {
      case "live":
        if (wasAway) show("Back. Nothing was missed.", "good");
        timer = setTimeout(() => { element.hidden = true; }, wasAway ? WELCOME_BACK : 0);
        wasAway = false;
        return;
      case "offline": {
        wasAway = true;
        const count = () => {
          const seconds = Math.max(0, Math.ceil((status.wait - Date.now()) / 1000));
          show(`Offline. Trying again ${seconds > 1 ? `in ${seconds} seconds` : "now"}.`, "bad", true);
        };
        count();
        clock = setInterval(count, 1_000);
        return;
      }
      case "stopped":
        wasAway = true;
        return show(status.reason, "bad", true);
      default: {
        const words = status.phase === "connecting" ? "Connecting…" : "Catching up…";
        if (wasAway) show(words, "busy");
        else timer = setTimeout(() => show(words, "busy"), PATIENCE);
      }
    }
  };
  scope.on(connection, "status", update);
  scope.atEnd(() => {
    clearTimeout(timer);
    clearInterval(clock);
  });
  update();
  return element;
}
