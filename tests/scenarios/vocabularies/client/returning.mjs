// Coming back with what is of no use, or to what is not one's own any more; and first words that go wrong.

import assert from 'node:assert/strict';

export default async ({ api, person, connected, hears, all, ask, asks, isRefused }) => {
  const [ann, bob] = [await person('ann'), await person('bob')];
  const { id: roomId } = await api(ann, 'POST', '/api/rooms', { name: 'lost and found' });
  const post = (content) => api(ann, 'POST', `/api/rooms/${roomId}/messages`, { content });
  const back = (who, vocabulary, rev) =>
    connected(who, { auth: { token: who.token, vocabulary, cursors: { [roomId]: rev } } });

  // A rev that the room has not come to tells nothing: what no device has is told all the same.
  const told = { rooms: 'receive_message', conversations: 'message:received', direct: 'new_message', convo: 'message' };
  for (const [vocabulary, event] of Object.entries(told)) {
    const late = await person('late');
    await api(late, 'POST', `/api/rooms/${roomId}/join`);
    const message = await post(`for ${vocabulary}`);
    const socket = await back(late, vocabulary, 1_000_000);
    await hears(socket, event, (payload) => (payload.message?.id ?? payload.id) === message.id);
    socket.close();
  }

  // Who is shown the newest messages sees what was deleted while they were away.
  await api(bob, 'POST', `/api/rooms/${roomId}/join`);
  let b = await connected(bob);
  await asks(b, 'joinRoom', { roomId });
  const slip = await post('a slip');
  const { rev } = await hears(b, 'message', ({ id }) => id === slip.id);
  b.close();
  await api(ann, 'DELETE', `/api/messages/${slip.id}`);
  b = await back(bob, 'convo', rev);
  const newest = await hears(b, 'messagesUpdated');
  assert.equal(newest.find(({ id }) => id === slip.id).content, null);
  b.close();

  // What was changed while its reader was away comes as a change to what they have, not as news.
  const reader = await person('reader');
  await api(reader, 'POST', `/api/rooms/${roomId}/join`);
  let r = await connected(reader);
  await asks(r, 'join_room', { roomId });
  const draft = await post('a draft');
  const had = await hears(r, 'receive_message', ({ id }) => id === draft.id);
  await asks(r, 'mark_delivered', { roomId, messageId: draft.id });
  r.close();
  await api(ann, 'PATCH', `/api/messages/${draft.id}`, { content: 'a fair copy' });
  r = await back(reader, 'rooms', had.rev);
  const changed = await hears(r, 'message_updated', ({ id }) => id === draft.id);
  assert.equal(changed.content, 'a fair copy');
  assert.equal(all(r, 'receive_message').length, 0);
  r.close();

  // Who was removed does not come back by coming back, and may join again by asking for it.
  await api(ann, 'DELETE', `/api/rooms/${roomId}/users/${bob.id}`);
  b = await back(bob, 'rooms', rev);
  const error = await hears(b, 'error', (payload) => payload.roomId === roomId);
  assert.equal(error.code, 'forbidden');
  await assert.rejects(api(bob, 'GET', `/api/rooms/${roomId}/messages`));
  await asks(b, 'join_room', { roomId });
  assert.equal(all(b, 'receive_message').length, 0);
  b.close();

  // A first word that is wrong settles nothing.
  b = await connected(bob);
  await isRefused(b, 'invalid', 'send_message', {});
  await asks(b, 'send_message', { receiverId: ann.id, message: 'psst' });
  await hears(b, 'new_message', ({ message }) => message.content === 'psst');
  b.close();

  // A vocabulary that there is not.
  b = await connected(bob, { auth: { token: bob.token, vocabulary: 'esperanto' } });
  const unknown = await hears(b, 'error');
  assert.deepEqual([unknown.code, unknown.errors[0].field], ['invalid', 'vocabulary']);

  // A text that was cut in the middle of a character, and the answer under all names.
  const cut = await asks(b, 'send_message', { roomId, content: 'hi 😀'.slice(0, 4) });
  assert.equal(cut.message.content, 'hi \ufffd');
  assert.deepEqual([cut.message._id, cut.message.text], [cut.messageId, cut.message.content]);
  assert.equal(cut.message.user.username, bob.username);
  const empty = await ask(b, 'send_message', { roomId, content: '' });
  assert.equal(empty.code, 'invalid');
  b.close();
};
