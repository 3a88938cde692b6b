// How far a client is in a room, and what a frame means for that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Standing } from "../script/wire/standing.js";

const frame = (rev, prev = rev - 1, roomId = "a") => ({ roomId, rev, prev });

test("frames are taken in order, each once", () => {
  const standing = new Standing();
  standing.follow("a", 3);
  assert.deepEqual([4, 4, 5, 3].map((rev) => standing.weigh(frame(rev))), ["next", "known", "next", "known"]);
  assert.equal(standing.rev("a"), 5);
});

test("a frame whose prev is beyond is a hole, and moves nothing", () => {
  const standing = new Standing();
  standing.follow("a", 3);
  assert.equal(standing.weigh(frame(6)), "hole");
  assert.equal(standing.rev("a"), 3);
  assert.equal(standing.weigh(frame(4)), "next");
});

test("one that was read back from the store may span more than one change", () => {
  const standing = new Standing();
  standing.follow("a", 3);
  assert.equal(standing.weigh(frame(9, 3)), "next");
  assert.equal(standing.weigh(frame(12, 7)), "next");
  assert.equal(standing.rev("a"), 12);
});

test("from now on begins with whatever comes", () => {
  const standing = new Standing();
  standing.follow("a", null);
  assert.equal(standing.weigh(frame(40)), "next");
  assert.equal(standing.weigh(frame(42)), "hole");
});

test("rooms that nobody follows are foreign", () => {
  const standing = new Standing();
  assert.equal(standing.weigh(frame(1)), "foreign");
  standing.follow("a", 1);
  standing.forget("a");
  assert.equal(standing.weigh(frame(2)), "foreign");
  assert.equal(standing.settle("a", { rev: 9, reset: true }), false);
  assert.deepEqual(standing.rooms, []);
});

test("after a replay one stands where the server says", () => {
  const standing = new Standing();
  standing.follow("a", 3);
  standing.follow("b", null);
  assert.deepEqual(standing.since(["a", "b"]), { a: 3, b: null });
  assert.equal(standing.settle("a", { rev: 9, reset: false }), false);
  assert.equal(standing.settle("b", { rev: 2, reset: true }), true);
  assert.deepEqual(standing.since(["a", "b"]), { a: 9, b: 2 });
});
