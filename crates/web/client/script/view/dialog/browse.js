/** Public rooms to join. */

import { go } from "../../router.js";
import { el, fill, keyed, say } from "../dom.js";
import { showDialog } from "../dialog.js";
import { icon } from "../icons.js";
import { words } from "../toast.js";
import { nothing } from "../panel/lines.js";
import { counted, moment } from "../../text/words.js";

/** @import { Shell } from "../shell.js" */
/** @import { Room } from "../../wire/types.js" */

const PAUSE = 250;

/** @param {Shell} shell */
export function browseDialog(shell) {
  const input = el("input", { type: "search", placeholder: "Name of a room", "aria-label": "Name of a room", maxlength: 100 });
  const list = el("ul.rooms-found", { "aria-label": "Rooms" });
  const more = el("button.button", { type: "button", hidden: true }, "Show more");
  const state = el("div", { "aria-live": "polite" });
  let asked = 0;
  /** @type {Room[]} */
  let found = [];
  showDialog("Look around", (close) => {
    const look = async (/** @type {string | undefined} */ cursor) => {
      asked += 1;
      const mine = asked;
      try {
        const q = input.value.trim();
        const { rooms, nextCursor } = await shell.chat.api.rooms({ limit: 30, ...(q && { q }), ...(cursor && { cursor }) });
        if (mine !== asked) return;
        found = cursor ? [...found, ...rooms] : rooms;
        keyed(list, found, {
          key: (/** @type {Room} */ room) => room.id,
          make: (room) => roomLine(shell, room, close),
          update: (line, room) => say(/** @type {Element} */ (line.querySelector(".room-facts")), facts(room, found)),
        });
        fill(state, !list.childElementCount && nothing("compass", "No such room", "Start it: somebody has to be the first.", icon));
        more.hidden = nextCursor === null;
        more.onclick = () => void look(nextCursor ?? undefined);
      } catch (error) {
        fill(state, el("p.trouble", {}, words(error)));
      }
    };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => void look(undefined), PAUSE);
    });
    void look(undefined);
    return [input, state, list, more];
  });
}

/** The date of creation is only shown if several rooms have the same name. @param {Room} room @param {Room[]} all */
function facts(room, all) {
  const called = (/** @type {Room} */ { name }) => name?.trim().toLowerCase();
  const isOneOfMany = all.some((other) => other.id !== room.id && called(other) === called(room));
  return [counted(room.memberCount, "member"), isOneOfMany && `made ${moment(room.createdAt)}`].filter(Boolean).join(" · ");
}

/** @param {Shell} shell @param {Room} room @param {() => void} close */
function roomLine(shell, room, close) {
  const isMine = shell.chat.rooms.get(room.id) !== undefined;
  const enter = async () => {
    if (!isMine) shell.chat.enter(await shell.chat.api.join(room.id));
    close();
    go({ name: "room", roomId: room.id });
  };
  const about = `found-${room.id}`;
  return el("li.room-found", {},
    el("span.room-sign.room-icon", {}, icon(room.isPrivate ? "lock" : "hash")),
    el("span.person-names", { id: about }, el("strong", {}, room.name ?? ""), el("small.room-facts"), room.description && el("small.room-purpose", {}, room.description)),
    el(`button.button${isMine ? "" : ".primary"}`, { type: "button", "aria-label": `${isMine ? "Open" : "Join"} ${room.name}`, "aria-describedby": about, onclick: () => void shell.attempt(enter()) }, isMine ? "Open" : "Join"));
}
