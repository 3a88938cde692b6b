/** Blocking somebody, and unblocking them. */

import { confirmDialog } from "../dialog.js";

/** @import { Shell } from "../shell.js" */
/** @import { NamedUser } from "../../wire/types.js" */

/** The label of the button. @param {Shell} shell @param {NamedUser} user */
export const blockLabel = ({ chat }, { id }) => (chat.blocks.has(id) ? "Unblock" : "Block");

/**
 * Asks for confirmation before blocking.
 *
 * @param {Shell} shell
 * @param {NamedUser} user
 * @param {() => void} [then]
 */
export async function block(shell, user, then) {
  const { chat, toasts } = shell;
  const set = async (/** @type {boolean} */ on) => {
    await chat.api.block(user.id, on);
    chat.blocks.set(user.id, on);
    toasts.say(on ? `${user.displayName} is blocked.` : `${user.displayName} may write to you again.`);
    then?.();
  };
  if (chat.blocks.has(user.id)) return set(false);
  confirmDialog(`Block ${user.displayName}?`, "They can no longer write to you alone. In rooms that you share you still see each other. They are not told.", "Block", () => set(true));
}
