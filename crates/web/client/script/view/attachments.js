/** A message's attachments: pictures are shown, everything else can be downloaded. */

import { el, keyed } from "./dom.js";
import { icon } from "./icons.js";
import { download, picture } from "./picture.js";
import { size } from "../text/words.js";

/** @import { Api } from "../wire/api.js" */
/** @import { Media } from "../wire/types.js" */

const LARGEST = 360;

export class Attachments {
  #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** @param {HTMLElement} place @param {Media[]} files */
  show(place, files) {
    keyed(place, files, {
      key: (/** @type {Media} */ { id, status }) => `${id} ${status}`,
      make: (media) => this.#one(media),
    });
  }

  /** @param {Media} media @returns {HTMLElement} */
  #one(media) {
    if (media.status === "rejected") return el("p.file.rejected", {}, icon("image"), `${media.fileName} could not be used.`);
    if (!media.contentType.startsWith("image/") || media.contentType.includes("svg")) return this.#file(media);
    const open = () => this.#look(media);
    const element = el("button.picture", { type: "button", "aria-label": `Picture: ${media.fileName}. Show it large`, onclick: open });
    // Its space is reserved, so that nothing moves when it has loaded.
    const scale = Math.min(1, LARGEST / Math.max(media.width ?? LARGEST, media.height ?? LARGEST));
    element.style.setProperty("--width", `${Math.round((media.width ?? LARGEST) * scale)}px`);
    element.style.setProperty("--ratio", `${media.width ?? 4} / ${media.height ?? 3}`);
    if (media.status === "processing") element.append(el("span.processing", {}, "On its way…"));
    else element.append(picture(this.#api, media.thumbnailUrl ?? media.url, media.fileName));
    return element;
  }

  /** @param {Media} media */
  #file(media) {
    return el("button.file", { type: "button", onclick: () => void download(this.#api, media.url, media.fileName) },
      icon("copy"), el("span", {}, el("strong", {}, media.fileName), el("small", {}, size(media.size))));
  }

  /** @param {Media} media */
  #look(media) {
    const dialog = el("dialog.look", { "aria-label": media.fileName, onclick: () => dialog.close(), onclose: () => dialog.remove() },
      picture(this.#api, media.url, media.fileName),
      el("button.button", { type: "button" }, "Close"));
    document.body.append(dialog);
    dialog.showModal();
  }
}
