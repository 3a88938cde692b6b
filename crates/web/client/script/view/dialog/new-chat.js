/** Starting a direct conversation. Two people share one, which is found again. */

import { go } from "../../router.js";
import { avatar, presenceDot } from "../avatar.js";
import { el, fill } from "../dom.js";
import { showDialog } from "../dialog.js";
import { icon } from "../icons.js";
import { words } from "../toast.js";
import { nothing } from "../panel/lines.js";

/** @import { Shell } from "../shell.js" */

const PAUSE = 250;

/** @param {Shell} shell */
export function newChatDialog(shell) {
  const { chat } = shell;
  const input = el("input", { type: "search", placeholder: "Name or username", "aria-label": "Name or username", autocomplete: "off", maxlength: 80 });
  const list = el("ul.people", { "aria-label": "People" });
  const state = el("div", { "aria-live": "polite" });
  showDialog("Write to somebody", (close) => {
    const hint = nothing("people", "To whom?", "Begin to type a name.", icon);
    fill(state, hint);
    const look = async () => {
      const q = input.value.trim();
      if (!q) return fill(list), fill(state, hint);
      try {
        const { users } = await chat.api.findPeople(q);
        if (q !== input.value.trim()) return;
        const others = users.filter(({ id }) => id !== chat.me.id);
        for (const user of others) chat.people.learn(user);
        fill(state, others.length === 0 && nothing("people", "Nobody of that name", "Try the beginning of a first or last name.", icon));
        fill(list, ...others.map((user) => el("li", {}, el("button.person", { type: "button", onclick: () => {
          close();
          void shell.attempt(writeTo(shell, user.id));
        } },
          el("span.room-sign", {}, avatar(user, chat.api), presenceDot(user.status === "online")),
          el("span.person-names", {}, el("strong", {}, user.displayName), el("small", {}, `@${user.username}`))))));
      } catch (error) {
        fill(state, el("p.trouble", {}, words(error)));
      }
    };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => void look(), PAUSE);
    });
    return [input, state, list];
  });
}

/** @param {Shell} shell @param {string} userId */
export async function writeTo(shell, userId) {
  const room = await shell.chat.api.openChat([userId]);
  shell.chat.enter(room);
  go({ name: "room", roomId: room.id });
}
