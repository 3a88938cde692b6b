/** Who is banned from the room, for those who may lift bans. */

import { avatar } from "../avatar.js";
import { batched, el, fill } from "../dom.js";
import { day } from "../../text/words.js";
import { words } from "../toast.js";

/** @import { RoomView } from "../room.js" */
/** @import { Scope } from "../scope.js" */
/** @import { Ban } from "../../wire/types.js" */

/** @param {RoomView} view @param {Scope} scope */
export function bansSection(view, scope) {
  const { chat } = view;
  const title = el("summary", {}, "Banned from the room");
  const list = el("ul.people", { "aria-label": "Banned from the room" });
  const section = el("details.section", {}, title, list);
  let asked = 0;
  const read = async () => {
    const question = ++asked;
    try {
      const { bans } = await chat.api.bans(view.id);
      // Another request may have been answered first.
      if (question === asked) fill(list, ...(bans.length ? bans.map((ban) => banLine(view, ban, lift)) : [el("li.note", {}, "Nobody.")]));
    } catch (error) {
      if (question === asked) fill(list, el("li.trouble", {}, words(error)));
    }
  };
  const lift = async (/** @type {Ban} */ { user }) => {
    await view.shell.attempt(chat.api.liftBan(view.id, user.id).then(() => view.shell.toasts.say(`${user.displayName} may come back.`)));
    // Its button disappears with it.
    title.focus();
    await read();
  };
  section.addEventListener("toggle", () => section.open && void read());
  scope.on(chat, "members", batched(() => section.open && void read()));
  return section;
}

/** @param {RoomView} view @param {Ban} ban @param {(ban: Ban) => Promise<void>} lift */
function banLine(view, ban, lift) {
  const { user, at } = ban;
  return el("li.person", {},
    avatar(user, view.chat.api),
    el("span.person-names", {}, el("strong", {}, user.displayName), el("small", {}, `@${user.username} · ${day(at)}`)),
    el("button.button", { type: "button", "aria-label": `Lift the ban of ${user.displayName}`, onclick: () => void lift(ban) }, "Lift"));
}
