/** Shown while no room is open: what one can do. */

import { el } from "./dom.js";
import { browseDialog } from "./dialog/browse.js";
import { newChatDialog } from "./dialog/new-chat.js";
import { newRoomDialog } from "./dialog/new-room.js";
import { emblem, icon } from "./icons.js";

/** @import { Shell } from "./shell.js" */

/** @param {Shell} shell */
export function homeView(shell) {
  const way = (/** @type {import("./icons.js").IconName} */ name, /** @type {string} */ title, /** @type {string} */ text, /** @type {() => void} */ onclick) =>
    el("button.way", { type: "button", onclick }, icon(name), el("span", {}, el("strong", {}, title), el("small", {}, text)));
  return el("section.home", { "aria-labelledby": "home-title" },
    el("button.button.only-narrow", { type: "button", onclick: () => shell.drawer(true) }, icon("menu"), "Rooms"),
    emblem(),
    el("h1", { id: "home-title" }, `Welcome, ${shell.chat.people.name(shell.chat.me.id)}`),
    el("p", {}, "Choose a room, or begin here."),
    el("div.ways", {},
      way("hash", "Start a room", "For a team, a subject, an evening", () => newRoomDialog(shell)),
      way("compass", "Look around", "Rooms that are open to everybody", () => browseDialog(shell)),
      way("message", "Write to somebody", "Just the two of you", () => newChatDialog(shell))));
}
