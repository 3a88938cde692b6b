/** The user's rooms, and their profile. */

import { hashOf } from "../router.js";
import { avatar, presenceDot } from "./avatar.js";
import { batched, el, fill, iconButton, keyed } from "./dom.js";
import { browseDialog } from "./dialog/browse.js";
import { newChatDialog } from "./dialog/new-chat.js";
import { newRoomDialog } from "./dialog/new-room.js";
import { profileDialog } from "./dialog/profile.js";
import { switcherDialog } from "./dialog/switcher.js";
import { emblem, icon } from "./icons.js";
import { isDark, setTheme } from "../theme.js";
import { counted, gist, roomName, when } from "../text/words.js";

/** @import { Scope } from "./scope.js" */
/** @import { Shell } from "./shell.js" */
/** @import { Room } from "../wire/types.js" */

/** @param {Shell} shell @param {Scope} scope */
export function sidebarView(shell, scope) {
  const { chat } = shell;
  const rooms = el("ul.room-list", { "aria-label": "Rooms" });
  const directs = el("ul.room-list", { "aria-label": "Direct messages" });
  const me = el("div.own-corner");
  const element = el("nav.sidebar", { "aria-label": "Rooms and people" },
    el("header.sidebar-head", {},
      el("a.wordmark", { href: "#/" }, emblem(), "Tertulia"),
      iconButton(icon("search"), "Go to a room (Ctrl+K)", () => switcherDialog(shell))),
    el("div.sidebar-lists", {},
      heading("Rooms", iconButton(icon("compass"), "Look for rooms", () => browseDialog(shell)), iconButton(icon("add"), "Start a room", () => newRoomDialog(shell))),
      rooms,
      heading("Direct messages", iconButton(icon("add"), "Write to somebody", () => newChatDialog(shell))),
      directs),
    me);
  const update = () => {
    const all = chat.rooms.all;
    const how = { key: (/** @type {Room} */ room) => room.id, make: makeRow, update: (/** @type {HTMLElement} */ row, /** @type {Room} */ room) => fillRow(row, room, shell) };
    keyed(rooms, all.filter(({ kind }) => kind !== "direct"), how);
    keyed(directs, all.filter(({ kind }) => kind === "direct"), how);
    for (const [list, words] of /** @type {const} */ ([[rooms, "No rooms yet. Start one, or look around."], [directs, "Nobody yet."]])) {
      if (!list.childElementCount && chat.rooms.isLoaded) list.append(el("li.nothing", {}, words));
    }
  };
  const greet = () => fill(me, ...ownCorner(shell));
  scope.on(chat.rooms, "changed", batched(update));
  scope.on(chat.people, "changed", batched(() => {
    update();
    greet();
  }));
  scope.listen(matchMedia("(prefers-color-scheme: dark)"), "change", greet);
  scope.listen(element, "click", ({ target }) => {
    if (target instanceof Element && target.closest("a")) shell.drawer(false);
  });
  update();
  greet();
  return el("div.sidebar-side", {}, element, el("button.scrim", { type: "button", tabindex: -1, "aria-label": "Close the list", onclick: () => shell.drawer(false) }));
}

/** @param {string} title @param {...Node} buttons */
function heading(title, ...buttons) {
  return el("div.list-head", {}, el("h2", {}, title), ...buttons);
}

function makeRow() {
  return el("li", {}, el("a.room-row"));
}

/** @param {HTMLElement} row @param {Room} room @param {Shell} shell */
function fillRow(row, room, shell) {
  const { chat } = shell;
  const name = roomName(room, chat.me.id, chat.people);
  const other = room.kind === "direct" ? room.participants?.find(({ id }) => id !== chat.me.id) : undefined;
  const isOnline = other !== undefined && chat.people.isOnline(other.id);
  const unread = shell.room?.id === room.id && document.visibilityState === "visible" ? 0 : chat.rooms.unread(room.id);
  const { muted = false, mentions = 0 } = room.membership ?? {};
  const isHere = shell.room?.id === room.id;
  const last = room.lastMessage;
  const state = JSON.stringify([name, room.kind, isOnline, unread, muted, mentions, isHere, last?.id, last?.rev, other && chat.people.get(other.id)?.avatarUrl]);
  if (row.dataset["state"] === state) return;
  row.dataset["state"] = state;
  const link = /** @type {HTMLAnchorElement} */ (row.firstElementChild);
  link.href = hashOf({ name: "room", roomId: room.id });
  link.className = `room-row${unread && !muted ? " unread" : ""}${muted ? " muted" : ""}`;
  if (isHere) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  const whose = last && !last.deletedAt && room.kind !== "direct" ? `${last.senderId === chat.me.id ? "You" : last.sender.displayName}: ` : "";
  const badge = unread > 0 && el("span.badge", {},
    el("span", { "aria-hidden": "true" }, `${mentions ? "@" : ""}${unread > 99 ? "99+" : unread}`), el("span.unseen", {}, `${counted(unread, "unread message")}${mentions ? `, ${counted(mentions, "mention")}` : ""}`));
  fill(link,
    other ? el("span.room-sign", {}, avatar(chat.people.get(other.id) ?? other, chat.api), presenceDot(isOnline)) : el("span.room-sign.room-icon", {}, icon(room.isPrivate ? "lock" : "hash")),
    el("span.room-name", {}, name),
    last && el("time.room-when", { datetime: last.createdAt }, when(last.createdAt)),
    el("span.room-last", {}, last ? whose + gist(last) : room.description ?? "Nothing was said yet"),
    muted ? el("span.room-muted", { role: "img", "aria-label": "muted" }, icon("bellOff")) : badge);
}

/** @param {Shell} shell */
function ownCorner(shell) {
  const { chat } = shell;
  const user = chat.people.get(chat.me.id) ?? chat.me;
  const flip = (/** @type {MouseEvent} */ { currentTarget }) => {
    setTheme(isDark() ? "light" : "dark");
    /** @type {HTMLElement} */ (currentTarget).replaceWith(themeButton());
  };
  const themeButton = () => iconButton(icon(isDark() ? "sun" : "moon"), isDark() ? "Light colours" : "Dark colours", flip);
  return [
    el("button.me-button", { type: "button", onclick: () => profileDialog(shell) },
      el("span.room-sign", {}, avatar(user, chat.api), el("span.presence.own", { "aria-hidden": "true" })),
      el("span.me-names", {}, el("strong", {}, user.displayName), el("small", {}, `@${user.username}`)),
      el("span.unseen", {}, "Profile, sessions, signing out"),
      icon("gear")),
    themeButton(),
  ];
}
