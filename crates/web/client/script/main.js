/** The entry point: finds out whether somebody is signed in, and shows the sign-in page or their rooms. */

import { here } from "./router.js";
import { applyTheme } from "./theme.js";
import { Chat } from "./state/chat.js";
import { doorView } from "./view/door.js";
import { el, fill } from "./view/dom.js";
import { emblem } from "./view/icons.js";
import { Shell } from "./view/shell.js";
import { words } from "./view/toast.js";
import { Problem } from "./wire/problem.js";
import { onLookedAt } from "./wire/push.js";
import { Session } from "./wire/session.js";

const page = /** @type {HTMLElement} */ (document.getElementById("page"));
const session = new Session();
/** @type {{ chat: Chat, shell: Shell } | null} */
let shown = null;

async function begin() {
  if (!session.isLikely) return showDoor();
  try {
    await session.renew();
    enter();
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) showTrouble(error);
  }
}

function enter() {
  const me = session.user;
  if (!me) return showDoor();
  const chat = new Chat(session, me);
  const shell = new Shell(chat, session);
  shown = { chat, shell };
  fill(page, shell.element);
  chat.start();
  void shell.attempt(chat.push.renew());
  shell.route(here());
}

function showDoor() {
  shown?.chat.stop();
  shown?.shell.end();
  shown = null;
  document.title = "Tertulia";
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  fill(page, doorView(session, enter));
}

/** The server cannot be reached, which does not mean that the session is over. @param {unknown} error */
function showTrouble(error) {
  const retry = el("button.button.primary", { type: "button", onclick: () => void begin() }, "Try again");
  fill(page, el("main.door", {}, el("div.door-card", {}, emblem(), el("h1", {}, "Nobody answers"), el("p", {}, words(error)), retry)));
}

addEventListener("hashchange", () => {
  if (shown) shown.shell.route(here());
  else if (session.user === null && !document.querySelector("dialog")) showDoor();
});

onLookedAt((hash) => {
  location.hash = hash;
});
session.on("ended", showDoor);
// In another tab, somebody else has signed in or this user has signed out.
session.on("elsewhere", () => location.reload());
applyTheme();
void begin();
