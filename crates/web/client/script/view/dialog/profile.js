/** The user's profile, the theme, and their sessions. */

import { el, fill } from "../dom.js";
import { avatar } from "../avatar.js";
import { FEATURES } from "../../features.js";
import { choice, confirmDialog, field, form, showDialog } from "../dialog.js";
import { setTheme, theme } from "../../theme.js";
import { shortcutsDialog } from "./shortcuts.js";
import { words } from "../toast.js";
import { when } from "../../text/words.js";

/** @import { Shell } from "../shell.js" */
/** @import { SessionInfo } from "../../wire/types.js" */

/** @param {Shell} shell */
export function profileDialog(shell) {
  const top = el("div", {}, head(shell));
  showDialog("You", (close) => [
    top,
    section("Profile", profileForm(shell, () => fill(top, head(shell))), true),
    pushSection(shell),
    section("Colours", themeChoice()),
    section("Password", passwordForm(shell)),
    section("Where you are signed in", sessionList(shell)),
    section("Delete your account", eraseForm(shell)),
    el("div.buttons", {},
      el("button.button", { type: "button", onclick: () => shortcutsDialog() }, "Keyboard"),
      el("a.button", { href: "/docs", target: "_blank", rel: "noopener" }, "API"),
      el("button.button.danger", { type: "button", onclick: () => {
        close();
        signOut(shell);
      } }, "Sign out")),
  ]);
}

/** The user's picture and names. @param {Shell} shell */
function head(shell) {
  const { chat } = shell;
  const element = el("div.profile-head");
  const picker = el("input", { type: "file", hidden: true, accept: "image/*", "aria-label": "A picture of you" });
  const show = () => {
    const me = chat.people.get(chat.me.id) ?? chat.me;
    fill(element,
      avatar(me, chat.api, "large"),
      el("div", {}, el("strong", {}, me.displayName), el("small", {}, `@${me.username}`), me.email && el("small", {}, me.email)),
      FEATURES.media && picker,
      FEATURES.media && el("button.button", { type: "button", onclick: () => picker.click() }, "Another picture"));
  };
  picker.addEventListener("change", async () => {
    const [file] = picker.files ?? [];
    if (!file) return;
    await shell.attempt(chat.api.putAvatar(file).then((user) => chat.people.learn(user)));
    picker.value = "";
    show();
  });
  show();
  return element;
}

/** @param {string} title @param {Node} content @param {boolean} [open] */
function section(title, content, open = false) {
  return el("details.section", { open }, el("summary", {}, title), content);
}

/** @param {Shell} shell @param {() => void} saved */
function profileForm(shell, saved) {
  const { chat } = shell;
  const me = chat.people.get(chat.me.id) ?? chat.me;
  const bio = el("textarea", { name: "bio", rows: 2, maxlength: 500 });
  bio.value = me.bio ?? "";
  return form([
    field("Your name", el("input", { name: "displayName", value: me.displayName, maxlength: 80, autocomplete: "name" })),
    field("About you", bio),
  ], "Save", async ({ displayName = "", bio: about = "" }) => {
    chat.people.learn(await chat.api.changeMe({ displayName, bio: about }));
    saved();
    shell.toasts.say("Saved.");
  });
}

/** Only shown if both the browser and the server support it. @param {Shell} shell */
function pushSection(shell) {
  const { push } = shell.chat;
  const input = el("input", { type: "checkbox" });
  const element = section("Notifications", el("div", {},
    el("label.check", {}, input, " Notify me on this device"),
    el("small", {}, "For what is sent to you while no page of yours is open, until you sign out here.")));
  element.hidden = true;
  input.addEventListener("change", async () => {
    input.disabled = true;
    await shell.attempt(input.checked ? push.turnOn() : push.turnOff());
    input.disabled = false;
    input.checked = push.isOn;
  });
  void shell.attempt(push.isOffered().then((offered) => {
    element.hidden = !offered;
    input.checked = offered && push.isOn;
  }));
  return element;
}

function themeChoice() {
  const fields = choice("theme", [
    { value: "system", title: "Like the system", text: "Light or dark, as your device is set." },
    { value: "light", title: "Light", text: "Always." },
    { value: "dark", title: "Dark", text: "Always." },
  ], theme(), "Colours");
  fields.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) setTheme(/** @type {import("../../theme.js").Theme} */ (target.value));
  });
  return fields;
}

/** @param {Shell} shell */
function passwordForm(shell) {
  return form([
    field("Current password", el("input", { name: "current", type: "password", autocomplete: "current-password" })),
    field("New password", el("input", { name: "new", type: "password", autocomplete: "new-password" }), "At least 8 characters. You stay signed in here and nowhere else."),
  ], "Change password", async ({ current = "", new: next = "" }, element) => {
    await shell.chat.api.changePassword(current, next);
    element.reset();
    shell.toasts.say("The password was changed.");
  });
}

/** It asks for the password, so that nobody deletes an account by accident, or on somebody else's unlocked screen. @param {Shell} shell */
function eraseForm(shell) {
  return form([
    el("p", {}, "Your names, your address and your profile are erased for good. Rooms that are yours go to another member, or away with you if you are alone in them. What you wrote stays where it is, under no name."),
    field("Your password", el("input", { name: "password", id: "field-erase-password", type: "password", autocomplete: "current-password" })),
  ], "Delete my account", async ({ password = "" }) => {
    await shell.chat.api.eraseMe(password);
    shell.session.revoked();
  }, { danger: true });
}

/** @param {Shell} shell */
function sessionList(shell) {
  const list = el("ul.sessions", {}, el("li", {}, "…"));
  const read = async () => {
    try {
      const { sessions } = await shell.chat.api.sessions();
      fill(list, ...sessions.map((session) => sessionLine(shell, session, read)));
    } catch (error) {
      fill(list, el("li.trouble", {}, words(error)));
    }
  };
  void read();
  return list;
}

/** @param {Shell} shell @param {SessionInfo} session @param {() => Promise<void>} read */
function sessionLine(shell, { id, current, userAgent, lastUsedAt, ip }, read) {
  const end = () => shell.attempt(shell.chat.api.endSession(id).then(read));
  return el("li", {},
    el("span.person-names", {}, el("strong", {}, current ? "Here" : browserOf(userAgent)), el("small", {}, [ip, `last used ${when(lastUsedAt)}`].filter(Boolean).join(" · "))),
    !current && el("button.button", { type: "button", onclick: () => void end() }, "End"));
}

/** @param {string} userAgent */
function browserOf(userAgent) {
  const browser = /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0].replace("Edg", "Edge") ?? userAgent.split(/[ /]/)[0];
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(userAgent)?.[0];
  return [browser || "Something", system && `on ${system}`].filter(Boolean).join(" ");
}

/** @param {Shell} shell */
function signOut(shell) {
  const unsent = shell.chat.rooms.all.reduce((sum, { id }) => sum + shell.chat.outbox.of(id).length, 0);
  const leave = () => shell.session.logOut();
  if (unsent) confirmDialog("Sign out?", "Something was not sent yet. It is lost if you go now.", "Sign out", leave);
  else void shell.attempt(leave());
}
