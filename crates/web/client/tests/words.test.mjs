// How days are called.

import assert from "node:assert/strict";
import { test } from "node:test";
import { day, dayWithin } from "../script/text/words.js";

const now = new Date(2026, 10, 22, 12);
const at = (date) => new Date(2026, 10, date, 9).toISOString();

test("within a sentence only today and yesterday are small", () => {
  assert.deepEqual([day(at(22), now), dayWithin(at(22), now)], ["Today", "today"]);
  assert.deepEqual([day(at(21), now), dayWithin(at(21), now)], ["Yesterday", "yesterday"]);
  assert.equal(dayWithin(at(20), now), day(at(20), now));
});
