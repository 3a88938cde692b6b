// Many people who write, change, delete, come and go while nodes are killed.
//
// Whoever plays this says on standard input, a line each, what has changed: {"nodes": [url…]} that live,
// and {"orders": "calm"} and {"orders": "over"}. On standard output it tells how many messages were
// acknowledged so far and how many people have nothing more to say, and in the end that all agree.

import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { Sailor } from './sailor.mjs';

const SAILORS = 50;
const ROOMS = 5;
// In how many of them each one is.
const EACH = 2;
// How long everybody may take to know everything, once nobody writes.
const CONVERGENCE = 20_000;

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

export default async ({ api, history, person, nodes }) => {
  const captain = await person('captain');
  const rooms = [];
  for (let number = 0; number < ROOMS; number += 1) {
    rooms.push((await api(captain, 'POST', '/api/rooms', { name: `${number} ${captain.id}` })).id);
  }

  const world = { nodes, orders: 'storm', acked: 0, quiet: 0, history };
  createInterface({ input: process.stdin }).on('line', (line) => {
    const told = JSON.parse(line);
    if (told.nodes) nodes.splice(0, nodes.length, ...told.nodes);
    if (told.orders) world.orders = told.orders;
  });
  const telling = setInterval(() => tell({ acked: world.acked, quiet: world.quiet }), 50);

  const crew = [];
  for (let number = 0; number < SAILORS; number += 1) {
    const own = Array.from({ length: EACH }, (_, step) => rooms[(number + step) % ROOMS]);
    const who = await person('sailor');
    for (const room of own) await api(who, 'POST', `/api/rooms/${room}/join`);
    crew.push(new Sailor(number, who, own, world));
  }
  const sailing = Promise.all(crew.map((sailor) => sailor.sail()));

  const over = new Promise((resolve) => {
    const timer = setInterval(() => {
      if (world.orders !== 'over') return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  // Whoever breaks a promise earlier is heard at once.
  await Promise.race([over, sailing]);
  const reader = { ...captain, url: nodes[0] };
  const kept = new Map();
  for (const room of rooms) kept.set(room, await history(reader, room));
  world.kept = kept;
  const late = setTimeout(() => {
    const behind = crew.filter((sailor) => !sailor.knowsAll()).map((sailor) => sailor.differs());
    console.error(`not everybody knows everything in time: ${behind.join('\n')}`);
    process.exit(1);
  }, CONVERGENCE);
  await sailing;
  clearTimeout(late);
  clearInterval(telling);

  const ids = new Set();
  for (const messages of kept.values()) {
    messages.forEach((message, place) => {
      assert.equal(message.seq, place + 1, 'no holes');
      assert(!ids.has(message.id), `${message.id} is there twice`);
      ids.add(message.id);
    });
  }
  let acked = 0;
  for (const sailor of crew) {
    assert.deepEqual(sailor.faults, [], sailor.who.username);
    for (const message of sailor.acked.values()) assert(ids.has(message), `${message} was acknowledged`);
    acked += sailor.acked.size;
  }
  // Every text was sent until it was acknowledged, so that there are no others.
  assert.equal(ids.size, acked);
  const voyages = crew.reduce((sum, sailor) => sum + sailor.voyages, 0);
  tell({ acked, quiet: SAILORS, agreed: true, voyages });
};
