// `conversations`, as "Chat App Backend" has it.

import assert from 'node:assert/strict';

export default async ({ api, person, connected, hears, all, asks, isRefused }) => {
  const [ann, bob, eve] = [await person('ann'), await person('bob'), await person('eve')];
  const speaks = (who) => ({ auth: { token: who.token, vocabulary: 'conversations' } });
  const a = await connected(ann, speaks(ann));
  const b = await connected(bob, speaks(bob));

  const body = { participantIds: [bob.id], type: 'private' };
  const { id: conversationId } = await api(ann, 'POST', '/api/chat', body);
  for (const socket of [a, b]) {
    const created = await hears(socket, 'conversation:created');
    assert.deepEqual([created.conversationId, created.kind], [conversationId, 'direct']);
    await asks(socket, 'conversation:join', { conversationId });
  }
  assert.deepEqual(await hears(a, 'user:joined'), { userId: bob.id, conversationId });

  // Whoever sends a message shows it already, but other devices of theirs do not.
  const second = await connected(ann, speaks(ann));
  await asks(second, 'conversation:join', { conversationId });
  const sent = await asks(a, 'message:send', { conversationId, content: 'hello' });
  for (const socket of [b, second]) {
    const message = await hears(socket, 'message:received');
    assert.deepEqual([message.id, message.content], [sent.message.id, 'hello']);
    assert.equal(message.conversationId, conversationId);
  }
  // Both can see how far it has come.
  const messageId = sent.message.id;
  const status = (status) => (told) => told.messageId === messageId && told.status === status;
  const delivered = await hears(a, 'message:status', status('delivered'));
  assert.equal(delivered.conversationId, conversationId);
  // Whoever answers has read it.
  await asks(b, 'message:send', { conversationId, content: 'hi' });
  assert.equal((await hears(a, 'message:received')).content, 'hi');
  assert.equal(all(a, 'message:received').length, 0);
  await hears(a, 'message:status', status('read'));

  b.emit('typing:start', { conversationId });
  assert.deepEqual(await hears(a, 'user:typing'), { userId: bob.id, conversationId });
  b.emit('typing:stop', { conversationId });
  assert.deepEqual(await hears(a, 'user:stopped-typing'), { userId: bob.id, conversationId });

  await api(ann, 'PATCH', `/api/messages/${messageId}`, { content: 'hullo' });
  assert.equal((await hears(b, 'message:updated')).content, 'hullo');
  await api(ann, 'DELETE', `/api/messages/${messageId}`);
  assert.equal((await hears(b, 'message:deleted')).content, null);

  // A group is renamed.
  const group = { participantIds: [bob.id, eve.id], name: 'us', type: 'group' };
  const { id } = await api(ann, 'POST', '/api/chat', group);
  await hears(b, 'conversation:created', (created) => created.id === id);
  await asks(b, 'conversation:join', { conversationId: id });
  await api(ann, 'PATCH', `/api/rooms/${id}`, { name: 'all of us' });
  const updated = await hears(b, 'conversation:updated', (updated) => updated.id === id);
  assert.equal(updated.name, 'all of us');

  // Others are not let in, and nobody falls over what makes no sense.
  const e = await connected(eve, speaks(eve));
  await isRefused(e, 'not_found', 'conversation:join', { conversationId });
  await isRefused(e, 'not_found', 'message:send', { conversationId, content: 'hi' });
  for (const event of ['typing:start', 'typing:stop', 'conversation:join', 'message:send']) {
    await isRefused(e, 'invalid', event);
    await isRefused(e, 'invalid', event, { conversationId: 7 });
    await isRefused(e, 'invalid', event, null);
  }

  await asks(b, 'conversation:leave', { conversationId });
  assert.deepEqual(await hears(a, 'user:left'), { userId: bob.id, conversationId });

  // Who comes and goes is told to those who share a conversation by then.
  b.close();
  assert((await hears(a, 'user:offline', ({ userId }) => userId === bob.id)).timestamp);
  a.heard.length = 0;
  await connected(bob, speaks(bob));
  assert((await hears(a, 'user:online', ({ userId }) => userId === bob.id)).timestamp);
};
