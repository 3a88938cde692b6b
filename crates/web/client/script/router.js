/** Where one is, in the part of the address behind the `#`: it reaches no server and no log. */

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

/** The same, without leaving a trace in the way back. @param {Route} route */
export function goInstead(route) {
  history.replaceState(null, "", hashOf(route));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Marks the entry of what stands before the page. */
const COVER = { isCover: true };
/** Closes what stands before the page, where something does. @type {(() => void) | null} */
let onBack = null;
/** Whether we go back by ourselves, which takes a moment. */
let isReturning = false;

/** Something stands before the page: until `uncover`, Back closes it instead of leaving what is behind it. @param {() => void} work */
export function cover(work) {
  onBack = work;
  // The entry of what stood there before serves again.
  if (!isReturning && !history.state?.isCover) history.pushState(COVER, "");
}

/** It was closed otherwise than by Back: its entry goes as well. */
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
    // Something else was opened in the meantime.
    if (onBack) history.pushState(COVER, "");
    return;
  }
  const work = onBack;
  onBack = null;
  work?.();
  // What it was the entry of is gone, since one went on from there: nobody should have to go back twice.
  if (state?.isCover) stepBack();
});
// After a reload nothing stands before the page either.
if (history.state?.isCover) stepBack();

export const here = () => routeOf(location.hash);
