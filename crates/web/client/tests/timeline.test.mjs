// The loaded messages of a room.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "../script/state/timeline.js";

const message = (seq, more = {}) => ({ id: `m${seq}`, seq, rev: seq, content: `${seq}`, reactions: [], ...more });
const page = (from, to) => Array.from({ length: to - from + 1 }, (_, place) => message(to - place));
const seqs = (messages) => messages.map(({ seq }) => seq);

test("what follows one another is a run", () => {
  const timeline = new Timeline({ latest: 10 });
  assert.equal(timeline.isCurrent, false);
  timeline.take(page(6, 10));
  timeline.take(page(1, 3));
  assert.deepEqual([seqs(timeline.run()), seqs(timeline.run(2))], [[6, 7, 8, 9, 10], [1, 2, 3]]);
  timeline.take(page(4, 5));
  assert.equal(timeline.run().length, 10);
  assert.equal(timeline.isCurrent, true);
  assert.deepEqual([timeline.isFirst(timeline.at(1)), timeline.isFirst(timeline.at(6))], [true, false]);
});

test("what is said now is not put beneath what was said then", () => {
  const timeline = new Timeline({ latest: 100 });
  timeline.take(page(40, 50));
  timeline.apply({ message: message(101) }, "me");
  assert.equal(timeline.run(45).at(-1).seq, 50);
  assert.equal(timeline.latest, 101);
});

test("the higher rev wins, whichever comes first", () => {
  const timeline = new Timeline();
  timeline.take([message(1, { rev: 5, content: "new" })]);
  timeline.take([message(1, { rev: 2, content: "old" })]);
  timeline.apply({ message: message(1, { rev: 4, content: "older" }) }, "me");
  assert.equal(timeline.at(1).content, "new");
  timeline.apply({ message: message(1, { rev: 6, content: "newest" }) }, "me");
  assert.equal(timeline.get("m1").content, "newest");
});

test("whose reactions they are is not told to everybody, and yet known", () => {
  const timeline = new Timeline();
  timeline.take([message(1, { reactions: [{ emoji: "👍", count: 2, mine: true }] })]);
  timeline.apply({ message: message(1, { rev: 2, reactions: [{ emoji: "👍", count: 3 }, { emoji: "🎉", count: 1 }] }), by: { userId: "you", emoji: "👍", on: true } }, "me");
  assert.deepEqual(timeline.at(1).reactions.map(({ mine }) => mine), [true, false]);
  timeline.apply({ message: message(1, { rev: 3, reactions: [{ emoji: "👍", count: 2 }, { emoji: "🎉", count: 2 }] }), by: { userId: "me", emoji: "🎉", on: true } }, "me");
  assert.deepEqual(timeline.at(1).reactions.map(({ mine }) => mine), [true, true]);
  timeline.apply({ message: message(1, { rev: 4, reactions: [{ emoji: "👍", count: 1 }, { emoji: "🎉", count: 2 }] }), by: { userId: "me", emoji: "👍", on: false } }, "me");
  assert.deepEqual(timeline.at(1).reactions.map(({ mine }) => mine), [false, true]);
});

test("whoever came late has nothing before that", () => {
  const timeline = new Timeline({ floor: 20, latest: 20 });
  assert.equal(timeline.isCurrent, true);
  assert.equal(timeline.isFirst(undefined), true);
  timeline.apply({ message: message(21) }, "me");
  assert.equal(timeline.isFirst(timeline.at(21)), true);
});

test("a replay in the order of changes leaves no hole", () => {
  const timeline = new Timeline({ latest: 4 });
  timeline.take(page(1, 4));
  for (const seq of [8, 6, 5, 7]) timeline.apply({ message: message(seq, { rev: 20 + seq }) }, "me");
  assert.deepEqual(seqs(timeline.run()), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("of reactions that were missed it is not known whose they are", () => {
  const timeline = new Timeline();
  assert.equal(timeline.apply({ message: message(1) }, "me"), true);
  assert.equal(timeline.apply({ message: message(1, { rev: 3, reactions: [{ emoji: "👍", count: 1 }] }), by: { userId: "me", emoji: "👍", on: true } }, "me"), true);
  assert.equal(timeline.apply({ message: message(1, { rev: 4, content: "edited", reactions: [{ emoji: "👍", count: 1 }] }) }, "me"), true);
  assert.equal(timeline.apply({ message: message(1, { rev: 9, reactions: [{ emoji: "👍", count: 2 }] }) }, "me"), false);
});
