// Messages that are not acknowledged.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Outbox } from "../script/wire/outbox.js";
import { Disconnected, Problem } from "../script/wire/problem.js";
import { Clock, turn } from "./clock.mjs";

let clock;
let kept;
let sent;
let isReady;
let shown;
const storage = { getItem: (key) => kept[key] ?? null, setItem: (key, value) => { kept[key] = value; } };
const outbox = () => new Outbox({
  send: (unsent) => new Promise((resolve, reject) => sent.push({ ...unsent, ack: () => resolve({ clientId: unsent.clientId, seq: 1 }), fail: reject })),
  isReady: () => isReady,
  isShown: () => shown,
  storage,
});
const states = (box) => box.of("a").map(({ content, state }) => [content, state]);

beforeEach(() => {
  clock = new Clock();
  [kept, sent, isReady, shown] = [{}, [], true, false];
});
afterEach(() => clock.end());

test("in a room one goes out after the other", async () => {
  const box = outbox();
  box.add({ roomId: "a", content: "one" });
  box.add({ roomId: "a", content: "two" });
  box.add({ roomId: "b", content: "elsewhere" });
  assert.deepEqual(sent.map(({ content }) => content), ["one", "elsewhere"]);
  sent[0].ack();
  await turn();
  assert.deepEqual(sent.map(({ content }) => content), ["one", "elsewhere", "two"]);
});

test("what is acknowledged waits for its frame, and goes when that comes", async () => {
  const box = outbox();
  const { clientId } = box.add({ roomId: "a", content: "one" });
  sent[0].ack();
  await turn();
  assert.deepEqual(states(box), [["one", "stored"]]);
  box.arrived({ clientId });
  assert.deepEqual(states(box), []);
});

test("where the message is shown already nothing is left", async () => {
  shown = true;
  const box = outbox();
  box.add({ roomId: "a", content: "one" });
  sent[0].ack();
  await turn();
  assert.deepEqual(states(box), []);
});

test("after a break it is sent again under the same name", async () => {
  const box = outbox();
  box.add({ roomId: "a", content: "one" });
  box.add({ roomId: "a", content: "two" });
  isReady = false;
  sent[0].fail(new Disconnected());
  await turn();
  assert.deepEqual(states(box), [["one", "waiting"], ["two", "waiting"]]);
  isReady = true;
  box.flush();
  assert.deepEqual(sent.map(({ content }) => content), ["one", "one"]);
  assert.equal(sent[0].clientId, sent[1].clientId);
});

test("what came during the break is not sent again", async () => {
  const box = outbox();
  const { clientId } = box.add({ roomId: "a", content: "one" });
  isReady = false;
  sent[0].fail(new Disconnected());
  await turn();
  box.arrived({ clientId });
  isReady = true;
  box.flush();
  assert.equal(sent.length, 1);
});

test("what is refused waits for a person, and the next one goes on", async () => {
  const box = outbox();
  const { clientId } = box.add({ roomId: "a", content: "one" });
  box.add({ roomId: "a", content: "two" });
  sent[0].fail(new Problem(0, { code: "muted", message: "You are muted." }));
  await turn();
  assert.deepEqual(states(box), [["one", "failed"], ["two", "sending"]]);
  assert.equal(box.of("a")[0].reason, "You are muted.");
  sent[1].ack();
  await turn();
  box.retry(clientId);
  assert.equal(sent.at(-1).content, "one");
  box.discard(clientId);
  assert.deepEqual(states(box).filter(([content]) => content === "one"), []);
});

test("what is refused for a moment is tried again, and nothing overtakes it", async () => {
  const box = outbox();
  box.add({ roomId: "a", content: "one" });
  box.add({ roomId: "a", content: "two" });
  sent[0].fail(new Problem(0, { code: "rate_limited", retryAfter: 2 }));
  await turn();
  assert.equal(sent.length, 1);
  clock.tick(2_000);
  await turn();
  assert.deepEqual(sent.map(({ content }) => content), ["one", "one"]);
});

test("it outlives a reload, in order", async () => {
  isReady = false;
  const before = outbox();
  before.add({ roomId: "a", content: "one", replyTo: "m1" });
  before.add({ roomId: "a", content: "two" });
  const after = outbox();
  assert.deepEqual(states(after), [["one", "waiting"], ["two", "waiting"]]);
  assert.equal(after.of("a")[0].replyTo, "m1");
  assert.deepEqual(after.of("a").map(({ clientId }) => clientId), before.of("a").map(({ clientId }) => clientId));
});

test("what another version left there is no harm", () => {
  kept["tertulia.outbox"] = "{";
  assert.deepEqual(outbox().of("a"), []);
});
