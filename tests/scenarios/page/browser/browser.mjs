// Chromium, and the people who sit before it.

import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { Person } from './person.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

export async function open(nodes) {
  const executablePath = process.env.TEST_CHROMIUM ?? PLACES.find(existsSync);
  if (!executablePath) throw new Error('there is no Chromium: run tests/run, which installs it, or name it in TEST_CHROMIUM');
  // Without a sandbox, which whoever is root in a container cannot have; only our own page is shown.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--lang=en-GB', '--force-prefers-reduced-motion'];
  const chromium = await puppeteer.launch({ executablePath, args, headless: true, protocolTimeout: 60_000 });
  const complaints = [];
  let visitors = 0;
  return {
    complaints,
    nodes,
    // Somebody with a page of their own, at the door of a node.
    async visitor({ width = 1280, height = 800, scale = 1, hash = '', dark = false } = {}) {
      const url = nodes[visitors++ % nodes.length];
      const context = await chromium.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width, height, deviceScaleFactor: scale, isMobile: width < 600, hasTouch: width < 600 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
      const person = new Person(page, url, complaints);
      await page.goto(`${url}/${hash}`);
      return person;
    },
    // Somebody who has just signed up.
    async person(name, how) {
      const person = await this.visitor(how);
      await person.signUp(name);
      return person;
    },
    close: () => chromium.close(),
  };
}
