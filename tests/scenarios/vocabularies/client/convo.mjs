// `convo`, as "Convo Backend" has it: its clients look at /ws.

import assert from 'node:assert/strict';

export default async ({ api, person, connected, hears, asks, isRefused }) => {
  const [ann, bob] = [await person('ann'), await person('bob')];
  const { id: roomId } = await api(ann, 'POST', '/chat/room', { name: `convo ${ann.id}` });
  const path = '/ws';
  const a = await connected(ann, { path, auth: {}, extraHeaders: { authorization: `Bearer ${ann.token}` } });
  const b = await connected(bob, { path });

  const userJoined = { roomId, userId: ann.id, username: ann.username };
  await asks(a, 'joinRoom', { roomId });
  assert.deepEqual(await hears(a, 'userJoined'), userJoined);
  await asks(b, 'joinRoom', { roomId });
  const joined = await hears(a, 'userJoined');
  assert.deepEqual(joined, { roomId, userId: bob.id, username: bob.username });

  const { message } = await asks(b, 'message', { roomId, content: '<b>hello</b>' });
  for (const socket of [a, b]) {
    const told = await hears(socket, 'message');
    assert.deepEqual([told.id, told.content, told.userId], [message.id, '<b>hello</b>', bob.id]);
    assert.deepEqual([told.chatRoomId, told.user], [roomId, { username: bob.username }]);
  }

  await asks(a, 'getRoomMembers', { roomId });
  const { roomId: of, members } = await hears(a, 'roomMembers');
  assert.equal(of, roomId);
  assert.deepEqual(members.map(({ userId }) => userId).sort(), [ann.id, bob.id].sort());
  assert(members.every(({ username, joinedAt }) => username && joinedAt));

  // Only its author, or who keeps order, deletes a message.
  const own = await asks(a, 'message', { roomId, content: 'mine' });
  await isRefused(b, 'forbidden', 'deleteMessage', { roomId, messageId: own.message.id });
  await asks(b, 'deleteMessage', { roomId, messageId: message.id });
  for (const socket of [a, b]) {
    const newest = await hears(socket, 'messagesUpdated');
    assert.deepEqual(newest.map(({ content }) => content), [null, 'mine']);
  }

  await asks(b, 'leaveRoom', { roomId });
  const left = await hears(a, 'userLeft');
  assert.deepEqual(left, { roomId, userId: bob.id, username: bob.username });
  // They belong to it all the same.
  await asks(b, 'message', { roomId, content: 'from outside' });
  assert.equal((await hears(a, 'message', ({ content }) => content === 'from outside')).userId, bob.id);

  for (const event of ['joinRoom', 'leaveRoom', 'message', 'deleteMessage', 'getRoomMembers']) {
    await isRefused(b, 'invalid', event);
    await isRefused(b, 'invalid', event, 'text');
    await isRefused(b, 'invalid', event, { roomId: {} });
  }
};
