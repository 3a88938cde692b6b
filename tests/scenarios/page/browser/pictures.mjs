// The pictures in docs/pictures, of what `tertulia demo` has made:
//
//   DATA_DIR=/tmp/demo tertulia demo         says a password
//   DATA_DIR=/tmp/demo tertulia
//   PASSWORD=… node play.mjs pictures http://localhost:3000

const FOLDER = new URL(process.env.PICTURES ?? '../../../../docs/pictures/', `file://${process.cwd()}/`);

export default async function pictures(browser) {
  const robin = await browser.visitor({ width: 1280, height: 820 });
  await signIn(robin, 'robin');
  await robin.sees('.room-row .badge');
  await robin.click('.room-row:has(.badge)');
  await robin.sees('.message');
  await robin.press('What did I miss?');
  await robin.sees('.panel .bullets li');
  await robin.settles();
  await take(robin, 'missed');

  await robin.press('Newest messages');
  await robin.press('Members');
  await robin.sees('.panel .person');
  await inColours(robin, 'dark');
  await take(robin, 'dark');

  const sam = await browser.visitor({ width: 390, height: 780, scale: 2 });
  await signIn(sam, 'sam');
  await sam.press('Rooms');
  await sam.sees('.room-row');
  await sam.page.evaluate(() => document.querySelector('.room-row').click());
  await sam.sees('.message');
  await sam.settles();
  await take(sam, 'phone');
}

async function signIn(person, username) {
  person.name = username;
  await person.page.evaluate(() => localStorage.setItem('tertulia.known', 'yes'));
  await person.page.reload();
  await person.fill('email', username);
  await person.fill('password', process.env.PASSWORD);
  await person.press('Sign in');
  await person.isLive();
}

const inColours = ({ page }, value) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);

async function take(person, name) {
  await person.page.mouse.move(640, 40);
  await person.settles();
  await person.page.screenshot({ path: new URL(`${name}.webp`, FOLDER).pathname, type: 'webp', quality: 82 });
}
