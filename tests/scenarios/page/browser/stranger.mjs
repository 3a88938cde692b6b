// The first hour of a server that somebody has just started, with nothing set: two people talk, one
// goes away, comes back and reads what was missed.

const SAID = [
  'The release moves to Tuesday, because the review takes a day longer.',
  'Could somebody check the invoices before Friday?',
  'We decided to keep the old login page for another month.',
  'The server in Lisbon was restarted at noon, everything works again.',
];

export default async function stranger(browser) {
  const ana = await browser.person('Ana Lima');
  const ben = await browser.person('Ben Okafor');
  await ana.startRoom('Garden');
  await ben.joinRoom('Garden');
  await ben.say('Good evening, Ana');
  await ana.sees('.message', 'Good evening, Ana');
  await ana.say('Good evening, Ben');
  await ben.sees('.message', 'Good evening, Ben');
  await ana.sees('.message .reach', 'Read by Ben Okafor');

  await ben.page.goto('about:blank');
  for (const text of SAID) await ana.say(text);
  await ana.sees('.message', SAID[3]);
  await ana.seesNo('.unsent');

  // Whoever comes back is still signed in.
  await ben.page.goto(`${ben.url}/`);
  await ben.isLive();
  await ben.sees('.room-row .badge', '4');
  await ben.click('.room-row');
  await ben.sees('.new-line');
  await ben.press('What did I miss?');
  await ben.sees('.panel .bullets li');
  const seq = await ben.page.$eval('.panel .citation', (citation) => Number(citation.textContent));
  await ben.click('.panel .citation');
  await ben.page.waitForSelector(`.message.found[data-seq="${seq}"]`);
  await ben.sees('.message.found', SAID[seq - 3]);
}
