/**
 * The messages of a room that this client has. `seq` has no holes, so arithmetic alone says which of them
 * follow one another: a run. There may be several runs, since one can jump into the past, and they join
 * when what lies between was read. Knows nothing of the network or the page.
 */

/** @import { Message, MessageFrame } from "../wire/types.js" */

export class Timeline {
  /** @type {Map<number, Message>} */
  #bySeq = new Map();
  /** @type {Map<string, number>} */
  #seqs = new Map();
  /** Nothing at or before it can be read by whom this is for. */
  #floor;
  /** The newest place in the room, as far as one knows. */
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

  /** Whether the newest message is here, or there is none. */
  get isCurrent() {
    return this.latest <= this.#floor || this.#bySeq.has(this.latest);
  }

  /**
   * What somebody asked for and was answered: the whole of it, with what is the reader's own.
   *
   * @param {Message[]} messages
   */
  take(messages) {
    for (const message of messages) this.#put(message);
  }

  /**
   * What happened, as everybody is told it: which reactions are the reader's own is not in it.
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
   * Does something to a message before the server has said so. The next frame of it has the last word.
   *
   * @param {string} id
   * @param {(message: Message) => Message} change
   */
  guess(id, change) {
    const message = this.get(id);
    if (message) this.#bySeq.set(message.seq, change(message));
  }

  /**
   * The messages around a place that follow one another without a hole, the oldest first.
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

  /** Too much was missed to be told: what is here is of the past. @param {number} [latest] */
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
