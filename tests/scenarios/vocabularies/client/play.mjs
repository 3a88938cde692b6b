// Plays a scenario with the official client: node play.mjs <scenario> <url of a node>...
//
// People come to one node after the other, by the client's default setting and by each transport alone.

import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

const [scenario, ...nodes] = process.argv.slice(2);
const TRANSPORTS = [undefined, ['websocket'], ['polling']];
const PATIENCE = 20_000;
let visitors = 0;

async function api(who, method, path, body) {
  const answer = await fetch(who.url + path, {
    method,
    headers: {
      ...(who.token && { authorization: `Bearer ${who.token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

// All messages of a room, the oldest first.
async function history(who, room) {
  const all = [];
  for (let after = 0; ;) {
    const { messages } = await api(who, 'GET', `/api/rooms/${room}/messages?limit=100&after=${after}`);
    if (messages.length === 0) return all;
    all.push(...messages);
    after = messages.at(-1).seq;
  }
}

async function person(name) {
  const url = nodes[visitors++ % nodes.length];
  const username = `${name}${visitors}`;
  const account = { email: `${username}@example.org`, password: 'correct horse', username };
  const { user, token } = await api({ url }, 'POST', '/api/auth/register', account);
  return { url, token, id: user.id, username };
}

// A socket that remembers what it was told. Without options it is the person's on the next node.
function connect(who, { auth, ...options } = {}) {
  const number = visitors++;
  const socket = io(nodes[number % nodes.length], {
    forceNew: true,
    auth: auth ?? { token: who.token },
    transports: TRANSPORTS[number % TRANSPORTS.length],
    ...options,
  });
  socket.heard = [];
  socket.onAny((event, ...args) => {
    socket.heard.push({ event, args, payload: args[0] });
    socket.listeners('news').forEach((wake) => wake());
  });
  return socket;
}

async function connected(who, options) {
  const socket = connect(who, options);
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

async function refused(who, options) {
  const socket = connect(who, { ...options, reconnection: false });
  const error = await new Promise((resolve) => socket.once('connect_error', resolve));
  socket.close();
  return error;
}

// The first event of this name that fits, which is not looked at again.
async function hears(socket, event, fits = () => true) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const place = socket.heard.findIndex((one) => one.event === event && fits(one.payload));
    if (place >= 0) return socket.heard.splice(place, 1)[0].payload;
    const left = end - Date.now();
    assert(left > 0, `nothing heard of ${event}, but ${JSON.stringify(socket.heard)}`);
    await new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        socket.off('news', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(left, 1_000));
      socket.on('news', wake);
    });
  }
}

// All payloads of an event that were heard so far and not looked at.
const all = (socket, event) =>
  socket.heard.filter((one) => one.event === event).map((one) => one.payload);

async function ask(socket, event, ...args) {
  return socket.timeout(PATIENCE).emitWithAck(event, ...args);
}

async function asks(socket, event, ...args) {
  const answer = await ask(socket, event, ...args);
  assert.equal(answer.ok, true, `${event}: ${JSON.stringify(answer)}`);
  return answer;
}

// The failure is the answer, and an event as well.
async function isRefused(socket, code, event, ...args) {
  const answer = await ask(socket, event, ...args);
  assert.deepEqual([answer.ok, answer.code], [false, code], `${event}: ${JSON.stringify(answer)}`);
  assert.equal(typeof answer.message, 'string');
  const told = await hears(socket, 'error', (error) => error.code === code);
  assert.equal(told.message, answer.message);
}

const ended = (socket) => new Promise((resolve) => socket.once('disconnect', resolve));

const { default: play } = await import(`./${scenario}.mjs`);
await play({ api, history, person, connect, connected, refused, hears, all, ask, asks, isRefused, ended, nodes });
process.exit(0);
