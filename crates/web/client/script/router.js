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

export const here = () => routeOf(location.hash);
