// A clock that a test controls. Node has one too, but it differs between versions.

const real = { setTimeout, clearTimeout, setInterval, clearInterval, now: Date.now };

export class Clock {
  #now = 1_000_000;
  #last = 0;
  #timers = new Map();

  constructor() {
    const begin = (every) => (work, after = 0) => {
      this.#timers.set(++this.#last, { work, at: this.#now + after, every: every ? after : null });
      return this.#last;
    };
    const end = (id) => this.#timers.delete(id);
    Object.assign(globalThis, { setTimeout: begin(false), setInterval: begin(true), clearTimeout: end, clearInterval: end });
    Date.now = () => this.#now;
  }

  // Runs everything that is due until then, in order.
  tick(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at);
      if (!next) break;
      const [id, timer] = next;
      this.#now = timer.at;
      if (timer.every === null) this.#timers.delete(id);
      else timer.at += timer.every;
      timer.work();
    }
    this.#now = end;
  }

  end() {
    const { now, ...timers } = real;
    Object.assign(globalThis, timers);
    Date.now = now;
  }
}

// Runs pending microtasks.
export async function turn() {
  for (let step = 0; step < 20; step += 1) await Promise.resolve();
}
