// Over a slow network what one says stands there at once, and comes in the order in which it was said.

import assert from 'node:assert/strict';

export default async function slow(browser) {
  const ana = await browser.person('Ana Lima');
  const ben = await browser.person('Ben Okafor');
  const name = `Mountain ${ana.username}`;
  await ana.startRoom(name);
  await ben.joinRoom(name);
  await ana.page.emulateNetworkConditions({ download: 20_000, upload: 5_000, latency: 800 });
  const words = ['one', 'two', 'three', 'four'].map((word) => `Slowly: ${word}`);
  for (const word of words) {
    await ana.say(word);
    // Before any answer can have come.
    assert((await ana.said()).includes(word));
  }
  for (const word of words) await ben.sees('.message', word);
  await ana.seesNo('.unsent');
  assert.deepEqual(await ana.said(), words);
  assert.deepEqual(await ben.said(), words);

  // The page itself comes, too.
  await ana.page.reload();
  await ana.sees('.message', 'Slowly: four');
  assert.deepEqual(await ana.said(), words);
}
