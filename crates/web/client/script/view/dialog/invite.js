/** Inviting people by a link, and joining by one. */

import { goInstead } from "../../router.js";
import { el, fill } from "../dom.js";
import { showDialog } from "../dialog.js";
import { icon } from "../icons.js";

/** @import { RoomView } from "../room.js" */
/** @import { Shell } from "../shell.js" */

const DAY = 86_400;

/** @param {RoomView} view */
export async function inviteDialog(view) {
  const link = el("input", { readonly: true, "aria-label": "The link", value: "…" });
  const copied = el("span", { role: "status" });
  const copy = async () => {
    link.select();
    await navigator.clipboard?.writeText(link.value).then(() => fill(copied, "Copied."), () => fill(copied, "Select it and copy it."));
  };
  const how = el("select", { "aria-label": "How long it is valid", onchange: () => void make() },
    el("option", { value: DAY }, "For a day"), el("option", { value: 7 * DAY, selected: true }, "For a week"), el("option", { value: 30 * DAY }, "For 30 days"));
  const make = () => view.shell.attempt(view.chat.api.invite(view.id, { expiresIn: Number(how.value) }).then(({ url }) => {
    link.value = url.startsWith("/") ? location.origin + url : url;
    link.select();
  }));
  showDialog("Invite by a link", () => [
    el("p", {}, "Whoever has this link can join, also without an account yet."),
    el("div.copy-line", {}, link, el("button.button.primary", { type: "button", onclick: () => void copy() }, icon("copy"), "Copy")),
    el("div.copy-line", {}, how, copied),
  ]);
  await make();
}

/** @param {Shell} shell @param {string} code */
export async function acceptInvite(shell, code) {
  try {
    const room = await shell.chat.api.joinByInvite(code);
    shell.chat.enter(room);
    goInstead({ name: "room", roomId: room.id });
  } catch (error) {
    shell.toasts.complain(error);
    goInstead({ name: "home" });
  }
}
