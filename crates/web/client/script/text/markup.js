/**
 * Parses the markup of a message: links, `code`, **bold**, *italic*, blocks of code, and @mentions. Returns
 * pieces and no HTML; they are rendered as text, so that nothing in a message can ever become a tag.
 */

/**
 * @typedef {{ kind: "text" | "bold" | "italic" | "code" | "block", text: string }
 *   | { kind: "link", text: string, href: string } | { kind: "mention", text: string, username: string }} Piece
 */

const BLOCK = /```(?:[a-z0-9+#-]*\n)?([\s\S]+?)\n?```/.source;
const CODE = /`([^`\n]+)`/.source;
const BOLD = /\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*/.source;
const ITALIC = /(?<![\w*])[*_](?=[^\s*_])([^*_\n]+?)(?<=\S)[*_](?![\w*])/.source;
// Trailing punctuation does not belong to the URL.
const LINK = /(https?:\/\/[^\s<>"`]+[^\s<>"`.,:;!?'’)\]}*_])/.source;
const MENTION = /(?<![\w@])@([A-Za-z0-9_.-]{2,31}[A-Za-z0-9_-])/.source;
const ANY = new RegExp([BLOCK, CODE, BOLD, ITALIC, LINK, MENTION].join("|"), "g");

/** @param {string} content @returns {Piece[]} */
export function pieces(content) {
  /** @type {Piece[]} */
  const result = [];
  let end = 0;
  for (const match of content.matchAll(ANY)) {
    if (match.index > end) result.push({ kind: "text", text: content.slice(end, match.index) });
    result.push(piece(match));
    end = match.index + match[0].length;
  }
  if (end < content.length) result.push({ kind: "text", text: content.slice(end) });
  return result;
}

/** @param {RegExpMatchArray} match @returns {Piece} */
function piece([whole, block, code, bold, italic, link, username]) {
  if (block !== undefined) return { kind: "block", text: block };
  if (code !== undefined) return { kind: "code", text: code };
  if (bold !== undefined) return { kind: "bold", text: bold };
  if (italic !== undefined) return { kind: "italic", text: italic };
  if (username !== undefined) return { kind: "mention", text: whole, username };
  return link !== undefined && URL.canParse(link) ? { kind: "link", text: link, href: link } : { kind: "text", text: whole };
}

const LONELY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}){1,12}$/u;

/** Whether a message consists of a few emojis only, which are then shown large. @param {string} content */
export function isOnlyEmoji(content) {
  return LONELY.test(content) && /\p{Extended_Pictographic}/u.test(content);
}

/** A message as one line of plain text. @param {string} content */
export function oneLine(content) {
  return pieces(content).map(({ text }) => text).join("").replace(/\s+/g, " ").trim();
}
