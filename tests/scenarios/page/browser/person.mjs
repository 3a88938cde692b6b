// Somebody before a page: does what people do, and sees what people see.

import assert from 'node:assert/strict';

const PATIENCE = 30_000;
let people = 0;

export class Person {
  constructor(page, url, complaints) {
    this.page = page;
    this.url = url;
    // What a network that is gone makes a browser say is not the page's fault.
    this.isAway = false;
    // Nor is it that a browser reports every answer that is no success.
    this.isRefused = false;
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => complaints.push(`${this.username}: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      const bad = ['error', 'warn'].includes(message.type());
      const isExpected = (this.isAway && /net::ERR_|WebSocket/.test(message.text())) || (this.isRefused && /status of 4/.test(message.text()));
      if (bad && !isExpected) complaints.push(`${this.username}: ${message.text()} ${message.location().url ?? ''}`);
    });
  }

  async signUp(name) {
    this.name = name;
    this.username = `${name.split(' ')[0].toLowerCase()}${(people += 1)}${Date.now() % 100_000}`;
    await this.fill('displayName', name);
    await this.fill('username', this.username);
    await this.fill('email', `${this.username}@example.org`);
    await this.fill('password', 'correct horse');
    await this.press('Create account');
    await this.page.waitForSelector('.shell');
    await this.isLive();
    // As they would, for what a scenario only prepares.
    const { accessToken, user } = await this.ask('POST', '/api/auth/login', { email: this.username, password: 'correct horse' });
    Object.assign(this, { token: accessToken, id: user.id });
  }

  async ask(method, path, body) {
    const headers = { ...(this.token && { authorization: `Bearer ${this.token}` }), 'content-type': 'application/json' };
    const answer = await fetch(this.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    assert(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  async fill(field, text) {
    const input = await this.page.waitForSelector(`[name="${field}"]`);
    await input.click({ count: 3 });
    await input.type(text);
  }

  // A button with this name, as those hear it who do not see it.
  press(name) {
    return this.click(`::-p-aria([name="${name}"][role="button"])`);
  }

  // What is drawn anew in this moment is looked for again, as a person would.
  click(selector) {
    return this.page.locator(selector).setTimeout(PATIENCE).click();
  }

  // Waits until there is such an element with such a text.
  async sees(selector, text = '') {
    try {
      return await this.page.waitForFunction(
        (selector, text) => [...document.querySelectorAll(selector)].find((element) => element.checkVisibility() && element.textContent.includes(text)),
        { polling: 50, timeout: PATIENCE }, selector, text);
    } catch {
      const shown = await this.page.evaluate(() => document.querySelector('#page').innerText);
      assert.fail(`${this.name} does not see ${selector} ${JSON.stringify(text)}, but\n${shown}`);
    }
  }

  // Waits until there is none.
  async seesNo(selector, text = '') {
    await this.page.waitForFunction(
      (selector, text) => ![...document.querySelectorAll(selector)].some((element) => element.checkVisibility() && element.textContent.includes(text)),
      { polling: 50, timeout: PATIENCE }, selector, text);
  }

  isLive() {
    return this.page.waitForSelector('html[data-connection="live"]');
  }

  // What is said in the room, in the order in which it stands there.
  said() {
    return this.page.$$eval('.messages .message .message-body', (bodies) => bodies.map((body) => body.textContent));
  }

  async startRoom(name, { isPrivate = false } = {}) {
    await this.press('Start a room');
    await this.fill('name', name);
    if (isPrivate) await (await this.page.waitForSelector('[name="kind"][value="private"]')).click();
    await this.press('Start the room');
    await this.sees('.room-title h1', name);
    return this.roomId();
  }

  async joinRoom(name) {
    await this.press('Look for rooms');
    await this.press(`Join ${name}`);
    await this.sees('.room-title h1', name);
  }

  async roomId() {
    return (await this.page.evaluate(() => location.hash)).split('/')[2];
  }

  async say(text) {
    const [first, ...more] = text.split('\n');
    await this.page.type('.composer-input', first);
    for (const line of more) {
      await this.page.keyboard.down('Shift');
      await this.page.keyboard.press('Enter');
      await this.page.keyboard.up('Shift');
      await this.page.keyboard.type(line);
    }
    await this.page.keyboard.press('Enter');
  }

  // The row of a message, with what one can do with it.
  async pointsAt(text) {
    const row = await this.sees('.message', text);
    await row.asElement().hover();
    return row.asElement();
  }

  async goesOffline() {
    this.isAway = true;
    await this.page.setOfflineMode(true);
    await this.sees('.status', 'Offline');
  }

  async comesBack() {
    await this.page.setOfflineMode(false);
    await this.isLive();
    this.isAway = false;
  }

  // A time that is no sooner than the page's own next look at itself.
  async settles() {
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}
