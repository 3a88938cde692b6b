/** Messages as lines in a panel, which link to their place in the conversation. */

import { go } from "../../router.js";
import { avatar } from "../avatar.js";
import { el } from "../dom.js";
import { gist, when } from "../../text/words.js";

/** @import { RoomView } from "../room.js" */
/** @import { Message } from "../../wire/types.js" */
/** @import { Child } from "../dom.js" */

/** @param {RoomView} view @param {Message} message @param {Child[]} [text] */
export function messageLine(view, message, text = [gist(message)]) {
  const { people, api } = view.chat;
  const jump = () => {
    if (message.roomId !== view.id) return go({ name: "room", roomId: message.roomId, seq: message.seq });
    view.uncover();
    void view.jump(message.seq);
  };
  return el("li", {}, el("button.line", { type: "button", onclick: jump },
    avatar(people.get(message.senderId) ?? message.sender, api, "small"),
    el("span.line-head", {}, el("strong", {}, people.name(message.senderId)), el("time", { datetime: message.createdAt }, when(message.createdAt))),
    el("span.line-text", {}, ...text)));
}

/** A placeholder for an empty panel, saying what would be in it. @param {import("../icons.js").IconName} sign @param {string} title @param {string} text @param {(name: import("../icons.js").IconName) => Node} icon */
export function nothing(sign, title, text, icon) {
  return el("div.nothing-here", {}, icon(sign), el("strong", {}, title), el("p", {}, text));
}
