// Far more than anybody may say, in every vocabulary, by each transport, with and without callbacks.
//
// FLOOD=1000x8 is so many events with texts of this length each time.

import assert from 'node:assert/strict';

const [EVENTS, LENGTH] = (process.env.FLOOD ?? '1000x8').split('x').map(Number);
// Of 60 events, one was for joining. What waits for something else when the connection ends is not begun.
const SERVED = 59;

const vocabularies = {
  rooms: {
    join: (roomId) => ['join_room', { roomId }],
    say: (roomId, content) => ['send_message', { roomId, content }],
    told: 'receive_message',
  },
  conversations: {
    join: (conversationId) => ['conversation:join', { conversationId }],
    say: (conversationId, content) => ['message:send', { conversationId, content }],
    told: 'message:received',
  },
  direct: {
    join: (roomId) => ['join_room', roomId],
    say: (roomId, message) => ['send_message', { roomId, message }],
    told: 'new_message',
  },
  convo: {
    join: (roomId) => ['joinRoom', { roomId }],
    say: (roomId, content) => ['message', { roomId, content }],
    told: 'message',
  },
};

const id = (told) => told.message?.id ?? told.id;

export default async ({ api, history, person, connected, hears, all, asks, ended }) => {
  const [ann, bob] = [await person('ann'), await person('bob')];

  // Says all of it, until it is over, and tells what came back.
  const floods = async (socket, event) => {
    const [end, answers] = [ended(socket), []];
    for (let number = 0; number < EVENTS; number += 1) event(number, (answer) => answers.push(answer));
    const reason = await end;
    socket.close();
    return [reason, answers, all(socket, 'error')];
  };

  for (const [vocabulary, { join, say, told }] of Object.entries(vocabularies)) {
    const { id: room } = await api(ann, 'POST', '/api/rooms', { name: `${vocabulary} ${ann.id}` });
    const enters = async (who, transport) => {
      const auth = { token: who.token, vocabulary };
      const socket = await connected(who, { auth, transports: [transport] });
      await asks(socket, ...join(room));
      return socket;
    };
    const listener = await enters(ann, 'websocket');
    const acknowledged = [];
    const names = [];
    for (const transport of ['websocket', 'polling']) {
      for (const waits of [true, false]) {
        const name = `${transport}-${waits}`;
        names.push(name);
        const socket = await enters(bob, transport);
        const [reason, answers, errors] = await floods(socket, (number, answer) => {
          const event = say(room, `${name} ${number} `.padEnd(LENGTH, 'x'));
          socket.emit(...event, ...(waits ? [answer] : []));
        });
        // For good: a client that hears of it does not come back by itself to do it again. One that polls may
        // find its session gone by what it still has to post.
        const heard = reason === 'io server disconnect';
        assert(heard || (transport === 'polling' && reason.startsWith('transport')), reason);
        assert(!heard || errors.length > 0, `${vocabulary} ${name}`);
        for (const { code, retryAfter } of errors.slice(0, -1)) {
          assert.equal(code, 'rate_limited');
          assert(retryAfter >= 1 && retryAfter <= 10, `${vocabulary} ${name}: ${retryAfter}`);
        }
        if (waits) {
          const refused = answers.filter(({ ok }) => !ok);
          assert(refused.every(({ code }) => code === 'rate_limited'), JSON.stringify(refused));
          assert(!heard || refused.length === errors.length, `${vocabulary} ${name}`);
          const served = answers.filter(({ ok }) => ok);
          acknowledged.push(...served.map(({ messageId }) => messageId));
        }
        // And whoever did it may come back.
        const again = await enters(bob, transport);
        acknowledged.push((await asks(again, ...say(room, 'sorry'))).messageId);
        again.close();
      }
    }

    // What was served is kept, in its order, and nobody else noticed but by hearing it.
    const last = await api(bob, 'POST', `/api/rooms/${room}/messages`, { content: 'so there' });
    await hears(listener, told, (payload) => id(payload) === last.id);
    const messages = await history(ann, room);
    const kept = messages.map((message) => message.id);
    assert.deepEqual([...all(listener, told).map(id), last.id], kept, vocabulary);
    assert(acknowledged.every((message) => kept.includes(message)), vocabulary);
    for (const name of names) {
      const numbers = messages
        .filter(({ content }) => content.startsWith(`${name} `))
        .map(({ content }) => Number(content.split(' ')[1]));
      const first = numbers.slice(0, SERVED);
      assert.deepEqual(first, [...first.keys()], `${vocabulary} ${name}`);
      assert(numbers.length < EVENTS, `${vocabulary} ${name}`);
    }
    listener.close();
  }
};
