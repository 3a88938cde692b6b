// Days, groups, and where the unread messages begin.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rows } from "../script/state/rows.js";

const at = (minute, day = 1) => new Date(2026, 10, day, 12, minute).toISOString();
const message = (seq, senderId, createdAt, more = {}) => ({ id: `m${seq}`, seq, rev: seq, senderId, createdAt, ...more });
const shape = (list) => list.map((row) => (row.kind === "message" ? `${row.message.seq}${row.leads ? "*" : ""}` : row.kind === "unsent" ? `?${row.leads ? "*" : ""}` : row.kind));

test("days are named, and groups begin with a name", () => {
  const list = rows([message(1, "ana", at(0)), message(2, "ana", at(1)), message(3, "ben", at(2)), message(4, "ben", at(20)), message(5, "ben", at(0, 2))], [], { me: "me" });
  assert.deepEqual(shape(list), ["day", "1*", "2", "3*", "4*", "day", "5*"]);
});

test("an answer says whose it is", () => {
  const list = rows([message(1, "ana", at(0)), message(2, "ana", at(1), { replyTo: "m0" })], [], { me: "me" });
  assert.deepEqual(shape(list), ["day", "1*", "2*"]);
});

test("the unread begins where somebody else said something", () => {
  const messages = [message(1, "ana", at(0)), message(2, "me", at(1)), message(3, "ana", at(2)), message(4, "ana", at(3))];
  assert.deepEqual(shape(rows(messages, [], { me: "me", unreadAfter: 1 })), ["day", "1*", "2*", "new", "3*", "4"]);
  assert.deepEqual(shape(rows(messages, [], { me: "me", unreadAfter: 4 })), ["day", "1*", "2*", "3*", "4"]);
});

test("what is unsent stands at the end, and keeps its place when it comes", () => {
  const unsent = { clientId: "c1", content: "hello", createdAt: at(3), attachments: [], state: "sending" };
  const before = rows([message(1, "me", at(2))], [unsent], { me: "me" });
  assert.deepEqual(shape(before), ["day", "1*", "?"]);
  const after = rows([message(1, "me", at(2)), message(2, "me", at(3), { clientId: "c1" })], [], { me: "me" });
  assert.equal(before.at(-1).key, after.at(-1).key);
  const others = rows([message(3, "ben", at(3), { clientId: "c1" })], [], { me: "me" });
  assert.notEqual(others.at(-1).key, after.at(-1).key);
});
