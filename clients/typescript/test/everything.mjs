// Everything that the client can do, once, against the server at the address that is given.

import assert from "node:assert/strict";
import { Problem, Tertulia } from "../dist/index.js";

const [, , url] = process.argv;
const WebSocket = globalThis.WebSocket ?? (await import("ws")).WebSocket;
globalThis.crypto ??= (await import("node:crypto")).webcrypto;

async function person(name) {
  const client = new Tertulia(url, { WebSocket });
  const { user } = await client.register({ email: `${name}@example.org`, username: name, password: "correct horse" });
  return Object.assign(client, { id: user.id });
}
const refused = (code, asked) => assert.rejects(asked, (error) => error instanceof Problem && error.code === code);

const [ana, ben, cleo] = [await person("ana"), await person("ben"), await person("cleo")];

async function oneself() {
  const changed = await ana.changeProfile({ displayName: "Ana", bio: "grows beans", profile: { pronouns: "she" } });
  assert.deepEqual([changed.displayName, (await ana.me()).bio], ["Ana", "grows beans"]);
  await ana.changePassword("correct horse", "battery staple");
  await refused("bad_credentials", new Tertulia(url).login("ana", "correct horse"));
  const { enabled, publicKey } = await ana.push();
  assert.equal(enabled, publicKey !== undefined);
  await refused("invalid", ana.subscribeToPush({ endpoint: "http://10.0.0.1/", keys: {} }));
  await ana.unsubscribeFromPush();
  const other = new Tertulia(url);
  await other.login("ana", "battery staple");
  const second = (await ana.sessions()).find(({ current }) => !current);
  assert.equal(second?.id, other.tokens?.sessionId);
  await ana.endSession(second.id);
  await refused("session_revoked", other.me());
  assert.equal(other.tokens, null);
  await other.login("ana", "battery staple");
  await other.logout();
  assert.equal(other.tokens, null);
}

async function rooms() {
  const garden = await ana.createRoom({ name: "garden", description: "what grows" });
  assert.equal((await ana.changeRoom(garden.id, { name: "orchard" })).name, "orchard");
  const found = await ben.findRooms({ q: "orch", limit: 5 });
  assert.deepEqual(found.rooms.map(({ id }) => id), [garden.id]);
  await ben.join(garden.id);
  await ben.mute(garden.id);
  assert.equal((await ben.room(garden.id)).membership?.muted, true);
  await ben.mute(garden.id, false);
  await ben.leave(garden.id);
  assert.deepEqual((await ben.myRooms()).map(({ id }) => id), []);

  const shed = await ana.createRoom({ name: "shed", isPrivate: true });
  const invite = await ana.invite(shed.id, { maxUses: 3 });
  assert.ok((await ana.invites(shed.id)).some(({ code, maxUses }) => code === invite.code && maxUses === 3));
  assert.equal((await new Tertulia(url).lookAtInvite(invite.code)).room.name, "shed");
  assert.equal((await ben.joinByInvite(invite.code)).id, shed.id);
  assert.equal((await cleo.join(shed.id, invite.code)).id, shed.id);
  await ana.revokeInvite(shed.id, invite.code);
  await refused("invite_expired", ana.lookAtInvite(invite.code));

  assert.equal((await ana.changeMember(shed.id, ben.id, { role: "admin" })).role, "admin");
  assert.deepEqual((await ana.members(shed.id)).users.map(({ user }) => user.username).sort(), ["ana", "ben", "cleo"]);
  await ben.kick(shed.id, cleo.id);
  await refused("not_found", cleo.room(shed.id));
  await ana.changeMember(shed.id, ben.id, { role: "member" });
  await ana.ban(shed.id, ben.id);
  assert.deepEqual((await ana.bans(shed.id)).map(({ user, by }) => [user.id, by]), [[ben.id, ana.id]]);
  await ana.unban(shed.id, ben.id);
  assert.deepEqual(await ana.bans(shed.id), []);
  await ana.deleteRoom(shed.id);
  await refused("not_found", ana.room(shed.id));
  return garden.id;
}

