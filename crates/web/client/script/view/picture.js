/**
 * Images from the server. They need an access token, which an `img` cannot send, so they are fetched and
 * shown from memory. The most recently shown ones are cached.
 */

import { el } from "./dom.js";

/** @import { Api } from "../wire/api.js" */

const KEPT = 100;
/** @type {Map<string, Promise<string>>} */
const known = new Map();

/** @param {Api} api @param {string} url @returns {Promise<string>} */
function local(api, url) {
  const kept = known.get(url);
  known.delete(url);
  const address = kept ?? api.file(url).then((blob) => URL.createObjectURL(blob));
  known.set(url, address);
  address.catch(() => known.delete(url));
  if (known.size > KEPT) forgetOldest();
  return address;
}

function forgetOldest() {
  for (const [url, address] of known) {
    known.delete(url);
    address.then(URL.revokeObjectURL, () => {});
    return;
  }
}

/** @param {Api} api @param {string} url @param {string} alt */
export function picture(api, url, alt) {
  const image = el("img", { alt, decoding: "async" });
  local(api, url).then((address) => { image.src = address; }, () => image.classList.add("broken"));
  return image;
}

/** Downloads a file. @param {Api} api @param {string} url @param {string} name */
export async function download(api, url, name) {
  const address = await local(api, url);
  const link = el("a", { href: address, download: name });
  link.click();
}
