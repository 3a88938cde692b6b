/** The current place, in the fragment of the URL: it is sent to no server and logged nowhere. */

/** @typedef {{ name: "home" } | { name: "room", roomId: string, seq?: number } | { name: "invite", code: string }} Route */

/** @param {string} hash @returns {Route} */
export function routeOf(hash) {
  const [place, one, two] = hash.replace(/^#?\/?/, "").split("/").map(decode);
  if (place === "rooms" && one) return { name: "room", roomId: one, ...(/^\d+$/.test(two ?? "") && { seq: Number(two) }) };
  if (place === "invite" && one) return { name: "invite", code: one };
  return { name: "home" };
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {Route} route */
export function hashOf(route) {
  if (route.name === "room") return `#/rooms/${route.roomId}${route.seq === undefined ? "" : `/${route.seq}`}`;
  if (route.name === "invite") return `#/invite/${encodeURIComponent(route.code)}`;
  return "#/";
}

/** @param {Route} route */
export function go(route) {
  if (location.hash !== hashOf(route)) location.hash = hashOf(route);
}

/** The same, without adding an entry to the history. @param {Route} route */
export function goInstead(route) {
  history.replaceState(null, "", hashOf(route));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Marks the history entry of an overlay. */
const COVER = { isCover: true };
/** Closes the overlay, if one is open. @type {(() => void) | null} */
let onBack = null;
/** Whether `history.back()` was called and has not taken effect yet. */
let isReturning = false;

/** An overlay is open: until `uncover`, Back closes it instead of leaving the page behind it. @param {() => void} work */
export function cover(work) {
  onBack = work;
  // Reuses the entry of the previous overlay.
  if (!isReturning && !history.state?.isCover) history.pushState(COVER, "");
}

/** The overlay was closed by other means than Back: removes its entry as well. */
export function uncover() {
  if (!onBack) return;
  onBack = null;
  if (!isReturning && history.state?.isCover) stepBack();
}

function stepBack() {
  isReturning = true;
  history.back();
}

addEventListener("popstate", ({ state }) => {
  if (isReturning) {
    isReturning = false;
    // Another overlay was opened in the meantime.
    if (onBack) history.pushState(COVER, "");
    return;
  }
  const work = onBack;
  onBack = null;
  work?.();
  // The overlay of this entry is gone, because the user went on from there: nobody should have to go back twice.
  if (state?.isCover) stepBack();
});
// After a reload no overlay is open either.
if (history.state?.isCover) stepBack();

export const here = () => routeOf(location.hash);
