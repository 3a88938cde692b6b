/** A person's picture, or their initials on a colour of their own. */

import { el } from "./dom.js";
import { picture } from "./picture.js";

/** @import { Api } from "../wire/api.js" */
/** @import { NamedUser } from "../wire/types.js" */

/** @param {string} name */
function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "?")][0]).join("").toUpperCase();
}

/** The same hue for the same person, everywhere. @param {string} id */
export function hue(id) {
  // FNV-1a: ids that were generated one after the other are similar, and their colours should not be.
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return ((hash >>> 8) % 24) * 15;
}

/** Hidden from screen readers, because the name is next to it. @param {NamedUser} user @param {Api} api @param {string} [size] */
export function avatar(user, api, size = "medium") {
  const element = el(`span.avatar.${size}`, { "aria-hidden": "true" }, initials(user.displayName));
  element.style.setProperty("--hue", String(hue(user.id)));
  if (user.avatarUrl) {
    const image = picture(api, user.avatarUrl, "");
    image.addEventListener("load", () => element.replaceChildren(image));
  }
  return element;
}

/** Whether somebody is online. @param {boolean} isOnline */
export function presenceDot(isOnline) {
  return el(`span.presence${isOnline ? ".online" : ""}`, { role: "img", "aria-label": isOnline ? "online" : "offline" });
}
