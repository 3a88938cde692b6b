// Being told on this device of what comes while no page is open.

import assert from 'node:assert/strict';
import http from 'node:http';

// A browser's keys, of RFC 8291.
const KEYS = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};

export default async function notified(browser) {
  const service = await pushService();
  try {
    const ana = await browser.person('Ana Lima');
    const ben = await browser.person('Ben Okafor');
    const name = `Garden ${ana.username}`;
    const roomId = await ana.startRoom(name);
    await ben.joinRoom(name);
    await ben.say('I will be away');
    await ana.sees('.message', 'I will be away');
    await turnedOn(ben, service.url);
    await told(ana, ben, service);
    await shown(ben, roomId, name);
    await turnedOff(ben);
  } finally {
    service.close();
  }
}

// What leads to the browser, which no browser here has: this one only counts.
async function pushService() {
  const calls = [];
  const server = http.createServer((request, answer) => {
    request.resume();
    calls.push(request.headers);
    answer.writeHead(201).end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}/push`, calls, close: () => server.close() };
}

async function turnedOn(ben, endpoint) {
  await ben.page.browserContext().overridePermissions(ben.url, ['notifications']);
  await withPushService(ben.page, endpoint);
  await ben.page.reload();
  await ben.isLive();
  const box = await choice(ben);
  assert.equal(await box.evaluate((input) => input.checked), false);
  await box.click();
  await settled(ben, true);
  await ben.page.keyboard.press('Escape');
}

// The browser itself has none, when it is driven.
function withPushService(page, endpoint) {
  return page.evaluateOnNewDocument((endpoint, keys) => {
    let current = null;
    PushManager.prototype.getSubscription = async () => current;
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      current = {
        options: { applicationServerKey: applicationServerKey.buffer },
        toJSON: () => ({ endpoint, expirationTime: null, keys }),
        unsubscribe: async () => Boolean(current = null),
      };
      return current;
    };
  }, endpoint, KEYS);
}

// The box by its label, as those hear it who do not see it.
async function choice(ben) {
  await ben.click('.me-button');
  const summaries = await ben.sees('dialog .section summary', 'Notifications');
  await summaries.asElement().click();
  return ben.page.waitForSelector('::-p-aria([name="Notify me on this device"][role="checkbox"])', { visible: true });
}

function settled(ben, on) {
  return ben.page.waitForFunction(
    (on) => [...document.querySelectorAll('dialog label.check input')].some((input) => input.checked === on && !input.disabled),
    { polling: 50 }, on);
}

async function told(ana, ben, service) {
  const context = ben.page.browserContext();
  await ben.page.close();
  await until('ben is gone', async () => (await ana.ask('GET', `/api/users/${ben.id}`)).status === 'offline');
  await ana.say('The beans are up');
  await until('a push comes', async () => service.calls.length > 0);
  const [headers] = service.calls;
  assert.equal(headers['content-encoding'], 'aes128gcm');
  assert.match(headers.authorization, /^vapid t=/);
  ben.page = await context.newPage();
  await withPushService(ben.page, service.url);
}

async function until(what, holds) {
  for (let tries = 0; !await holds(); tries += 1) {
    assert(tries < 600, `not so far: ${what}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

// What a push service would bring, the browser is handed here.
async function shown(ben, roomId, name) {
  await ben.page.goto(ben.url);
  await ben.isLive();
  const cdp = await ben.page.createCDPSession();
  const registered = new Promise((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => first && resolve(first.registrationId));
  });
  await cdp.send('ServiceWorker.enable');
  const message = (await ben.ask('GET', `/api/rooms/${roomId}/messages`)).messages.find(({ content }) => content === 'The beans are up');
  const data = { type: 'notification', roomId, roomName: name, senderName: 'Ana Lima', seq: message.seq, preview: message.content };
  const origin = new URL(ben.url).origin;
  await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data: JSON.stringify(data) });
  const notification = await ben.page.waitForFunction(async () => {
    const [one] = await (await navigator.serviceWorker.ready).getNotifications();
    return one && { title: one.title, body: one.body, tag: one.tag };
  }, { polling: 100 });
  assert.deepEqual(await notification.jsonValue(), { title: `Ana Lima in ${name}`, body: 'The beans are up', tag: roomId });

  const isOurs = (target) => target.type() === 'service_worker' && target.url().startsWith(origin);
  const worker = await (await ben.page.browser().waitForTarget(isOurs)).worker();
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await ben.page.waitForFunction((hash) => location.hash === hash, { polling: 50 }, `#/rooms/${roomId}/${message.seq}`);
  await ben.sees('.message', 'The beans are up');
}

async function turnedOff(ben) {
  const box = await choice(ben);
  await settled(ben, true);
  await box.click();
  await settled(ben, false);
  await ben.page.reload();
  await ben.isLive();
  const again = await choice(ben);
  assert.equal(await again.evaluate((input) => input.checked), false);
}
