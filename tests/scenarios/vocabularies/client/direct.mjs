// `direct`, as "Real-Time Chat Backend" with `authenticate` has it.

import assert from 'node:assert/strict';

export default async ({ api, person, connected, hears, all, ask, asks, isRefused }) => {
  const [ann, bob, eve] = [await person('ann'), await person('bob'), await person('eve')];

  // A bare id is believed only of somebody who is signed in as that.
  const a = await connected(ann);
  await asks(a, 'authenticate', ann.id);
  await isRefused(a, 'forbidden', 'authenticate', bob.id);
  const b = await connected(bob, { auth: {} });
  await isRefused(b, 'unauthenticated', 'join_room', 'anything');
  await isRefused(b, 'unauthenticated', 'authenticate', bob.id);
  await isRefused(b, 'unauthenticated', 'authenticate', { token: 'nonsense' });
  assert.equal((await asks(b, 'authenticate', { token: bob.token })).userId, bob.id);

  // The first message makes the room, and finds the other one without a word of theirs.
  const sent = await asks(a, 'send_message', { receiverId: bob.id, message: 'psst', tempId: 't1' });
  const own = await hears(a, 'new_message');
  assert.deepEqual([own.message.tempId, own.message._id], ['t1', sent.message.id]);
  const theirs = await hears(b, 'new_message');
  assert.deepEqual([theirs.message.message, theirs.message.tempId], ['psst', undefined]);
  assert.equal(theirs.roomId, sent.message.roomId);
  const of = (id, status) => (told) => told.messageId === id && told.status === status;
  await hears(a, 'message_status_update', of(sent.message.id, 'delivered'));
  await asks(b, 'mark_read', theirs.roomId);
  await hears(a, 'message_status_update', of(sent.message.id, 'read'));

  // The same room by the ids of the two, whichever comes first.
  for (const roomId of [`${ann.id}-${bob.id}`, `${bob.id}-${ann.id}`]) {
    const answer = await asks(b, 'send_message', { roomId, receiverId: ann.id, message: 'yes?' });
    assert.equal(answer.message.roomId, theirs.roomId);
    assert.equal((await hears(a, 'new_message')).message.text, 'yes?');
    await hears(b, 'new_message');
  }
  assert.equal(all(a, 'new_message').length + all(b, 'new_message').length, 0);

  await api(bob, 'PATCH', `/api/messages/${(await asks(b, 'send_message',
    { receiverId: ann.id, message: 'tpyo' })).message.id}`, { content: 'typo' });
  assert.equal((await hears(a, 'message_updated')).message.content, 'typo');

  // Who comes online finds what was sent meanwhile, once and in order.
  const e = await connected(eve);
  for (const message of ['one', 'two', 'three']) {
    await asks(a, 'send_message', { receiverId: eve.id, message });
  }
  await asks(e, 'authenticate', eve.id);
  for (const text of ['one', 'two', 'three']) {
    assert.equal((await hears(e, 'new_message')).message.text, text);
  }
  assert.equal(all(e, 'new_message').length, 0);

  // Nobody speaks where they do not belong, nor to whom who does not want it.
  await isRefused(e, 'not_found', 'send_message',
    { roomId: theirs.roomId, receiverId: bob.id, message: 'hi' });
  await isRefused(e, 'not_found', 'join_room', `${ann.id}-${bob.id}`);
  await isRefused(e, 'invalid', 'send_message', { message: 'to whom?' });
  await isRefused(e, 'invalid', 'send_message', { receiverId: ann.id });
  await isRefused(e, 'invalid', 'send_message', { receiverId: 'ann', message: 'hi' });
  const nobody = '0191d1a6-0000-7000-8000-00000000000b';
  const unknown = await ask(e, 'send_message', { receiverId: nobody, message: 'hi' });
  assert.deepEqual(unknown.errors.map(({ field }) => field), ['receiverId']);
  await api(ann, 'PUT', `/api/users/${eve.id}/block`);
  await isRefused(e, 'blocked', 'send_message', { receiverId: ann.id, message: 'hi' });
};
