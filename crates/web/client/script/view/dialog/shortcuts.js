/** The keyboard shortcuts. */

import { el } from "../dom.js";
import { showDialog } from "../dialog.js";

const KEYS = [
  ["Ctrl K", "Go to a room"],
  ["/", "Search in the room"],
  ["Enter", "Send"],
  ["Shift Enter", "A new line"],
  ["↑ in an empty line", "Change what you said last"],
  ["↑ ↓ on a message", "From message to message"],
  ["Esc", "Out of what you are doing"],
  ["Esc in an empty line", "Out of the line, for / and ?"],
  ["?", "This list"],
];

export function shortcutsDialog() {
  showDialog("Keyboard", () => [el("dl.keys", {}, ...KEYS.flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)]))], "small");
}
