// Somebody comes late, asks what they missed, and is led to where it was said.

import assert from 'node:assert/strict';

const SAID = [
  'The release moves to Tuesday, because the review takes a day longer.',
  'Could somebody check the invoices before Friday?',
  'I will check the invoices tomorrow morning.',
  'We decided to keep the old login page for another month.',
  'The server in Lisbon was restarted at noon, everything works again.',
];

export default async function missed(browser) {
  const ana = await browser.person('Ana Lima');
  const ben = await browser.person('Ben Okafor');
  const name = `Releases ${ana.username}`;
  const room = await ana.startRoom(name);
  await ben.joinRoom(name);
  await ben.page.evaluate(() => { location.hash = '#/'; });
  await ben.sees('.home');
  // More than there is room for: what is on the page is seen.
  for (let round = 0; round < 8; round += 1) {
    for (const text of SAID) await ana.ask('POST', `/api/rooms/${room}/messages`, { content: round ? `${text} (${round})` : text });
  }
  await ben.sees('.room-row .badge', '40');
  await ben.click('.room-row');
  await ben.sees('.missed-bar', '40 new messages');
  await ben.sees('.new-line');
  const pieces = await hears(ben, 'summary_part');
  await ben.press('What did I miss?');
  await ben.sees('.panel .bullets li');
  // It comes as it is told, and not only in the end.
  assert(pieces.length > 1, `${pieces.length}`);
  const seq = await ben.page.$eval('.panel .citation', (citation) => Number(citation.textContent));
  assert(seq >= 1 && seq <= 40, `${seq}`);
  await ben.click('.panel .citation');
  await ben.page.waitForSelector(`.message.found[data-seq="${seq}"]`);

  // What was seen was read, and then there is nothing more to miss.
  await ben.page.keyboard.press('Escape');
  await ben.page.evaluate(() => { document.querySelector('.scroller').scrollTop = 1e6; });
  await ben.seesNo('.room-row .badge');
  await ben.page.reload();
  await ben.sees('.message', SAID[4]);
  await ben.press('What did I miss?');
  await ben.sees('.panel', 'You missed nothing');
  await ben.press('Sum up what was said since I came');
  await ben.sees('.panel .bullets li');
}

// Frames of a kind, as they come.
async function hears(person, type) {
  const frames = [];
  const tools = await person.page.createCDPSession();
  await tools.send('Network.enable');
  tools.on('Network.webSocketFrameReceived', ({ response }) => {
    if (response.payloadData.includes(`"type":"${type}"`)) frames.push(response.payloadData);
  });
  return frames;
}
