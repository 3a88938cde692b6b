/** Who is typing. */

import { el, say } from "./dom.js";
import { few } from "../text/words.js";

/** @import { RoomView } from "./room.js" */

/** @param {RoomView} view */
export function typingLine(view) {
  const { typing, people, me } = view.chat;
  const words = el("span");
  const element = el("p.typing", { "aria-live": "polite", hidden: true }, el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i")), words);
  const update = () => {
    const names = typing.in(view.id).filter((id) => id !== me.id).map((id) => people.name(id));
    element.hidden = names.length === 0;
    say(words, names.length ? `${few(names)} ${names.length === 1 ? "is" : "are"} writing…` : "");
  };
  view.scope.on(typing, "changed", (roomId) => roomId === view.id && update());
  update();
  return element;
}
