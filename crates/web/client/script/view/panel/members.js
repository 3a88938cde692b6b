/** The members of the room, their presence, and, for admins, their roles. */

import { avatar, presenceDot } from "../avatar.js";
import { bansSection } from "./bans.js";
import { batched, el, fill, iconButton } from "../dom.js";
import { block, blockLabel } from "../dialog/block.js";
import { confirmDialog, showDialog } from "../dialog.js";
import { inviteDialog } from "../dialog/invite.js";
import { icon } from "../icons.js";
import { writeTo } from "../dialog/new-chat.js";
import { counted } from "../../text/words.js";

/** @import { RoomView } from "../room.js" */
/** @import { Scope } from "../scope.js" */
/** @import { Member, Role } from "../../wire/types.js" */

const RANK = { owner: 0, admin: 1, member: 2 };

/** @param {RoomView} view @param {Scope} scope */
export function membersPanel(view, scope) {
  const { chat } = view;
  const count = el("p.note");
  const list = el("ul.people", { "aria-label": "Members" });
  const invite = el("button.button.wide", { type: "button", onclick: () => void inviteDialog(view) }, icon("link"), "Invite by a link");
  const bans = bansSection(view, scope);
  const update = () => {
    const members = chat.members(view.id)?.all ?? [];
    const online = members.filter(({ user }) => chat.people.isOnline(user.id)).length;
    const order = (/** @type {Member} */ { user, role }) => `${chat.people.isOnline(user.id) ? 0 : 1}${RANK[role]}${user.displayName.toLowerCase()}`;
    const mayInvite = view.room?.kind !== "direct" && ["owner", "admin"].includes(view.room?.membership?.role ?? "");
    invite.hidden = bans.hidden = !mayInvite;
    fill(count, `${counted(view.room?.memberCount ?? members.length, "member")}, ${online} online`);
    fill(list, ...members.sort((one, other) => order(one).localeCompare(order(other))).map((member) => memberLine(view, member)));
  };
  const soon = batched(update);
  scope.on(chat, "members", (roomId) => roomId === view.id && soon());
  scope.on(chat.people, "changed", soon);
  update();
  return { title: "Members", content: [el("div.panel-body", {}, invite, count, list, bans)] };
}

/** @param {RoomView} view @param {Member} member */
function memberLine(view, member) {
  const { chat } = view;
  const user = chat.people.get(member.user.id) ?? member.user;
  const isMe = user.id === chat.me.id;
  const actions = isMe ? null : iconButton(icon("gear"), `What to do with ${user.displayName}`, () => memberDialog(view, member));
  return el("li.person", {},
    el("span.room-sign", {}, avatar(user, chat.api), presenceDot(chat.people.isOnline(user.id))),
    el("span.person-names", {}, el("strong", {}, user.displayName, isMe && " (you)"), el("small", {}, `@${user.username}`)),
    member.role !== "member" && el("span.role", {}, member.role),
    actions);
}

/** @param {RoomView} view @param {Member} member */
function memberDialog(view, { user, role }) {
  const { chat, shell, room } = view;
  const mine = room?.membership?.role;
  const isRoom = room?.kind !== "direct";
  const isOwner = isRoom && mine === "owner";
  const mayRemove = isRoom && (isOwner || (mine === "admin" && role === "member"));
  showDialog(user.displayName, (close) => {
    const act = (/** @type {string} */ label, /** @type {() => Promise<unknown>} */ work, danger = false) =>
      el(`button.button.wide${danger ? ".danger" : ""}`, { type: "button", onclick: () => {
        close();
        void shell.attempt(work());
      } }, label);
    const give = (/** @type {Role} */ next) => async () => {
      const given = await chat.api.giveRole(view.id, user.id, next);
      chat.members(view.id)?.apply({ op: "role", member: given });
      await chat.readMembers(view.id);
    };
    const ask = (/** @type {string} */ title, /** @type {string} */ text, /** @type {string} */ action, /** @type {() => Promise<unknown>} */ work) => async () => confirmDialog(title, text, action, work);
    return [el("div.actions", {},
      el("p.note", {}, `@${user.username}${user.bio ? ` · ${user.bio}` : ""}`),
      act("Write to them", () => writeTo(shell, user.id)),
      isOwner && role === "member" && act("Make them an admin", give("admin")),
      isOwner && role === "admin" && act("Take the role of an admin away", give("member")),
      isOwner && act("Hand the room over to them", ask("Hand the room over?", `${user.displayName} becomes its owner, and you an admin.`, "Hand over", give("owner"))),
      act(blockLabel(shell, user), () => block(shell, user)),
      mayRemove && act("Remove from the room", ask(`Remove ${user.displayName}?`, "They may come back if the room is open to everybody, or with an invite.", "Remove", () => chat.api.removeMember(view.id, user.id, false)), true),
      mayRemove && act("Ban from the room", ask(`Ban ${user.displayName}?`, "They do not come back until the ban is lifted.", "Ban", () => chat.api.removeMember(view.id, user.id, true)), true))];
  }, "small");
}
