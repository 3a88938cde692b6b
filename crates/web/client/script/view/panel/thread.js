/** A message and its replies. */

import { avatar } from "../avatar.js";
import { contentOf } from "../content.js";
import { el, fill } from "../dom.js";
import { words } from "../toast.js";
import { clock, day, full } from "../../text/words.js";

/** @import { RoomView } from "../room.js" */
/** @import { Scope } from "../scope.js" */
/** @import { Message } from "../../wire/types.js" */

/** @param {RoomView} view @param {Scope} scope @param {Message} [root] */
export function threadPanel(view, scope, root) {
  const body = el("div.panel-body");
  if (!root) return { title: "Thread", content: [body] };
  const { chat } = view;
  const replies = el("ol.thread", { "aria-label": "Replies" });
  /** The last rev of the root: every reply changes it. */
  let known = -1;
  const read = async () => {
    try {
      const { messages } = await chat.api.replies(root.id);
      for (const { sender } of messages) chat.people.learn(sender);
      fill(replies, ...messages.map((message) => threadMessage(view, message)));
    } catch (error) {
      fill(replies, el("li.trouble", {}, words(error)));
    }
  };
  const update = () => {
    const present = chat.archive.timeline(view.id)?.get(root.id) ?? root;
    if (present.rev === known) return;
    known = present.rev;
    void read();
  };
  scope.on(chat.archive, "changed", (roomId) => roomId === view.id && update());
  update();
  const input = el("textarea", { rows: 2, maxlength: 8000, "aria-label": "Reply", placeholder: "Reply…" });
  const draft = `tertulia.draft ${chat.me.id} ${root.id}`;
  input.value = sessionStorage.getItem(draft) ?? "";
  input.addEventListener("input", () => sessionStorage.setItem(draft, input.value));
  const send = () => {
    const content = input.value.trim();
    if (!content) return;
    chat.outbox.add({ roomId: view.id, content, replyTo: root.id });
    input.value = "";
    sessionStorage.removeItem(draft);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  const form = el("form.thread-form", { onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    send();
  } }, input, el("button.button.primary", { type: "submit" }, "Reply"));
  fill(body, el("ul.thread.thread-root", { "aria-label": "What it began with" }, threadMessage(view, root)), replies);
  return { title: "Thread", content: [body, form] };
}

/** @param {RoomView} view @param {Message} message */
function threadMessage(view, message) {
  const { chat } = view;
  const user = chat.people.get(message.senderId) ?? message.sender;
  return el("li.thread-message", {},
    avatar(user, chat.api),
    el("div", {},
      el("p.message-head", {}, el("strong.sender", {}, user.displayName), " ", el("time", { datetime: message.createdAt, title: full(message.createdAt) }, `${day(message.createdAt)}, ${clock(message.createdAt)}`)),
      el("div.message-body", {}, ...(message.deletedAt ? [el("em.gone", {}, "Message deleted")] : contentOf(message.content ?? "", chat)))));
}
