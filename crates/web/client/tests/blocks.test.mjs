// Whom one has blocked, as this browser remembers it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Blocks } from "../script/state/blocks.js";

/** A browser's storage. */
function storage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test("a block is remembered until it is taken back, and by its owner only", () => {
  const kept = storage();
  const blocks = new Blocks("ana", kept);
  assert.equal(blocks.has("ben"), false);
  blocks.set("ben", true);
  blocks.set("cleo", true);
  blocks.set("cleo", false);
  const again = new Blocks("ana", kept);
  assert.deepEqual([again.has("ben"), again.has("cleo")], [true, false]);
  assert.equal(new Blocks("dan", kept).has("ben"), false);
});
