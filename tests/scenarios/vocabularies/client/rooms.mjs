// `rooms`, as "Real-time Chat Backend" and "Real-Time Chat Backend with AI Summaries" have it.

import assert from 'node:assert/strict';

export default async ({ api, person, connected, refused, hears, all, ask, asks, isRefused, ended }) => {
  const [ann, bob] = [await person('ann'), await person('bob')];
  const room = await api(ann, 'POST', '/api/rooms', { name: 'lobby' });

  const error = await refused(ann, { auth: { token: 'nonsense' } });
  assert.equal(error.data.code, 'unauthenticated');
  // Nor is whoever shows something that is no token taken for somebody without one.
  for (const token of [5, true, {}]) {
    assert.equal((await refused(ann, { auth: { token } })).data.code, 'unauthenticated');
  }

  // The token in the handshake, or in a header, where a transport can send one.
  const a = await connected(ann);
  const header = { authorization: `Bearer ${bob.token}` };
  const b = await connected(bob, { auth: {}, extraHeaders: header });

  // Who joins a public room belongs to it.
  for (const socket of [a, b]) {
    const answer = await asks(socket, 'join_room', { roomId: room.id });
    const told = await hears(socket, 'joined_room');
    assert.deepEqual(told, { roomId: room.id, rev: answer.rev, seq: 0, reset: false });
  }
  assert.equal(await hears(a, 'user:joined'), bob.id);

  const sent = await asks(a, 'send_message', { roomId: room.id, content: ' hello ' });
  for (const socket of [a, b]) {
    const message = await hears(socket, 'receive_message');
    assert.equal(message.id, sent.message.id);
    assert.deepEqual([message.content, message.text, message.message], ['hello', 'hello', 'hello']);
    assert.deepEqual([message.senderId, message.userId], [ann.id, ann.id]);
    assert.deepEqual([message.roomId, message.chatRoomId, message._id], [room.id, room.id, message.id]);
    assert.equal(message.timestamp, message.createdAt);
    assert.deepEqual(message.user, { username: ann.username });
    assert.equal(message.seq, 1);
    assert(message.rev > 0);
  }
  // What was posted arrived, which nobody had to say.
  const delivered = (to) => (receipt) => receipt.userId === to.id && receipt.deliveredSeq === 1;
  const receipt = await hears(a, 'receipt', delivered(bob));
  assert.deepEqual([receipt.messageId, receipt.status], [sent.message.id, 'delivered']);

  await asks(b, 'mark_read', { roomId: room.id, messageId: sent.message.id });
  const read = await hears(a, 'receipt', (receipt) => receipt.status === 'read');
  assert.deepEqual([read.userId, read.readSeq, read.messageId], [bob.id, 1, sent.message.id]);
  await asks(b, 'mark_delivered', { roomId: room.id, messageId: sent.message.id });

  // The same clientId again is the same message.
  const clientId = '0191d1a6-0000-7000-8000-00000000000a';
  const once = { roomId: room.id, content: 'once', clientId, tempId: { any: 'thing' } };
  const first = await asks(a, 'send_message', once);
  const again = await asks(a, 'send_message', once);
  assert.equal(again.message.id, first.message.id);
  assert.deepEqual(first.tempId, once.tempId);
  assert.deepEqual((await hears(a, 'receive_message')).tempId, once.tempId);
  assert.equal((await hears(b, 'receive_message')).tempId, undefined);

  // A name that cannot be told back is no reason to refuse a message, and a long one is told back.
  const long = await asks(a, 'send_message', { roomId: room.id, content: 'long', tempId: 'x'.repeat(300) });
  assert.equal(long.tempId.length, 300);
  for (const socket of [a, b]) await hears(socket, 'receive_message', ({ id }) => id === long.messageId);
  for (const tempId of ['x'.repeat(9_000), Buffer.from('bytes')]) {
    const named = await asks(a, 'send_message', { roomId: room.id, content: 'odd', tempId });
    assert.equal(named.tempId, undefined);
    for (const socket of [a, b]) {
      const heard = await hears(socket, 'receive_message', ({ id }) => id === named.messageId);
      assert.equal(heard.tempId, undefined);
    }
  }

  // Every field that is wrong is named, and as it was sent.
  const nobody = '0191d1a6-0000-7000-8000-00000000000b';
  const wrong = async (event, payload) => {
    const { errors } = await ask(a, event, payload);
    assert.deepEqual((await hears(a, 'error')).errors, errors);
    return errors.map(({ field }) => field);
  };
  assert.deepEqual(await wrong('send_message', {}), ['roomId', 'content']);
  assert.deepEqual(await wrong('typing', {}), ['roomId', 'isTyping']);
  assert.deepEqual(await wrong('join_room', { roomId: `${ann.id}-${nobody}`, since: 'x' }), ['since']);
  assert.deepEqual(await wrong('join_room', { roomId: `${ann.id}-${nobody}` }), ['roomId']);

  await asks(b, 'typing', { roomId: room.id, isTyping: true });
  const typing = await hears(a, 'typing');
  assert.deepEqual(typing, { userId: bob.id, roomId: room.id, isTyping: true });
  await hears(a, 'typing', ({ isTyping }) => !isTyping);

  // What happens elsewhere is told here.
  await api(ann, 'PATCH', `/api/messages/${sent.message.id}`, { content: 'hullo' });
  assert.equal((await hears(b, 'message_updated')).content, 'hullo');
  await api(ann, 'DELETE', `/api/messages/${sent.message.id}`);
  const gone = await hears(b, 'message_deleted');
  assert.deepEqual([gone.id, gone.content], [sent.message.id, null]);
  assert.equal(all(b, 'receive_message').length, 0);

  // Who is here already is seen to be when they come into a room.
  const dan = await person('dan');
  const d = await connected(dan);
  await asks(d, 'join_room', { roomId: (await api(ann, 'POST', '/api/rooms', { name: 'hall' })).id });
  await asks(d, 'join_room', { roomId: room.id });
  const here = await hears(a, 'user_status', ({ userId }) => userId === dan.id);
  assert.equal(here.status, 'online');
  assert.equal(await hears(a, 'user:joined', (id) => id === dan.id), dan.id);
  d.close();
  assert.equal(await hears(a, 'user:left', (id) => id === dan.id), dan.id);

  // The older way to join, with another name for messages.
  const cat = await person('cat');
  const c = await connected(cat);
  await asks(c, 'room:join', room.id);
  assert.equal(await hears(a, 'user:joined'), cat.id);
  await api(ann, 'POST', `/api/rooms/${room.id}/messages`, { content: 'by REST' });
  assert.equal((await hears(c, 'message:new')).text, 'by REST');
  assert.equal((await hears(a, 'receive_message')).text, 'by REST');
  await asks(c, 'room:leave', room.id);
  assert.equal(await hears(a, 'user:left'), cat.id);

  // A private room is joined by invite only.
  const hidden = await api(ann, 'POST', '/api/rooms', { name: 'hidden', isPrivate: true });
  await isRefused(b, 'not_found', 'join_room', { roomId: hidden.id });
  await isRefused(b, 'not_found', 'send_message', { roomId: hidden.id, content: 'hi' });
  await isRefused(c, 'invalid', 'message:send', { conversationId: room.id, content: 'hi' });

  // The last socket out is told of, and who is away is seen to be.
  b.close();
  assert.equal(await hears(a, 'user:left'), bob.id);
  const away = await hears(a, 'user_status', ({ userId, status }) =>
    userId === bob.id && status === 'offline');
  assert(away.lastSeenAt);

  // A session that ends takes its sockets along.
  const end = ended(a);
  await api(ann, 'POST', '/api/auth/logout');
  assert.equal((await hears(a, 'error')).code, 'session_revoked');
  assert.equal(await end, 'io server disconnect');
};
