/** Signing in, signing up, and the preview of an invite. */

import { here } from "../router.js";
import { exchange } from "../wire/http.js";
import { el, fill } from "./dom.js";
import { field, form } from "./dialog.js";
import { emblem } from "./icons.js";
import { counted } from "../text/words.js";

/** @import { Session } from "../wire/session.js" */
/** @import { Invitation } from "../wire/types.js" */

/** @param {Session} session @param {() => void} enter */
export function doorView(session, enter) {
  const card = el("div.door-card");
  const show = (/** @type {boolean} */ isNew) => fill(card, ...(isNew ? signUp(session, enter, () => turn(false)) : signIn(session, enter, () => turn(true))));
  const turn = (/** @type {boolean} */ isNew) => {
    show(isNew);
    // The button that had the focus is gone.
    card.querySelector("input")?.focus();
  };
  const route = here();
  const invited = el("div.door-invite", { "aria-live": "polite" });
  if (route.name === "invite") void tellInvitation(route.code, invited);
  show(!localStorage.getItem("tertulia.known"));
  return el("main.door", {},
    el("div.door-words", {},
      el("p.wordmark", {}, emblem(), "Tertulia"),
      el("p.door-line", {}, "Good talk, kept."),
      el("p.door-small", {}, "Rooms for a team, on a server of your own. Nothing that was said is lost, and whoever comes late is told what they missed.")),
    el("div.door-side", {}, invited, card, el("p.door-foot", {}, el("a", { href: "/docs" }, "For programs: the API"))));
}

/** @param {Session} session @param {() => void} enter @param {() => void} other */
function signIn(session, enter, other) {
  return [
    el("h1", {}, "Sign in"),
    form([
      field("E-mail or username", el("input", { name: "email", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false" })),
      field("Password", el("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
    ], "Sign in", async ({ email = "", password = "" }) => {
      await session.logIn(email, password);
      known(enter);
    }),
    el("p.door-other", {}, "New here? ", el("button.link", { type: "button", onclick: other }, "Create an account")),
  ];
}

/** @param {Session} session @param {() => void} enter @param {() => void} other */
function signUp(session, enter, other) {
  return [
    el("h1", {}, "Create an account"),
    form([
      field("Your name", el("input", { name: "displayName", autocomplete: "name", required: true, maxlength: 80 })),
      field("Username", el("input", { name: "username", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false", maxlength: 32 }), "Others mention you by it, as in @ana."),
      field("E-mail", el("input", { name: "email", type: "email", autocomplete: "email", required: true })),
      field("Password", el("input", { name: "password", type: "password", autocomplete: "new-password", required: true }), "At least 8 characters."),
    ], "Create account", async ({ email = "", password = "", displayName = "", username = "" }) => {
      await session.register({ email, password, displayName: displayName || username, username });
      known(enter);
    }),
    el("p.door-other", {}, "Been here before? ", el("button.link", { type: "button", onclick: other }, "Sign in")),
  ];
}

/** The next time, this browser is offered signing in rather than signing up. @param {() => void} enter */
function known(enter) {
  localStorage.setItem("tertulia.known", "yes");
  enter();
}

/** @param {string} code @param {HTMLElement} place */
async function tellInvitation(code, place) {
  try {
    const answer = await exchange("GET", `/api/invites/${encodeURIComponent(code)}`);
    /** @type {Invitation} */
    const { room, invitedBy } = await answer.json();
    fill(place, el("p", {}, el("strong", {}, invitedBy.displayName), " invites you to ", el("strong", {}, room.name), ", where there are ", counted(room.memberCount, "member"), "."));
  } catch {
    fill(place, el("p", {}, "This invitation has expired. You can come in all the same, and ask for another one."));
  }
}
