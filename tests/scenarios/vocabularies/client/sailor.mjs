// Somebody who writes, reads, comes and goes, and writes again what was not acknowledged.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';

const TRANSPORTS = [undefined, ['websocket'], ['polling']];
// Something is away for a while, which is no fault.
const TEMPORARY = ['unavailable', 'overloaded', 'rate_limited'];
// What else may become of a change: somebody has deleted what was to be changed.
const TOO_LATE = ['message_deleted'];

// Numbers that nobody would think of, the same for the same seed.
function dice(seed) {
  let state = seed >>> 0;
  return (end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  };
}

export class Sailor {
  acked = new Map();
  faults = [];
  voyages = 0;
  // What has to be sent, again if it was sent before.
  #unsent = new Map();
  // Sent on this connection, and not answered.
  #asked = new Set();
  #cursors = {};
  #copies = new Map();
  #stale = new Set();
  #quiet = false;

  constructor(number, who, rooms, world) {
    this.who = who;
    this.rooms = rooms;
    this.world = world;
    const seed = Number(process.env.TEST_SEED ?? 4);
    this.dice = dice(seed * 1_000 + number);
    for (const room of rooms) {
      // Everything that ever happened is wanted.
      this.#cursors[room] = 0;
      this.#copies.set(room, new Map());
    }
  }

  #any(all) {
    return all[this.dice(all.length)];
  }

  // Sails until it is over and everything was seen.
  async sail() {
    while (!this.knowsAll()) {
      const socket = await this.#boards();
      if (socket) {
        this.voyages += 1;
        while (socket.connected && !this.knowsAll() && (await this.#goesOn(socket)));
        socket.close();
      } else {
        await pause(50);
      }
    }
  }

  // Connects to any node and resumes.
  async #boards() {
    const socket = io(this.#any(this.world.nodes), {
      forceNew: true,
      reconnection: false,
      timeout: 5_000,
      transports: this.#any(TRANSPORTS),
      auth: { token: this.who.token, vocabulary: 'rooms', cursors: this.#cursors },
    });
    this.#asked.clear();
    socket.on('joined_room', (told) => this.#stands(told));
    for (const event of ['receive_message', 'message_updated', 'message_deleted']) {
      socket.on(event, (message) => this.#takes(message));
    }
    socket.on('error', ({ code, message }) => {
      if (!TEMPORARY.includes(code)) this.faults.push(`${code}: ${message}`);
    });
    const connected = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('connect_error', () => resolve(false));
    });
    if (!connected) socket.close();
    return connected ? socket : undefined;
  }

  #stands({ roomId, rev, reset }) {
    if (reset) {
      this.#stale.add(roomId);
      this.#copies.get(roomId).clear();
      this.#cursors[roomId] = rev;
    }
  }

  // In order, and each change once. One of the newest messages that was changed meanwhile may come as a new
  // one, whether or not it was heard of before.
  #takes(message) {
    const { roomId, id, rev } = message;
    const copy = this.#copies.get(roomId);
    if (rev <= this.#cursors[roomId]) {
      this.faults.push(`rev ${rev} of ${id} after ${this.#cursors[roomId]}`);
    }
    this.#cursors[roomId] = rev;
    if (rev > (copy.get(id)?.rev ?? 0)) copy.set(id, message);
  }

  // One step, which ends when there is nothing to wait for.
  async #goesOn(socket) {
    const { orders } = this.world;
    for (const room of [...this.#stale]) {
      if (!(await this.#reads(room))) return false;
    }
    if (orders === 'storm' && !(await this.#acts())) return false;
    this.#sendsWhatIsUnsent(socket);
    if (orders !== 'storm' && this.#unsent.size === 0 && !this.#quiet) {
      this.#quiet = true;
      this.world.quiet += 1;
    }
    await pause(orders === 'storm' ? 100 + this.dice(900) : 20);
    return true;
  }

  // Reads a room anew. What is read may be newer than where the room stands.
  async #reads(room) {
    const reader = { ...this.who, url: this.#any(this.world.nodes) };
    const messages = await this.world.history(reader, room).catch(() => undefined);
    if (!messages) return false;
    const copy = this.#copies.get(room);
    for (const message of messages) {
      if (message.rev > (copy.get(message.id)?.rev ?? 0)) copy.set(message.id, message);
    }
    this.#stale.delete(room);
    return true;
  }

  #sendsWhatIsUnsent(socket) {
    for (const [clientId, event] of this.#unsent) {
      if (this.#asked.has(clientId)) continue;
      this.#asked.add(clientId);
      socket.emit('send_message', event, (answer) => {
        this.#asked.delete(clientId);
        if (answer.ok) {
          if (this.#unsent.delete(clientId)) this.world.acked += 1;
          this.acked.set(clientId, answer.messageId);
        } else if (!TEMPORARY.includes(answer.code)) {
          this.faults.push(`a message was refused: ${JSON.stringify(answer)}`);
        }
      });
    }
  }

  // Does one thing, any. Nobody stays aboard who wants to leave.
  async #acts() {
    const what = this.dice(20);
    if (what === 0) return false;
    if (what <= 12) {
      const [clientId, roomId] = [randomUUID(), this.#any(this.rooms)];
      const content = `${this.who.username} ${this.dice(1_000_000)}`;
      this.#unsent.set(clientId, { roomId, content, clientId });
    } else if (this.acked.size > 0) {
      const own = [...this.acked.values()].slice(-5);
      await this.#changes(this.#any(own), what > 16 ? 'DELETE' : 'PATCH');
    }
    return true;
  }

  // Changes a message by REST, on any node. Whether it came to be is seen in the room.
  async #changes(message, method) {
    const content = method === 'PATCH' ? `edited ${this.dice(1_000_000)}` : undefined;
    const answer = await fetch(`${this.#any(this.world.nodes)}/api/messages/${message}`, {
      method,
      headers: {
        authorization: `Bearer ${this.who.token}`,
        ...(content && { 'content-type': 'application/json' }),
      },
      body: content && JSON.stringify({ content }),
    }).catch(() => undefined);
    if (!answer || answer.ok) return;
    const { code } = await answer.json().catch(() => ({ code: 'unavailable' }));
    if (![...TEMPORARY, ...TOO_LATE].includes(code)) this.faults.push(`${method}: ${code}`);
  }

  // Whether it is over, and they know what history says.
  knowsAll() {
    return this.world.kept !== undefined && this.differs() === undefined;
  }

  differs() {
    for (const room of this.rooms) {
      const copy = this.#copies.get(room);
      const kept = this.world.kept.get(room);
      for (const message of kept) {
        const known = copy.get(message.id);
        const same = known && ['seq', 'rev', 'content', 'deletedAt', 'editedAt', 'clientId']
          .every((field) => known[field] === message[field]);
        if (!same) return `${this.who.username}: ${JSON.stringify([known, message])}`;
      }
      if (copy.size !== kept.length) return `${this.who.username}: ${copy.size} of ${kept.length}`;
    }
    return undefined;
  }
}
