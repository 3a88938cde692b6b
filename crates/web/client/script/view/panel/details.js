/** The room's details, and what one can do with it. */

import { el } from "../dom.js";
import { confirmDialog, field, form } from "../dialog.js";
import { block, blockLabel } from "../dialog/block.js";
import { inviteDialog } from "../dialog/invite.js";
import { icon } from "../icons.js";
import { counted, day, roomName } from "../../text/words.js";

/** @import { RoomView } from "../room.js" */
/** @import { Room } from "../../wire/types.js" */

const KINDS = {
  public: "Open: everybody here can find and join it",
  private: "Private: by invite only",
  direct: "Just the two of you",
};

/** @param {RoomView} view */
export function detailsPanel(view) {
  const { room } = view;
  if (!room) return { title: "About this room", content: [] };
  const role = room.membership?.role ?? "member";
  const rules = room.kind !== "direct" && role !== "member";
  return { title: room.kind === "direct" ? "About this conversation" : "About this room", content: [
    el("div.panel-body", {},
      rules ? nameForm(view, room) : room.description && el("p", {}, room.description),
      el("dl.facts", {},
        el("dt", {}, "Kind"), el("dd", {}, KINDS[room.kind]),
        room.kind !== "direct" && el("dt", {}, "History"), room.kind !== "direct" && el("dd", {}, room.history === "all" ? "Whoever joins reads everything" : "Whoever joins reads what comes after"),
        el("dt", {}, "Since"), el("dd", {}, day(room.createdAt)),
        el("dt", {}, "So far"), el("dd", {}, counted(room.lastSeq, "message"))),
      muteSwitch(view, room),
      rules && el("button.button.wide", { type: "button", onclick: () => void inviteDialog(view) }, icon("link"), "Invite by a link"),
      room.kind === "direct" && blockButton(view, room),
      room.kind !== "direct" && leaveButton(view, room),
      role === "owner" && deleteButton(view, room)),
  ] };
}

/** @param {RoomView} view @param {Room} room */
function nameForm(view, room) {
  return form([
    field("Name", el("input", { name: "name", value: room.name ?? "", maxlength: 100 })),
    field("What it is for", described(room)),
  ], "Save", async ({ name = "", description = "" }) => {
    view.chat.enter(await view.chat.api.changeRoom(view.id, { name, description: description.trim() || null }));
    view.shell.toasts.say("Saved.");
  });
}

/** @param {Room} room */
function described(room) {
  const area = el("textarea", { name: "description", rows: 2, maxlength: 1000 });
  area.value = room.description ?? "";
  return area;
}

/** @param {RoomView} view @param {Room} room */
function muteSwitch(view, room) {
  const input = el("input", { type: "checkbox", checked: room.membership?.muted ?? false });
  input.addEventListener("change", async () => {
    const muted = input.checked;
    await view.shell.attempt(view.chat.api.mute(view.id, muted).then(() => view.chat.rooms.change(view.id, { muted })));
    input.checked = view.room?.membership?.muted ?? false;
  });
  return el("label.check", {}, input, " Mute: no notifications, no count in the title");
}

/** @param {RoomView} view @param {Room} room */
function blockButton({ chat, shell }, room) {
  const other = room.participants?.find(({ id }) => id !== chat.me.id);
  if (!other) return null;
  const label = el("span", {}, blockLabel(shell, other));
  const changed = () => label.replaceChildren(blockLabel(shell, other));
  return el("button.button.wide", { type: "button", onclick: () => void shell.attempt(block(shell, other, changed)) }, icon("lock"), label);
}

/** @param {RoomView} view @param {Room} room */
function leaveButton(view, room) {
  const leave = async () => {
    await view.chat.api.leave(view.id);
    view.chat.left(view.id, "left");
  };
  const name = roomName(room, view.chat.me.id, view.chat.people);
  return el("button.button.wide", { type: "button", onclick: () => confirmDialog(`Leave ${name}?`, "What was said stays with the others.", "Leave", leave) }, icon("door"), "Leave the room");
}

/** @param {RoomView} view @param {Room} room */
function deleteButton(view, room) {
  const remove = async () => {
    await view.chat.api.deleteRoom(view.id);
    view.chat.left(view.id, "deleted");
  };
  return el("button.button.wide.danger", { type: "button", onclick: () => confirmDialog(`Delete ${room.name}?`, "Everything that was said in it goes away, for everybody.", "Delete the room", remove) }, icon("trash"), "Delete the room");
}
