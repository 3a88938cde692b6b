/**
 * The loaded messages of a room. `seq` has no gaps, so arithmetic alone determines which of them are
 * contiguous: a run. There may be several runs, because one can jump into the past, and they join when what
 * lies between is fetched. Does no I/O.
 */

/** @import { Message, MessageFrame } from "../wire/types.js" */

export class Timeline {
  /** @type {Map<number, Message>} */
  #bySeq = new Map();
  /** @type {Map<string, number>} */
  #seqs = new Map();
  /** Nothing up to this seq is readable by the user. */
  #floor;
  /** The seq of the newest message in the room, as far as known. */
  latest;

  /** @param {{ floor?: number, latest?: number }} [bounds] */
  constructor({ floor = 0, latest = 0 } = {}) {
    this.#floor = floor;
    this.latest = latest;
  }

  get size() {
    return this.#bySeq.size;
  }

  /** @param {number} seq */
  at(seq) {
    return this.#bySeq.get(seq);
  }

  /** @param {string} id */
  get(id) {
    const seq = this.#seqs.get(id);
    return seq === undefined ? undefined : this.#bySeq.get(seq);
  }

  /** Whether the newest message is loaded, or there is none. */
  get isCurrent() {
    return this.latest <= this.#floor || this.#bySeq.has(this.latest);
  }

  /**
   * Takes a response to a request of the user: complete, including what is specific to the user.
   *
   * @param {Message[]} messages
   */
  take(messages) {
    for (const message of messages) this.#put(message);
  }

  /**
   * Takes an event, which is the same for everybody: it does not say which reactions are the user's.
   *
   * @param {Pick<MessageFrame, "message" | "by">} frame
   * @param {string} me
   * @returns {boolean} whether it is known whose they are: of several changes that were missed only the
   *   outcome is told
   */
  apply({ message, by }, me) {
    const before = this.get(message.id);
    const isMine = (/** @type {string} */ emoji) => {
      if (by?.userId === me && by.emoji === emoji) return by.on;
      return before?.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine) ?? false;
    };
    const reactions = message.reactions.map((reaction) => ({ ...reaction, mine: isMine(reaction.emoji) }));
    this.#put({ ...message, reactions });
    return by !== undefined || counts(before) === counts(message);
  }

  /**
   * Changes a message before the server has confirmed it. The next frame of it overrides this.
   *
   * @param {string} id
   * @param {(message: Message) => Message} change
   */
  guess(id, change) {
    const message = this.get(id);
    if (message) this.#bySeq.set(message.seq, change(message));
  }

  /**
   * The contiguous messages around a seq, the oldest first.
   *
   * @param {number} [seq]
   * @returns {Message[]}
   */
  run(seq = this.latest) {
    const messages = [];
    let first = seq;
    while (this.#bySeq.has(first - 1)) first -= 1;
    for (let at = first; ; at += 1) {
      const message = this.#bySeq.get(at);
      if (!message) return messages;
      messages.push(message);
    }
  }

  /**
   * Whether the history begins with this message.
   *
   * @param {Message | undefined} message
   */
  isFirst(message) {
    return message ? message.seq <= this.#floor + 1 : this.latest <= this.#floor;
  }

  /** Too much was missed to be replayed: discards what is loaded. @param {number} [latest] */
  clear(latest = 0) {
    this.#bySeq.clear();
    this.#seqs.clear();
    this.latest = latest;
  }

  /** @param {Message} message */
  #put(message) {
    const known = this.#bySeq.get(message.seq);
    this.latest = Math.max(this.latest, message.seq);
    if (known && known.rev > message.rev) return;
    this.#bySeq.set(message.seq, message);
    this.#seqs.set(message.id, message.seq);
  }
}

/** @param {Message | undefined} message */
const counts = (message) => (message?.reactions ?? []).map(({ emoji, count }) => `${emoji}${count}`).sort().join();
