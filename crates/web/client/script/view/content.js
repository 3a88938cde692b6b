/** The content of a message, as elements. Text is only set as text, and links open outside of the page, without a referrer. */

import { el } from "./dom.js";
import { isOnlyEmoji, pieces } from "../text/markup.js";

/** @import { Chat } from "../state/chat.js" */
/** @import { Piece } from "../text/markup.js" */

/** @param {string} content @param {Chat} chat @returns {(Node | string)[]} */
export function contentOf(content, chat) {
  if (isOnlyEmoji(content)) return [el("span.large-emoji", {}, content)];
  return pieces(content).map((piece) => elementOf(piece, chat));
}

/** @param {Piece} piece @param {Chat} chat */
function elementOf(piece, chat) {
  switch (piece.kind) {
    case "link":
      return el("a", { href: piece.href, target: "_blank", rel: "noopener noreferrer nofollow" }, piece.text);
    case "mention":
      return el(`span.mention${piece.username.toLowerCase() === chat.me.username.toLowerCase() ? ".me" : ""}`, {}, piece.text);
    case "bold":
      return el("strong", {}, piece.text);
    case "italic":
      return el("em", {}, piece.text);
    case "code":
      return el("code", {}, piece.text);
    case "block":
      return el("pre", { tabindex: 0 }, el("code", {}, piece.text));
    default:
      return piece.text;
  }
}
