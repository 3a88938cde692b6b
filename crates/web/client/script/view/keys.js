/** Keyboard shortcuts of the whole page. */

import { switcherDialog } from "./dialog/switcher.js";
import { shortcutsDialog } from "./dialog/shortcuts.js";

/** @import { Scope } from "./scope.js" */
/** @import { Shell } from "./shell.js" */

/** @param {Shell} shell @param {Scope} scope */
export function bindKeys(shell, scope) {
  scope.listen(document, "keydown", (/** @type {KeyboardEvent} */ event) => {
    if (document.querySelector("dialog[open]") || event.defaultPrevented || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const writes = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    /** @type {(() => unknown) | undefined} */
    let work;
    if (command && event.key.toLowerCase() === "k") work = () => switcherDialog(shell);
    else if (event.key === "Escape") work = () => shell.room?.escape();
    else if (!writes && !command && !event.altKey && event.key === "/") work = () => shell.room?.openPanel("search");
    else if (!writes && !command && !event.altKey && event.key === "?") work = () => shortcutsDialog();
    if (!work) return;
    event.preventDefault();
    work();
  });
}
