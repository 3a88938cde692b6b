// Those who do not get along: shut out of a room and let in again, blocked and unblocked, and gone for good.

import assert from 'node:assert/strict';

export default async function apart(browser) {
  const ana = await browser.person('Ana Lima');
  const ben = await browser.person('Ben Okafor');
  const name = `Workshop ${ana.username}`;
  await ana.startRoom(name);
  await ben.joinRoom(name);
  await ben.say('Here I am');
  await ana.sees('.message', 'Here I am');
  await banned(ana, ben, name);
  await blocked(ana, ben);
  await gone(ana, ben);
}

async function banned(ana, ben, name) {
  await ana.press('Members');
  await ana.press('What to do with Ben Okafor');
  await ana.press('Ban from the room');
  await ana.sees('dialog', 'Ban Ben Okafor?');
  await ana.click('dialog button[type="submit"]');
  await ben.sees('.toast', `You were banned from ${name}`);
  await ana.click('.panel .section summary');
  await ana.press('Lift the ban of Ben Okafor');
  await ana.sees('.toast', 'Ben Okafor may come back.');
  await ana.sees('.panel .section', 'Nobody.');
  // One is still where one was.
  assert.equal(await ana.page.evaluate(() => document.activeElement.textContent), 'Banned from the room');
  await ben.joinRoom(name);
  await ben.sees('.message', 'Here I am');
}

async function blocked(ana, ben) {
  await ana.press('What to do with Ben Okafor');
  await ana.press('Block');
  await ana.sees('dialog', 'Block Ben Okafor?');
  await ana.click('dialog button[type="submit"]');
  await ana.sees('.toast', 'Ben Okafor is blocked.');
  ben.isRefused = true;
  await writes(ben, ana);
  await ben.sees('.toast.bad');
  await ben.seesNo('.toast.bad');
  ben.isRefused = false;
  // Also after the page was loaded anew.
  await ana.page.reload();
  await ana.isLive();
  await ana.press('Members');
  await ana.press('What to do with Ben Okafor');
  await ana.press('Unblock');
  await ana.sees('.toast', 'Ben Okafor may write to you again.');
  await writes(ben, ana);
  await ben.sees('.room-title h1', 'Ana Lima');
  await ben.say('Sorry about that');
  await ana.sees('.room-row', 'Sorry about that');

  // Where the two are alone it is as near.
  await ana.click('.room-row:not([aria-current])');
  await ana.sees('.room-title h1', 'Ben Okafor');
  await ana.press('About this room');
  await ana.press('Block');
  await ana.click('dialog button[type="submit"]');
  await ana.sees('.panel button', 'Unblock');
  await ana.press('Unblock');
  await ana.sees('.panel button', 'Block');
}

async function writes(ben, ana) {
  await ben.press('Write to somebody');
  await ben.page.type('dialog input', ana.username);
  await ben.click('dialog button.person');
}

async function gone(ana, ben) {
  await ben.click('.me-button');
  await ben.click('::-p-text(Delete your account)');
  await ben.fill('password', 'wrong horse');
  ben.isRefused = true;
  await ben.press('Delete my account');
  await ben.sees('dialog .trouble');
  await ben.fill('password', 'correct horse');
  await ben.press('Delete my account');
  await ben.sees('.door');
  await ana.page.reload();
  await ana.sees('.room-title h1', 'deleted user');
  await ben.page.reload();
  await ben.sees('.door');
}
