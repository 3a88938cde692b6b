/** A small choice of emojis: enough for reactions, each with a name that can be read out. */

import { el } from "./dom.js";

/** @type {[string, string][]} */
export const QUICK = [
  ["👍", "thumbs up"], ["❤️", "heart"], ["😂", "laughing"], ["🎉", "celebration"], ["👀", "eyes"], ["🙏", "thank you"],
  ["✅", "done"], ["🔥", "fire"], ["😊", "smile"], ["😍", "in love"], ["🤔", "thinking"], ["😮", "surprised"],
  ["😢", "sad"], ["😅", "relieved"], ["😎", "cool"], ["🤝", "agreed"], ["👏", "applause"], ["💯", "hundred"],
  ["🚀", "rocket"], ["💡", "idea"], ["🐛", "bug"], ["☕", "coffee"], ["🍕", "pizza"], ["🎂", "cake"],
  ["👋", "wave"], ["💪", "strong"], ["🙌", "hooray"], ["🤷", "who knows"], ["😴", "asleep"], ["🤯", "mind blown"],
  ["⏰", "alarm"], ["📌", "pin"], ["❓", "question"], ["❗", "important"], ["➕", "plus one"], ["👎", "thumbs down"],
];
const COLUMNS = 6;

/** @param {HTMLElement} anchor @param {(emoji: string) => void} chosen */
export function emojiPicker(anchor, chosen) {
  const choose = (/** @type {string} */ emoji) => {
    dialog.close();
    chosen(emoji);
  };
  const buttons = QUICK.map(([emoji, name]) => el("button.emoji", { type: "button", "aria-label": name, title: name, onclick: () => choose(emoji) }, emoji));
  const dialog = el("dialog.emoji-picker", { "aria-label": "Choose an emoji", onclose: () => dialog.remove() }, ...buttons);
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const place = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const steps = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS });
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, place + step))]?.focus();
  });
  document.body.append(dialog);
  const { top, bottom, right } = anchor.getBoundingClientRect();
  dialog.showModal();
  const { offsetWidth, offsetHeight } = dialog;
  dialog.style.left = `${Math.max(8, Math.min(right - offsetWidth, innerWidth - offsetWidth - 8))}px`;
  dialog.style.top = `${bottom + offsetHeight + 8 > innerHeight ? Math.max(8, top - offsetHeight - 6) : bottom + 6}px`;
}
