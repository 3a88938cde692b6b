/** The listeners of a view, which are removed together with it. */

/** @import { Emitter } from "../wire/emitter.js" */

export class Scope {
  /** @type {(() => void)[]} */
  #ends = [];

  /**
   * @template {Record<string, unknown>} Events
   * @template {keyof Events} Name
   * @param {Emitter<Events>} emitter
   * @param {Name} name
   * @param {(value: Events[Name]) => void} listener
   */
  on(emitter, name, listener) {
    this.#ends.push(emitter.on(name, listener));
  }

  /** @param {EventTarget} target @param {string} name @param {(event: any) => void} listener @param {AddEventListenerOptions} [options] */
  listen(target, name, listener, options) {
    target.addEventListener(name, listener, options);
    this.#ends.push(() => target.removeEventListener(name, listener, options));
  }

  /** @param {() => void} work */
  atEnd(work) {
    this.#ends.push(work);
  }

  end() {
    for (const end of this.#ends.splice(0)) end();
  }
}
