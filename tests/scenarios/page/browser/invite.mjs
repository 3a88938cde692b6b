// Somebody without an account comes by a link, into a private room.

export default async function invite(browser) {
  const ana = await browser.person('Ana Lima');
  const name = `Attic ${ana.username}`;
  await ana.startRoom(name, { isPrivate: true });
  await ana.say('Who else is coming?');
  await ana.press('Members');
  await ana.press('Invite by a link');
  const link = await ana.page.waitForFunction(() => document.querySelector('dialog input[readonly]').value.match(/#\/invite\/\w+/)?.[0]);
  const hash = await link.jsonValue();
  await ana.page.keyboard.press('Escape');

  const ben = await browser.visitor({ hash });
  await ben.sees('.door-invite', `Ana Lima invites you to ${name}`);
  await ben.signUp('Ben Okafor');
  await ben.sees('.room-title h1', name);
  await ben.sees('.message', 'Who else is coming?');
  await ana.sees('.panel .person', 'Ben Okafor');
  await ben.say('I am!');
  await ana.sees('.message', 'I am!');

  await ruled(ana, ben, name);
  await expired(browser);
}

// Whoever owns the room removes somebody, who is told at once, and shows the room no more.
async function ruled(ana, ben, name) {
  await ana.press('What to do with Ben Okafor');
  await ana.press('Make them an admin');
  await ana.sees('.panel .person .role', 'admin');
  await ana.press('What to do with Ben Okafor');
  await ana.press('Remove from the room');
  await ana.sees('dialog', 'Remove Ben Okafor?');
  await ana.click('dialog button[type="submit"]');
  await ben.sees('.toast', `You were removed from ${name}`);
  await ben.sees('.home');
  await ben.seesNo('.room-row', name);
  await ana.seesNo('.panel .person', 'Ben Okafor');
}

async function expired(browser) {
  const cleo = await browser.visitor();
  await cleo.signUp('Cleo Martin');
  // What a browser itself says of an answer that is no success.
  cleo.isRefused = true;
  await cleo.page.evaluate(() => { location.hash = '#/invite/00000000000000000000000000000000'; });
  await cleo.sees('.toast.bad');
  await cleo.sees('.home');
}
