/** Commands on a socket that await a response. */

/** @import { Ack } from "./types.js" */

/** @typedef {{ resolve: (ack: Ack) => void, reject: (error: Error) => void, hear?: ((piece: string) => void) | undefined }} Waiting */

export class Questions {
  #last = 0;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();

  /** @param {(piece: string) => void} [hear] what comes before the answer @returns {{ id: number, answer: Promise<Ack> }} */
  ask(hear) {
    const id = ++this.#last;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, hear }));
    return { id, answer };
  }

  /** @param {number} id @param {string} piece */
  hear(id, piece) {
    this.#waiting.get(id)?.hear?.(piece);
  }

  /**
   * @param {number} id
   * @param {Ack} ack
   */
  answer(id, ack) {
    this.#take(id)?.resolve(ack);
  }

  /**
   * @param {number} id
   * @param {Error} error
   */
  fail(id, error) {
    this.#take(id)?.reject(error);
  }

  /** @param {Error} error */
  failAll(error) {
    for (const id of [...this.#waiting.keys()]) this.fail(id, error);
  }

  /** @param {number} id */
  #take(id) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
