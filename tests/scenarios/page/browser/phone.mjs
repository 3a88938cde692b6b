// On a phone: everything is there, and nothing is wider than the screen.

import assert from 'node:assert/strict';

const WIDTH = 360;

export default async function phone(browser) {
  const ana = await browser.visitor({ width: WIDTH, height: 680 });
  await fits(ana, 'the door');
  await ana.signUp('Ana Lima');
  await fits(ana, 'at home');
  assert(!(await ana.page.$eval('.home', (home) => home.textContent)).includes('left'));
  await ana.page.tap('.way');
  await fits(ana, 'starting a room');
  const name = `A room with a name that is far too long for a phone ${ana.username}`;
  await ana.fill('name', name);
  await ana.press('Start the room');
  await ana.sees('.room-title h1', name);
  await ana.say(`A word without end: ${'tertulia'.repeat(20)}`);
  await ana.say(`\`\`\`\n${'a line of code without end '.repeat(8)}\n\`\`\``);
  await ana.sees('.message pre');
  await ana.seesNo('.unsent');
  await fits(ana, 'in a room');

  await ana.page.tap('.room-head .only-narrow');
  await ana.sees('.sidebar .room-row', name);
  await ana.settles();
  await fits(ana, 'with the list of rooms');
  await ana.page.tap('.me-button');
  await ana.sees('dialog', 'Another picture');
  await fits(ana, 'oneself');
  await ana.page.keyboard.press('Escape');
  await ana.seesNo('dialog');
  await ana.page.tap('.sidebar .room-row');
  await ana.page.waitForFunction(() => !document.querySelector('.drawer-open'));

  for (const panel of ['Search (/)', 'Members', 'About this room']) {
    await ana.press(panel);
    await ana.sees('.panel');
    await fits(ana, panel);
    await ana.press('Close the panel');
    await ana.seesNo('.panel');
  }

  await back(ana, name);

  // To touch a message is to point at it.
  await ana.page.tap('.message');
  await ana.press('Reply');
  await ana.sees('.about', 'Reply to');
  await fits(ana, 'replying');
}

// The panel covers the room: it is what Back leaves first, and once it was closed by hand, it is left no more.
async function back(ana, name) {
  await ana.press('Members');
  await ana.sees('.panel');
  await ana.page.goBack();
  await ana.seesNo('.panel');
  await ana.sees('.room-title h1', name);
  await ana.press('Members');
  await ana.sees('.panel');
  await ana.press('Close the panel');
  await ana.page.waitForFunction(() => history.state === null);
  await ana.page.goBack();
  await ana.sees('.home');
  await ana.page.goForward();
  await ana.sees('.room-title h1', name);
  await ana.sees('.message pre');
}

async function fits(ana, where) {
  await ana.settles();
  const wide = await ana.page.evaluate(() => {
    const isScrolled = (element) => element.closest('pre, .sidebar-side') !== null;
    const outside = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility() && !isScrolled(element) && !element.closest('.unseen, .skip') && element.getBoundingClientRect().right > innerWidth + 1);
    return [document.documentElement.scrollWidth, innerWidth, ...outside.map((element) => element.className.toString() || element.tagName)];
  });
  assert.deepEqual(wide, [WIDTH, WIDTH], where);
}
