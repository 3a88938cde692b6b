// Somebody loses the network, writes all the same, misses something, and comes back to everything: whole,
// in order, and nothing twice.

import assert from 'node:assert/strict';

export default async function away(browser) {
  const ana = await browser.person('Ana Lima');
  const ben = await browser.person('Ben Okafor');
  const name = `Harbour ${ana.username}`;
  const room = await ana.startRoom(name);
  await ben.joinRoom(name);
  await ana.say('Ready to sail?');
  await ben.sees('.message', 'Ready to sail?');

  await ana.goesOffline();
  await ana.say('First, said to nobody');
  await ana.say('Second, said to nobody');
  await ana.sees('.unsent', 'Second, said to nobody');
  await ana.sees('.reach', 'Waiting to be sent');
  // A row like any other, no higher than its words.
  const heights = await ana.page.$$eval('.message.unsent', (rows) => rows.map((row) => row.offsetHeight));
  assert(Math.max(...heights) < 120, `${heights}`);
  await ben.say('Ready!');
  await ben.say('Are you there?');
  await ben.pointsAt('Ready to sail?');
  await ben.press('React with thumbs up');
  await ben.page.waitForFunction(() => !document.querySelector('.unsent'));

  await ana.comesBack();
  await ana.sees('.status', 'Back. Nothing was missed.');
  await ben.sees('.message', 'Second, said to nobody');
  await ana.seesNo('.unsent');
  await ana.sees('.reaction', '👍1');
  const words = ['Ready to sail?', 'Ready!', 'Are you there?', 'First, said to nobody', 'Second, said to nobody'];
  assert.deepEqual(await ana.said(), words);
  assert.deepEqual(await ben.said(), words);
  const { messages } = await ana.ask('GET', `/api/rooms/${room}/messages`);
  assert.deepEqual(messages.map(({ content }) => content).reverse(), words);

  await reloaded(ana, ben, words);
}

// What was not sent outlives a reload.
async function reloaded(ana, ben, words) {
  await ana.goesOffline();
  await ana.say('Third, before a reload');
  await ana.sees('.unsent', 'Third, before a reload');
  await ana.page.setOfflineMode(false);
  await ana.page.reload();
  await ana.isLive();
  ana.isAway = false;
  await ben.sees('.message', 'Third, before a reload');
  await ana.seesNo('.unsent');
  await ana.sees('.message', 'Third, before a reload');
  assert.deepEqual(await ana.said(), [...words, 'Third, before a reload']);
}
