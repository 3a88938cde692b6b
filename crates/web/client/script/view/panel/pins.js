/** The pinned messages. */

import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { words } from "../toast.js";
import { messageLine, nothing } from "./lines.js";

/** @import { RoomView } from "../room.js" */
/** @import { Scope } from "../scope.js" */

/** @param {RoomView} view @param {Scope} scope */
export function pinsPanel(view, scope) {
  const body = el("div.panel-body");
  let known = "";
  const read = async () => {
    try {
      const { messages } = await view.chat.api.pins(view.id);
      for (const { sender } of messages) view.chat.people.learn(sender);
      if (messages.length) fill(body, el("ul.lines", {}, ...messages.map((message) => messageLine(view, message))));
      else fill(body, nothing("pin", "Nothing is pinned", "Owners and admins pin what everybody should find again.", icon));
    } catch (error) {
      fill(body, el("p.trouble", {}, words(error)));
    }
  };
  // Only if a message was pinned or unpinned.
  scope.on(view.chat.archive, "changed", (roomId) => {
    const pinned = (view.chat.archive.timeline(view.id)?.run() ?? []).filter((message) => message.pinned).map(({ id, rev }) => `${id} ${rev}`).join();
    if (roomId !== view.id || pinned === known) return;
    known = pinned;
    void read();
  });
  void read();
  return { title: "Pinned messages", content: [body] };
}
