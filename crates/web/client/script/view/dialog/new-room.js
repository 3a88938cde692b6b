/** Creating a room. */

import { go } from "../../router.js";
import { el } from "../dom.js";
import { choice, field, form, showDialog } from "../dialog.js";

/** @import { Shell } from "../shell.js" */

/** @param {Shell} shell */
export function newRoomDialog(shell) {
  showDialog("Start a room", (close) => [
    form([
      field("Name", el("input", { name: "name", required: true, maxlength: 100, autocomplete: "off", placeholder: "Garden, releases, Thursday evenings…" })),
      field("What it is for", el("textarea", { name: "description", rows: 2, maxlength: 1000 }), "May be left out."),
      choice("kind", [
        { value: "public", title: "Open", text: "Everybody on this server can find and join it." },
        { value: "private", title: "Private", text: "Only those who are invited." },
      ], "public", "Who may come"),
      choice("history", [
        { value: "all", title: "Everything", text: "Whoever joins reads it from the beginning." },
        { value: "joined", title: "What comes after", text: "Whoever joins reads from then on." },
      ], "all", "What newcomers read"),
    ], "Start the room", async ({ name = "", description = "", kind, history }) => {
      const room = await shell.chat.api.createRoom({
        name, isPrivate: kind === "private", history: history === "joined" ? "joined" : "all", ...(description.trim() && { description }),
      });
      shell.chat.enter(room);
      close();
      go({ name: "room", roomId: room.id });
    }),
  ]);
}
