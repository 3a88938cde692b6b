// Pictures: sent with words, looked at by the other one, and of oneself.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function files(browser) {
  const ana = await browser.person('Ana Lima');
  const ben = await browser.person('Ben Okafor');
  const name = `Pictures ${ana.username}`;
  await ana.startRoom(name);
  await ben.joinRoom(name);
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  try {
    const picture = join(folder, 'evening.png');
    await writeFile(picture, await ana.page.screenshot());
    await sent(ana, ben, picture);
    await ofOneself(ana, ben, picture);
    const words = join(folder, 'notes.txt');
    await writeFile(words, 'what was said\n');
    await chosen(ana, '.composer input[type="file"]', words);
    await ana.seesNo('.upload.busy');
    await ana.say('My notes');
    await ben.sees('.file', 'notes.txt');
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function chosen(person, selector, file) {
  const input = await person.page.waitForSelector(selector);
  await input.uploadFile(file);
}

async function sent(ana, ben, picture) {
  await chosen(ana, '.composer input[type="file"]', picture);
  await ana.sees('.upload', 'evening.png');
  await ana.seesNo('.upload.busy');
  await ana.say('The roof this evening');
  await ben.sees('.message', 'The roof this evening');
  for (const person of [ana, ben]) {
    await person.page.waitForFunction(() => document.querySelector('.message .picture img')?.naturalWidth > 0);
  }
  await ben.click('.message .picture');
  await ben.page.waitForFunction(() => document.querySelector('dialog.look img')?.naturalWidth > 0);
  await ben.page.keyboard.press('Escape');
  await ben.seesNo('dialog');
}

async function ofOneself(ana, ben, picture) {
  await ana.click('.me-button');
  await chosen(ana, 'dialog input[type="file"]', picture);
  await ana.page.waitForSelector('dialog .avatar img');
  await ana.page.keyboard.press('Escape');
  await ana.say('Do you see me?');
  await ben.sees('.message', 'Do you see me?');
  await ben.page.waitForSelector('.message .avatar img');
  assert.equal(await ben.page.$$eval('.message .avatar img', (images) => images.every(({ alt }) => alt === '')), true);
}
