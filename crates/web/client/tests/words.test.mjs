// How days and times are formatted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { day, dayWithin, shortClock } from "../script/text/words.js";

const now = new Date(2026, 10, 22, 12);
const at = (date) => new Date(2026, 10, date, 9).toISOString();

test("within a sentence only today and yesterday are small", () => {
  assert.deepEqual([day(at(22), now), dayWithin(at(22), now)], ["Today", "today"]);
  assert.deepEqual([day(at(21), now), dayWithin(at(21), now)], ["Yesterday", "yesterday"]);
  assert.equal(dayWithin(at(20), now), day(at(20), now));
});

test("where there is little room a time is its numbers", () => {
  const said = (locale) => shortClock(new Date(2026, 10, 22, 16, 8).toISOString(), new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }));
  assert.deepEqual(["en-GB", "en-US", "ko-KR", "bg-BG"].map(said), ["16:08", "04:08", "04:08", "16:08"]);
});
