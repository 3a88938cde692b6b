// The protocol of the socket, against a scripted server.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Connection } from "../script/wire/connection.js";
import { Clock, turn } from "./clock.mjs";

/** A socket whose other end is controlled by the test. */
class Socket extends EventTarget {
  sent = [];
  closedWith = null;
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close(code) {
    this.closedWith ??= code;
  }
  opens() {
    this.dispatchEvent(new Event("open"));
  }
  tells(...frames) {
    for (const frame of frames) this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }
  ends(code) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
  asked(type) {
    return this.sent.filter((frame) => frame.type === type);
  }
}

let clock;
let sockets;
let heard;
let connection;
const message = (rev, prev = rev - 1) => ({ type: "message", op: "created", roomId: "a", rev, prev, message: { id: `m${rev}`, rev } });
const ready = { type: "ready", epoch: "e1" };
const subscribed = (asked, told) => ({ type: "ack", id: asked.id, rooms: { a: { replayed: 0, reset: false, ...told } } });

beforeEach(() => {
  clock = new Clock();
  sockets = [];
  heard = [];
  connection = new Connection({
    token: async () => "token",
    renew: async () => "fresh",
    open: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    },
  });
  for (const name of ["change", "reset", "refused", "revoked"]) connection.on(name, (value) => heard.push([name, value?.rev ?? value]));
});

afterEach(() => {
  connection.stop();
  clock.end();
});

async function begun(rev = 3) {
  connection.start();
  connection.follow([["a", rev]]);
  await turn();
  const [socket] = sockets;
  socket.opens();
  socket.tells(ready);
  const [asked] = socket.asked("subscribe");
  socket.tells(subscribed(asked, { rev }));
  await turn();
  return socket;
}

async function again() {
  clock.tick(60_000);
  await turn();
  const socket = sockets.at(-1);
  socket.opens();
  return socket;
}

test("it says who it is first, and asks for what it missed", async () => {
  const socket = await begun();
  assert.deepEqual(socket.sent[0], { type: "auth", token: "token" });
  assert.deepEqual(socket.asked("subscribe")[0].rooms, { a: 3 });
  assert.equal(connection.status.phase, "live");
});

test("changes come out in order and once", async () => {
  const socket = await begun();
  socket.tells(message(4), message(4), message(5));
  assert.deepEqual(heard, [["change", 4], ["change", 5]]);
});

test("a hole is asked for once, and filled", async () => {
  const socket = await begun();
  socket.tells(message(6), message(7));
  assert.equal(connection.status.phase, "catching-up");
  const [, asked, ...more] = socket.asked("subscribe");
  assert.deepEqual([asked.rooms, more], [{ a: 3 }, []]);
  socket.tells(message(5, 3), message(7, 5), subscribed(asked, { rev: 7, replayed: 2 }));
  await turn();
  socket.tells(message(8));
  assert.deepEqual(heard, [["change", 5], ["change", 7], ["change", 8]]);
  assert.equal(connection.status.phase, "live");
});

test("after a break it goes on where it stood, and says of which store that was", async () => {
  const first = await begun();
  first.tells(message(4));
  first.ends(1006);
  assert.equal(connection.status.phase, "offline");
  const second = await again();
  second.tells({ ...ready, epoch: "e2" });
  const [asked] = second.asked("subscribe");
  assert.deepEqual([asked.rooms, asked.epoch], [{ a: 4 }, "e1"]);
  second.tells(subscribed(asked, { rev: 2, reset: true }));
  await turn();
  second.tells(message(3));
  assert.deepEqual(heard, [["change", 4], ["reset", "a"], ["change", 3]]);
});

test("what had no answer when the connection ended fails, so that it can be said again", async () => {
  const socket = await begun();
  const answer = assert.rejects(connection.ask({ type: "send", roomId: "a" }), /lost/);
  socket.ends(4000);
  await answer;
  await assert.rejects(connection.ask({ type: "send" }), /lost/);
});

