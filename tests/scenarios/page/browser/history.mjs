// Five hundred messages: endlessly upwards, to a place in the past, and back to the present.

import assert from 'node:assert/strict';

const MANY = 500;

export default async function history(browser) {
  const ana = await browser.person('Ana Lima');
  const room = await ana.startRoom(`Archive ${ana.username}`);
  for (let number = 1; number <= MANY; number += 1) {
    await ana.ask('POST', `/api/rooms/${room}/messages`, { content: `Entry ${number}${number === 123 ? ' about the lighthouse' : ''}` });
  }
  await ana.sees('.message', `Entry ${MANY}`);
  await upwards(ana);
  await found(ana);
  await linked(ana, room);
  await late(browser, ana);
}

// What one looks at stays where it is when what came before it is put above it.
async function upwards(ana) {
  await ana.page.reload();
  await ana.sees('.message', `Entry ${MANY}`);
  const steps = await ana.page.evaluate(async () => {
    const scroller = document.querySelector('.scroller');
    const rows = () => [...document.querySelectorAll('.message')];
    const jumps = [];
    const end = Date.now() + 60_000;
    const look = () => {
      scroller.scrollTop = 300;
      const top = scroller.getBoundingClientRect().top;
      const seen = rows().find((row) => row.getBoundingClientRect().top >= top);
      return { seen, before: seen.getBoundingClientRect().top };
    };
    while (rows().length < 500 && Date.now() < end) {
      let { seen, before } = look();
      const count = rows().length;
      for (let waited = 1; rows().length === count && Date.now() < end; waited += 1) {
        await new Promise((wake) => setTimeout(wake, 20));
        // A page that was just opened may lead to its end once more: then one scrolls again.
        if (waited % 50 === 0 && rows().length === count) ({ seen, before } = look());
      }
      jumps.push(Math.abs(seen.getBoundingClientRect().top - before));
    }
    return jumps;
  });
  // A fast page may bring two pieces between two looks at it.
  assert(steps.length >= 5 && steps.every((jump) => jump < 2), `${steps}`);
  const said = await ana.said();
  assert.equal(said.length, MANY);
  said.forEach((text, place) => assert(text.startsWith(`Entry ${place + 1}`), text));
  await ana.sees('.beginning', 'This is where the room begins.');
}

async function found(ana) {
  await ana.page.reload();
  await ana.sees('.message', `Entry ${MANY}`);
  await ana.page.evaluate(() => document.activeElement.blur());
  await ana.page.keyboard.press('/');
  await ana.page.type('.panel input[type="search"]', 'lighthouse');
  await ana.sees('.panel mark', 'lighthouse');
  await ana.click('.panel .line');
  await ana.sees('.message.found', 'Entry 123 about the lighthouse');
  // It is still the one that one was led to when it says something else.
  const { messages: [found] } = await ana.ask('GET', `/api/rooms/${await ana.roomId()}/messages?around=123&limit=1`);
  await ana.ask('PATCH', `/api/messages/${found.id}`, { content: 'Entry 123 about two lighthouses' });
  await ana.sees('.message.found', 'Entry 123 about two lighthouses');
  await ana.ask('PUT', `/api/messages/${found.id}/reactions/${encodeURIComponent('👍')}`);
  await ana.sees('.message.found .reaction', '👍');
  const said = await ana.said();
  assert(said.length < 300 && !said.includes(`Entry ${MANY}`), `${said.length}`);
  // What is said now is not put beneath what was said then.
  await ana.ask('POST', `/api/rooms/${await ana.roomId()}/messages`, { content: 'Just now' });
  await ana.press('Newest messages');
  await ana.sees('.message', 'Just now');
  assert.equal((await ana.said()).at(-1), 'Just now');
}

// An address may lead to a message.
async function linked(ana, room) {
  // From another page: on this one it would be a step within it.
  await ana.page.goto('about:blank');
  await ana.page.goto(`${ana.url}/#/rooms/${room}/250`);
  await ana.sees('.message.found', 'Entry 250');
}

// Whoever comes late begins where they have not read, without everything up to now being fetched.
async function late(browser, ana) {
  const ben = await browser.person('Ben Okafor');
  await ben.joinRoom(`Archive ${ana.username}`);
  await ben.sees('.new-line');
  await ben.sees('.message', 'Entry 1');
  await ben.settles();
  const said = await ben.said();
  assert(said[0].startsWith('Entry 1') && said.length < 300, `${said.length}`);
}
