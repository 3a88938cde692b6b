// The user's rooms.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Rooms } from "../script/state/rooms.js";

const room = (id, more = {}, membership = {}) => ({
  id, name: id, kind: "public", rev: 1, lastSeq: 10, lastRev: 20, memberCount: 2, createdAt: "2026-01-01",
  membership: { role: "member", fromSeq: 0, readSeq: 7, deliveredSeq: 7, unread: 3, mentions: 1, muted: false, ...membership }, ...more,
});
const message = (seq, senderId, roomId = "a") => ({ id: `m${seq}`, roomId, seq, rev: seq, senderId, createdAt: `2026-01-02T00:00:${seq}` });

test("what others say is unread, and what one says oneself is read", () => {
  const rooms = new Rooms();
  rooms.replace([room("a")]);
  assert.equal(rooms.unread("a"), 3);
  rooms.told(message(11, "ana"), "me");
  assert.equal(rooms.unread("a"), 4);
  rooms.told(message(12, "me"), "me");
  assert.equal(rooms.unread("a"), 0);
  assert.equal(rooms.get("a").membership.mentions, 0);
});

test("cursors go forward only", () => {
  const rooms = new Rooms();
  rooms.replace([room("a")]);
  rooms.cursors("a", { readSeq: 9, deliveredSeq: 9 });
  rooms.cursors("a", { readSeq: 8, deliveredSeq: 10 });
  assert.equal(rooms.unread("a"), 1);
});

test("what was said before one came is not unread", () => {
  const rooms = new Rooms();
  rooms.replace([room("a", {}, { fromSeq: 10, readSeq: 0 })]);
  assert.equal(rooms.unread("a"), 0);
});

test("a list that is older than what was told takes nothing back", () => {
  const rooms = new Rooms();
  rooms.replace([room("a"), room("b")]);
  rooms.told(message(11, "ana"), "me");
  rooms.cursors("a", { readSeq: 11, deliveredSeq: 11 });
  assert.deepEqual(rooms.replace([room("a")]), ["b"]);
  assert.equal(rooms.unread("a"), 0);
  assert.equal(rooms.get("a").lastMessage.seq, 11);
});

test("the latest activity comes first, and what is muted is not counted", () => {
  const rooms = new Rooms();
  rooms.replace([room("a"), room("b", {}, { muted: true })]);
  rooms.told(message(11, "ana", "b"), "me");
  assert.deepEqual(rooms.all.map(({ id }) => id), ["b", "a"]);
  assert.equal(rooms.totalUnread, 3);
});

test("what everybody is told of a room keeps what is one's own", () => {
  const rooms = new Rooms();
  rooms.replace([room("a", { description: "old", inviteUrl: "x" })]);
  rooms.apply({ ...room("a", { name: "new", rev: 5 }), membership: undefined });
  const after = rooms.get("a");
  assert.deepEqual([after.name, after.description, after.inviteUrl, after.membership.readSeq], ["new", undefined, "x", 7]);
  rooms.apply({ ...room("a", { name: "older", rev: 4 }), membership: undefined });
  assert.equal(rooms.get("a").name, "new");
});