test("a refusal of the server is a problem with its code", async () => {
  const socket = await begun();
  const answer = assert.rejects(connection.ask({ type: "send" }), { code: "muted" });
  socket.tells({ type: "error", id: socket.asked("send")[0].id, code: "muted", message: "not now" });
  await answer;
});

test("a frame that is too long is not sent", async () => {
  const socket = await begun();
  await assert.rejects(connection.ask({ type: "send", content: "é".repeat(70_000) }), { code: "too_large" });
  assert.equal(socket.asked("send").length, 0);
});

test("it lags and is brought up from the store", async () => {
  const socket = await begun();
  socket.tells({ type: "lagging", rooms: ["a"] });
  assert.equal(connection.status.phase, "catching-up");
  socket.tells(message(9, 3), { type: "resumed", roomId: "a", rev: 9, reset: false });
  assert.equal(connection.status.phase, "live");
  assert.equal(connection.standing.rev("a"), 9);
});

test("a token that runs out is renewed on the live socket", async () => {
  const socket = await begun();
  socket.tells({ type: "token_expiring", in: 60 });
  clock.tick(30_000);
  await turn();
  assert.deepEqual(socket.asked("auth").at(-1), { type: "auth", token: "fresh" });
});

test("a token that is refused is renewed before the next attempt", async () => {
  const socket = await begun();
  socket.ends(4501);
  const next = await again();
  assert.deepEqual(next.sent[0], { type: "auth", token: "fresh" });
});

test("a session that was ended is not tried again", async () => {
  const socket = await begun();
  socket.ends(4502);
  clock.tick(120_000);
  await turn();
  assert.deepEqual(heard, [["revoked", undefined]]);
  assert.equal(sockets.length, 1);
});

test("what only a person can mend is tried again by a person only", async () => {
  const socket = await begun();
  socket.ends(4504);
  clock.tick(120_000);
  await turn();
  assert.equal(connection.status.phase, "stopped");
  assert.equal(sockets.length, 1);
  connection.retry();
  await turn();
  assert.equal(sockets.length, 2);
});

test("a server that stops says when to come back", async () => {
  const socket = await begun();
  socket.tells({ type: "shutdown", reconnectIn: 4_000 });
  socket.ends(4000);
  assert.equal(connection.status.wait - Date.now(), 4_000);
  clock.tick(3_999);
  await turn();
  assert.equal(sockets.length, 1);
  clock.tick(1);
  await turn();
  assert.equal(sockets.length, 2);
});

test("a connection that says nothing is asked, and then given up", async () => {
  const socket = await begun();
  clock.tick(30_000);
  assert.equal(socket.asked("ping").length, 1);
  clock.tick(15_000);
  assert.equal(connection.status.phase, "offline");
});

test("a room that one was removed from is followed no more", async () => {
  const socket = await begun();
  socket.tells({ type: "room_removed", roomId: "a", reason: "kicked" }, message(4));
  assert.deepEqual(heard, []);
});

test("what is told in pieces is heard before the answer", async () => {
  connection.start();
  await turn();
  const [socket] = sockets;
  socket.opens();
  socket.tells(ready);
  const pieces = [];
  const answer = connection.ask({ type: "summary", roomId: "a", since: "read" }, (piece) => pieces.push(piece));
  const [{ id }] = socket.asked("summary");
  socket.tells(
    { type: "summary_part", id, roomId: "a", text: "Ana " },
    { type: "summary_part", id: id + 1, roomId: "a", text: "of another" },
    { type: "summary_part", id, roomId: "a", text: "said" },
    { type: "ack", id, summary: { summary: "Ana said" } },
  );
  assert.equal((await answer).summary.summary, "Ana said");
  socket.tells({ type: "summary_part", id, roomId: "a", text: "late" });
  assert.deepEqual(pieces, ["Ana ", "said"]);
});
