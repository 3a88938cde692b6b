// Two people meet in a room and do everything that one can do with a message.

import assert from 'node:assert/strict';

export default async function talk(browser) {
  const ana = await browser.person('Ana Lima');
  const ben = await browser.person('Ben Okafor');
  const name = `Garden ${ana.username}`;
  await ana.startRoom(name);
  await ben.joinRoom(name);

  await ben.say('Good evening, Ana');
  await ana.sees('.message', 'Good evening, Ana');
  await ana.sees('.message .sender', 'Ben Okafor');
  await writing(ana, ben);
  await ana.say('Good evening! Look at **this**: https://example.org/roses.');
  await ben.sees('.message strong', 'this');
  const link = await ben.sees('.message a', 'https://example.org/roses');
  assert.equal(await link.evaluate((a) => `${a.getAttribute('href')} ${a.rel}`), 'https://example.org/roses noopener noreferrer nofollow');
  await ana.sees('.message .reach', 'Read by Ben Okafor');

  await changed(ana, ben);
  await reacted(ana, ben);
  await answered(ana, ben);
  await mentioned(ana, ben);
  await deleted(ana, ben);
  assert.deepEqual(await ana.said(), await ben.said());
}

async function writing(ana, ben) {
  await ana.page.type('.composer-input', 'Go');
  await ben.sees('.typing', 'Ana Lima is writing');
  await ana.page.keyboard.press('Backspace');
  await ana.page.keyboard.press('Backspace');
  await ben.seesNo('.typing');
}

// With the arrow upwards one changes what one said last.
async function changed(ana, ben) {
  await ana.page.focus('.composer-input');
  await ana.page.keyboard.press('ArrowUp');
  await ana.sees('.about', 'Change');
  await ana.page.keyboard.type(' In full bloom');
  await ana.page.keyboard.press('Enter');
  await ben.sees('.message', 'In full bloom (edited)');
}

async function reacted(ana, ben) {
  await ben.pointsAt('In full bloom');
  await ben.press('React with heart');
  await ana.sees('.reaction', '❤️1');
  await ana.click('.reaction');
  await ben.sees('.reaction[aria-pressed="true"]', '❤️2');
  await ana.sees('.reaction[aria-pressed="true"]', '❤️2');
  await ben.click('.reaction');
  await ana.sees('.reaction', '❤️1');
  await ben.sees('.reaction[aria-pressed="false"]', '❤️1');
}

async function answered(ana, ben) {
  // What one began to change is not left in the reply.
  await ben.page.focus('.composer-input');
  await ben.page.keyboard.press('ArrowUp');
  await ben.sees('.about', 'Change');
  await ben.pointsAt('In full bloom');
  await ben.press('Reply');
  await ben.sees('.about', 'Reply to Ana Lima');
  assert.equal(await ben.page.$eval('.composer-input', (input) => input.value), '');
  await ben.say('Which ones are they?');
  await ana.sees('.message .quote', 'Ana Lima Good evening!');
  await ana.sees('.thread-link', '1 reply');
  await ana.click('.thread-link');
  await ana.sees('.panel .thread', 'Which ones are they?');
  await ana.page.type('.thread-form textarea', 'Bourbon roses');
  await ana.page.keyboard.press('Enter');
  await ben.sees('.message', 'Bourbon roses');
  await ana.sees('.panel .thread', 'Bourbon roses');
  await ana.page.keyboard.press('Escape');
  await ana.seesNo('.panel');
}

async function mentioned(ana, ben) {
  await ana.page.type('.composer-input', 'Come and see, @be');
  await ana.sees('.mention-list li', 'Ben Okafor');
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.press('Enter');
  await ben.sees('.message.mentions-me .mention.me', `@${ben.username}`);
}

async function deleted(ana, ben) {
  await ana.say('That was for somebody else');
  await ben.sees('.message', 'That was for somebody else');
  await ana.seesNo('.unsent');
  await ana.pointsAt('That was for somebody else');
  await ana.press('Delete');
  await ana.sees('dialog', 'Delete this message?');
  await ana.click('dialog button[type="submit"]');
  await ben.sees('.message.deleted', 'Message deleted');
  await ben.seesNo('.message', 'That was for somebody else');
}
