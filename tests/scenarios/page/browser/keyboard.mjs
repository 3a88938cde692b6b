// Without a mouse: from the door to a conversation, and around in it. And what those hear who do not see.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

export default async function keyboard(browser) {
  const ana = await browser.visitor();
  await signUp(ana);
  const { page } = ana;
  const key = (name) => page.keyboard.press(name);
  await until(ana, 'Start a room');
  await key('Enter');
  await page.keyboard.type('By keys alone');
  await key('Enter');
  await ana.sees('.room-title h1', 'By keys alone');

  // One is where one writes.
  await page.keyboard.type('Look, no mouse');
  await key('Enter');
  await ana.sees('.message', 'Look, no mouse');
  await ana.seesNo('.unsent');
  await key('ArrowUp');
  await page.keyboard.type('!');
  await key('Enter');
  await ana.sees('.message', 'Look, no mouse! (edited)');

  // A message can be reached, and what one can do with it.
  await page.focus('.message');
  assert.equal(await focused(page), 'Look, no mouse!');
  await key('Tab');
  await until(ana, 'React with heart');
  await key('Enter');
  await ana.sees('.reaction', '❤️1');

  await key('Escape');
  await switched(ana, key);
  await searched(ana, key);
  await heard(ana);
}

async function signUp(ana) {
  const name = `keys${Date.now() % 100_000}`;
  await ana.page.focus('[name="displayName"]');
  for (const text of ['Ana Lima', name, `${name}@example.org`, 'correct horse']) {
    await ana.page.keyboard.type(text);
    await ana.page.keyboard.press('Tab');
  }
  await ana.page.keyboard.press('Enter');
  await ana.isLive();
  Object.assign(ana, { name: 'Ana Lima', username: name });
}

// What the keyboard is at, by its words.
const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  if (at === document.body) return '';
  return at.querySelector('.message-body')?.firstChild.textContent ?? at.getAttribute('aria-label') ?? at.textContent;
});

// From one thing to the next, until one is there.
async function until(ana, name) {
  for (let step = 0; step < 40; step += 1) {
    if ((await focused(ana.page)).includes(name)) return;
    await ana.page.keyboard.press('Tab');
  }
  assert.fail(`${name} was not reached by the keyboard`);
}

async function switched(ana, key) {
  await ana.page.evaluate(() => { location.hash = '#/'; });
  await ana.sees('.home');
  await ana.page.keyboard.down('Control');
  await key('k');
  await ana.page.keyboard.up('Control');
  await ana.page.keyboard.type('keys al');
  await ana.sees('.switcher [aria-selected="true"]', 'By keys alone');
  await key('Enter');
  await ana.sees('.room-title h1', 'By keys alone');
}

async function searched(ana, key) {
  // One is where one writes, where these keys are letters: out of an empty line leads Escape, and out of another none.
  assert.match(await focused(ana.page), /^Message to/);
  await key('x');
  await key('Escape');
  assert.match(await focused(ana.page), /^Message to/);
  await key('Backspace');
  await key('Escape');
  assert.equal(await focused(ana.page), '');
  await key('/');
  await ana.page.keyboard.type('mouse');
  await ana.sees('.panel mark', 'mouse');
  await key('Escape');
  await ana.seesNo('.panel');
  await key('?');
  await ana.sees('dialog', 'Keyboard');
  await key('Escape');
  await ana.seesNo('dialog');
}

// The rules of WCAG that a program can check, in both colours, with panels and dialogs open.
async function heard(ana) {
  const axe = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
  await ana.page.evaluate(axe);
  const check = async (where) => {
    await ana.settles();
    const found = await ana.page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
    });
    assert.deepEqual(found, [], where);
  };
  for (const value of ['light', 'dark']) {
    await ana.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
    await check(`the room, ${value}`);
    for (const panel of ['Search (/)', 'Pinned messages', 'Members', 'About this room']) {
      await ana.press(panel);
      await ana.sees('.panel');
      await unfolded(ana);
      await check(`${panel}, ${value}`);
    }
    await ana.page.keyboard.press('Escape');
    for (const dialog of ['Start a room', 'Look for rooms', 'Write to somebody']) {
      await ana.press(dialog);
      await ana.sees('dialog');
      await check(`${dialog}, ${value}`);
      await ana.page.keyboard.press('Escape');
      await ana.seesNo('dialog');
    }
    await ana.click('.me-button');
    await ana.sees('dialog');
    await unfolded(ana);
    await check(`oneself, ${value}`);
    await ana.page.keyboard.press('Escape');
    await ana.seesNo('dialog');
  }
}

// With everything in sight that can be folded away.
async function unfolded({ page }) {
  await page.evaluate(() => {
    for (const section of document.querySelectorAll('details')) section.open = true;
  });
}
