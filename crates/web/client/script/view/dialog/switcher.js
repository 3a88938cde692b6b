/** Switching to a room by a few letters of its name. */

import { go } from "../../router.js";
import { avatar } from "../avatar.js";
import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { roomName } from "../../text/words.js";

/** @import { Shell } from "../shell.js" */
/** @import { Room } from "../../wire/types.js" */

const SHOWN = 8;

/** @param {Shell} shell */
export function switcherDialog(shell) {
  const { chat } = shell;
  const input = el("input", { type: "text", placeholder: "Go to…", role: "combobox", "aria-label": "Go to a room", "aria-expanded": "true", "aria-controls": "switcher-list", autocomplete: "off", spellcheck: "false" });
  const list = el("ul", { id: "switcher-list", role: "listbox", "aria-label": "Rooms" });
  const dialog = el("dialog.switcher", { "aria-label": "Go to a room", onclose: () => dialog.remove() }, input, list);
  let chosen = 0;
  /** @type {Room[]} */
  let found = [];
  const enter = (/** @type {Room | undefined} */ room) => {
    if (!room) return;
    dialog.close();
    go({ name: "room", roomId: room.id });
  };
  const show = () => {
    fill(list, ...found.map((room, place) => option(shell, room, place, place === chosen, () => enter(room))));
    input.setAttribute("aria-activedescendant", found.length ? `switch-${chosen}` : "");
  };
  const look = () => {
    const words = input.value.trim().toLowerCase();
    const name = (/** @type {Room} */ room) => roomName(room, chat.me.id, chat.people).toLowerCase();
    const fits = chat.rooms.all.filter((room) => name(room).includes(words));
    // Unread rooms come first, then those whose name begins with the query.
    const order = (/** @type {Room} */ room) => (chat.rooms.unread(room.id) ? 0 : 2) + (name(room).startsWith(words) ? 0 : 1);
    found = fits.sort((one, other) => order(one) - order(other)).slice(0, SHOWN);
    chosen = 0;
    show();
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") enter(found[chosen]);
    else if (step && found.length) {
      chosen = (chosen + step + found.length) % found.length;
      show();
    } else return;
    event.preventDefault();
  });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
  look();
}

/** @param {Shell} shell @param {Room} room @param {number} place @param {boolean} chosen @param {() => void} onclick */
function option({ chat }, room, place, chosen, onclick) {
  const other = room.kind === "direct" ? room.participants?.find(({ id }) => id !== chat.me.id) : undefined;
  const unread = chat.rooms.unread(room.id);
  return el("li", { id: `switch-${place}`, role: "option", "aria-selected": String(chosen), onclick },
    other ? avatar(other, chat.api, "small") : el("span.room-icon.small", {}, icon(room.isPrivate ? "lock" : "hash")),
    el("span", {}, roomName(room, chat.me.id, chat.people)),
    unread > 0 && el("span.badge", {}, String(unread)));
}
