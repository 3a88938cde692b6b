/** Searching messages, in this room or in all. */

import { hashOf } from "../../router.js";
import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { words } from "../toast.js";
import { messageLine, nothing } from "./lines.js";
import { roomName } from "../../text/words.js";

/** @import { RoomView } from "../room.js" */
/** @import { Scope } from "../scope.js" */
/** @import { Hit } from "../../wire/types.js" */

const PAUSE = 250;

/** @param {RoomView} view @param {Scope} scope */
export function searchPanel(view, scope) {
  const input = el("input", { type: "search", name: "q", placeholder: "Words to look for", "aria-label": "Words to look for", maxlength: 200, autocomplete: "off" });
  const everywhere = el("input", { type: "checkbox", name: "everywhere" });
  const hits = el("ul.lines", { "aria-label": "What was found" });
  const state = el("div", { "aria-live": "polite" });
  const more = el("button.button", { type: "button", hidden: true }, "Show more");
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const look = async (/** @type {string | undefined} */ cursor) => {
    asking?.abort();
    const { signal } = (asking = new AbortController());
    const q = input.value.trim();
    if (!cursor) {
      fill(hits);
      more.hidden = true;
    }
    if (!q) return fill(state, nothing("search", "Find what was said", "All the words have to be in it. A click leads to where it was said.", icon));
    fill(state, el("p.note", {}, "Looking…"));
    try {
      const found = await view.chat.api.search({ q, limit: 20, ...(!everywhere.checked && { roomId: view.id }), ...(cursor && { cursor }) }, signal);
      hits.append(...found.hits.map((hit) => hitLine(view, hit, everywhere.checked)));
      fill(state, hits.childElementCount === 0 && nothing("search", "Nothing found", "Fewer words find more.", icon));
      more.hidden = found.nextCursor === null;
      more.onclick = () => void look(found.nextCursor ?? undefined);
    } catch (error) {
      if (!signal.aborted) fill(state, el("p.trouble", {}, words(error)));
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(undefined), PAUSE);
  };
  input.addEventListener("input", soon);
  everywhere.addEventListener("change", soon);
  scope.atEnd(() => {
    clearTimeout(timer);
    asking?.abort();
  });
  void look(undefined);
  return { title: "Search", content: [
    el("div.panel-tools", { role: "search" }, input, el("label.check", {}, everywhere, " In all my rooms")),
    el("div.panel-body", {}, state, hits, more),
  ] };
}

/** @param {RoomView} view @param {Hit} hit @param {boolean} everywhere */
function hitLine(view, { message, snippet }, everywhere) {
  view.chat.people.learn(message.sender);
  const line = messageLine(view, message, marked(snippet));
  const room = view.chat.rooms.get(message.roomId);
  if (!everywhere || !room || room.id === view.id) return line;
  line.append(el("a.line-room", { href: hashOf({ name: "room", roomId: room.id, seq: message.seq }) }, `in ${roomName(room, view.chat.me.id, view.chat.people)}`));
  return line;
}

/** Offsets count characters, not JavaScript's UTF-16 code units. @param {Hit["snippet"]} snippet */
function marked({ text, highlights }) {
  const characters = [...text];
  const parts = [];
  let end = 0;
  for (const [from, to] of highlights) {
    parts.push(characters.slice(end, from).join(""), el("mark", {}, characters.slice(from, to).join("")));
    end = to;
  }
  return [...parts, characters.slice(end).join("")];
}
