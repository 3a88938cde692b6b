// Coming back: nothing lost, nothing doubled, in order, on any node.

import assert from 'node:assert/strict';

export default async ({ api, person, connected, hears, all, asks, isRefused }) => {
  const [ann, bob] = [await person('ann'), await person('bob')];
  const room = await api(ann, 'POST', '/api/rooms', { name: 'log' });
  const roomId = room.id;
  const post = (content) => api(ann, 'POST', `/api/rooms/${roomId}/messages`, { content });
  const texts = async (socket, count) => {
    const heard = [];
    while (heard.length < count) heard.push(await hears(socket, 'receive_message'));
    return heard;
  };

  let b = await connected(bob);
  await asks(b, 'join_room', { roomId });
  await post('1');
  const { rev } = await hears(b, 'receive_message');
  b.close();

  const edited = await post('2');
  const deleted = await post('3');
  await post('4');
  await api(ann, 'PATCH', `/api/messages/${edited.id}`, { content: '2!' });
  await api(ann, 'DELETE', `/api/messages/${deleted.id}`);

  // With a cursor: what was missed, each thing as it is now, before anything live.
  b = await connected(bob, { auth: { token: bob.token, vocabulary: 'rooms', cursors: { [roomId]: rev } } });
  const joined = await hears(b, 'joined_room');
  assert.equal(joined.reset, false);
  const missed = await texts(b, 2);
  assert.deepEqual(missed.map(({ content }) => content).sort(), ['2!', '4']);
  assert.equal((await hears(b, 'message_deleted')).id, deleted.id);
  const revs = missed.map((message) => message.rev);
  assert.deepEqual(revs, [...revs].sort((one, other) => one - other));
  await post('5');
  assert.equal((await hears(b, 'receive_message')).content, '5');
  assert.equal(all(b, 'receive_message').length, 0);
  b.close();

  // Without one: what no device of theirs has. A cursor from elsewhere is of no use.
  await post('6');
  b = await connected(bob);
  await asks(b, 'join_room', { roomId });
  const offline = await hears(b, 'receive_message', ({ content }) => content === '6');
  assert(offline.rev > joined.rev);
  const far = await asks(b, 'join_room', { roomId, since: 1_000_000 });
  assert.equal(far.reset, true);
  await isRefused(b, 'invalid', 'join_room', { roomId, since: -1 });
  await isRefused(b, 'invalid', 'join_room', { roomId, since: 'then' });

  // It could not be told any more whether the first ones had arrived, so they came again.
  b.heard = b.heard.filter(({ event }) => event !== 'receive_message');

  // What nobody's device has comes by rev, so that whoever breaks off in the middle can go on from there.
  const cat = await person('cat');
  const c = await connected(cat);
  await asks(c, 'join_room', { roomId });
  await asks(c, 'leave_room', { roomId });
  c.close();
  const [older, newer, removed] = [await post('a'), await post('b'), await post('c')];
  await texts(b, 3);
  await api(ann, 'PATCH', `/api/messages/${older.id}`, { content: 'a!' });
  await api(ann, 'DELETE', `/api/messages/${removed.id}`);
  const again = await connected(cat);
  await asks(again, 'join_room', { roomId });
  await hears(again, 'joined_room');
  const told = again.heard.filter(({ event }) => ['receive_message', 'message_deleted'].includes(event));
  assert.deepEqual(told.map(({ payload }) => payload.id).slice(-3), [newer.id, older.id, removed.id]);
  const order = told.map(({ payload }) => payload.rev);
  assert.deepEqual(order, [...order].sort((one, other) => one - other));
  again.close();
  const from = await connected(cat, { auth: { token: cat.token, vocabulary: 'rooms', cursors: { [roomId]: newer.rev } } });
  await hears(from, 'joined_room');
  assert(from.heard.some(({ payload }) => payload.id === older.id && payload.content === 'a!'));
  from.close();

  // What is wrong with cursors is told, room by room, and the others are resumed.
  const hidden = await api(ann, 'POST', '/api/rooms', { name: 'hidden', isPrivate: true });
  const odd = { [hidden.id]: 1, [roomId]: joined.rev, nonsense: 1 };
  const d = await connected(bob, { auth: { token: bob.token, vocabulary: 'rooms', cursors: odd } });
  const invalid = await hears(d, 'error', ({ code }) => code === 'invalid');
  assert.deepEqual(invalid.errors.map(({ field }) => field), ['cursors.nonsense']);
  const lost = await hears(d, 'error', ({ code }) => code === 'not_found');
  assert.equal(lost.roomId, hidden.id);
  assert.equal((await hears(d, 'joined_room')).roomId, roomId);
  d.close();

  // Messages that are sent at once keep their order, and joining again changes nothing.
  const count = 40;
  const answers = Promise.all(Array.from({ length: count }, (_, number) =>
    asks(b, 'send_message', { roomId, content: `n${number}` })));
  const heard = (await texts(b, count)).map(({ content }) => content);
  assert.deepEqual(heard, Array.from({ length: count }, (_, number) => `n${number}`));
  await answers;
  await asks(b, 'join_room', { roomId });
  assert.equal(all(b, 'receive_message').length, 0);

  // Who says something and leaves at once has said it.
  const hasty = await person('hasty');
  const h = await connected(hasty);
  h.emit('join_room', { roomId });
  for (let number = 0; number < 20; number += 1) h.emit('send_message', { roomId, content: `h${number}` });
  h.close();
  const hurried = (await texts(b, 20)).map(({ content }) => content);
  assert.deepEqual(hurried, Array.from({ length: 20 }, (_, number) => `h${number}`));

  // Coming and going while others write.
  let at = (await post('go')).rev;
  const written = (async () => {
    for (let number = 0; number < 60; number += 1) await post(`w${number}`);
  })();
  b.close();
  const seen = [];
  const last = `w${59}`;
  while (!seen.includes(last)) {
    b = await connected(bob, { auth: { token: bob.token, vocabulary: 'rooms', cursors: { [roomId]: at } } });
    const stay = 1 + seen.length % 7;
    for (let number = 0; number < stay && !seen.includes(last); number += 1) {
      const message = await hears(b, 'receive_message');
      assert(message.rev > at, 'in order, and each once');
      at = message.rev;
      seen.push(message.content);
    }
    b.close();
  }
  await written;
  assert.deepEqual(seen, Array.from({ length: 60 }, (_, number) => `w${number}`));

  // However much was missed, whoever reads gets all of it, and only then the answer.
  const since = (await post('much')).rev;
  const much = Array.from({ length: 120 }, (_, number) => `${number} ${'x'.repeat(7_900)}`);
  for (const content of much) await post(content);
  for (const transports of [['websocket'], ['polling'], undefined]) {
    for (const [join, fields, event] of [
      ['join_room', { roomId }, 'receive_message'],
      ['conversation:join', { conversationId: roomId }, 'message:received'],
    ]) {
      const reader = await connected(bob, { transports });
      const answer = await asks(reader, join, { ...fields, since });
      const got = all(reader, event);
      assert.deepEqual(got.map(({ content }) => content), much);
      assert.deepEqual([answer.rev, answer.reset], [got.at(-1).rev, false]);
      assert(reader.connected);
      reader.close();
    }
  }
};
