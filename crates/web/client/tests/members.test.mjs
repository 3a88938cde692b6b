// The members of a room, and their cursors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Members } from "../script/state/members.js";

const member = (id, readSeq = 0, deliveredSeq = readSeq, more = {}) => ({ user: { id }, role: "member", rev: 1, readSeq, deliveredSeq, ...more });

test("a message is read when all the others have read it", () => {
  const members = new Members();
  members.take([member("me", 5), member("ana", 3, 5), member("ben", 5)], true);
  assert.deepEqual(members.reach(3, "me"), { status: "read", readBy: ["ana", "ben"] });
  assert.deepEqual(members.reach(5, "me"), { status: "delivered", readBy: ["ben"] });
  members.receipt("ana", { readSeq: 5, deliveredSeq: 5 });
  assert.equal(members.reach(5, "me").status, "read");
  members.receipt("ana", { readSeq: 1, deliveredSeq: 1 });
  assert.equal(members.reach(5, "me").status, "read");
});

test("of whom one does not know all, one does not say all", () => {
  const members = new Members();
  members.take([member("me", 5), member("ana", 5)], false);
  assert.deepEqual(members.reach(5, "me"), { status: "sent", readBy: ["ana"] });
});

test("whoever joined after a message that they cannot read has not read it", () => {
  const members = new Members();
  members.take([member("me", 5), member("ana", 3, 3, { joinedAt: "2026-11-01" }), member("ben", 5, 5, { joinedAt: "2026-11-03" })], true);
  assert.deepEqual(members.reach(3, "me", "2026-11-02"), { status: "read", readBy: ["ana"] });
  assert.deepEqual(members.reach(5, "me", "2026-11-02"), { status: "sent", readBy: [] });
  assert.deepEqual(members.reach(5, "me", "2026-11-04"), { status: "sent", readBy: ["ben"] });
});

test("people come and go, and what is older changes nothing", () => {
  const members = new Members();
  members.take([member("me")], true);
  members.apply({ op: "joined", member: member("ana", 0, 0, { rev: 4 }) });
  members.apply({ op: "left", member: member("ana", 0, 0, { rev: 3, leftAt: "then" }) });
  assert.equal(members.all.length, 2);
  members.apply({ op: "kicked", member: member("ana", 0, 0, { rev: 5 }) });
  assert.equal(members.all.length, 1);
});