async function messages(garden) {
  await ben.join(garden);
  const asked = await ana.post(garden, { content: "When do the beans go out, @ben?" });
  assert.deepEqual(asked.mentions, [ben.id]);
  const answer = await ben.post(garden, { content: "On Friday.", replyTo: asked.id });
  assert.deepEqual((await ana.replies(asked.id)).messages.map(({ id }) => id), [answer.id]);
  assert.equal((await ben.edit(answer.id, "We decided: on Saturday.")).content, "We decided: on Saturday.");
  assert.deepEqual((await ana.react(answer.id, "🌱")).reactions, [{ emoji: "🌱", count: 1, mine: true }]);
  assert.deepEqual((await ana.react(answer.id, "🌱", false)).reactions, []);
  await ana.pin(answer.id);
  assert.deepEqual((await ben.pins(garden)).messages.map(({ id }) => id), [answer.id]);
  assert.equal((await ana.pin(answer.id, false)).pinned, false);
  assert.equal((await ana.read(garden, answer.seq)).readSeq, answer.seq);
  assert.deepEqual((await ben.receipts(answer.id)).readBy, [{ userId: ana.id }]);
  assert.deepEqual((await ana.search("saturday", { roomId: garden })).hits.map(({ message }) => message.id), [answer.id]);
  assert.equal((await ana.message(answer.id)).replyTo, asked.id);
  const slip = await ana.post(garden, { content: "oops" });
  assert.equal((await ana.remove(slip.id)).content, null);
  const { messages: newest } = await ben.history(garden, { limit: 1 });
  assert.deepEqual(newest.map(({ id }) => id), [slip.id]);
  const changes = await ben.changes(garden, 0);
  assert.equal(changes.upTo, (await ben.room(garden)).lastRev);

  const note = await ana.upload(new Blob(["three rows"], { type: "text/plain" }), "plan.txt", garden);
  assert.deepEqual([note.fileName, note.size, note.roomId], ["plan.txt", 10, garden]);
  const attached = await ana.post(garden, { content: "the plan", attachments: [note.id] });
  assert.deepEqual(attached.attachments.map(({ id }) => id), [note.id]);
}

async function missed(garden) {
  const before = await ben.summary(garden, { since: "join", style: "brief" });
  assert.ok(before.messageCount > 0 && before.bullets.every(({ seqs }) => seqs.length > 0), JSON.stringify(before));
  const live = ben.live();
  await new Promise((online) => live.on("online", online));
  const parts = [];
  const told = await live.summary(garden, { since: "join", style: "brief" }, (part) => parts.push(part));
  assert.equal(told.summary, before.summary);
  assert.equal(parts.join(""), told.summary);
  const heard = new Promise((heard) => live.on("message", heard));
  const subscribed = await live.ask({ type: "subscribe", rooms: { [garden]: null } });
  live.subscribe(garden, subscribed.rooms[garden].rev);
  const said = await live.send(garden, { content: "see you there" });
  assert.equal((await heard).message.id, said.id);
  live.close();
}

async function others() {
  const direct = await ana.openChat([cleo.id]);
  assert.equal(direct.kind, "direct");
  assert.deepEqual((await ana.findUsers("cle")).map(({ id }) => id), [cleo.id]);
  assert.equal((await ana.user(cleo.id)).username, "cleo");
  await cleo.block(ana.id);
  await refused("blocked", ana.post(direct.id, { content: "are you there?" }));
  await cleo.block(ana.id, false);
  await ana.post(direct.id, { content: "are you there?" });
  await cleo.eraseAccount("correct horse");
  assert.equal(cleo.tokens, null);
  await refused("bad_credentials", cleo.login("cleo", "correct horse"));
}

await oneself();
const garden = await rooms();
await messages(garden);
await missed(garden);
await others();
console.log("everything");
process.exit(0);
