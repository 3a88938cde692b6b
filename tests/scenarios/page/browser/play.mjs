// Plays a scenario in Chromium: node play.mjs <scenario> <url of a node>...
//
// Each person has a browser of their own, as far as cookies and storage go, and comes to the next node.

import assert from 'node:assert/strict';
import { open } from './browser.mjs';

const [scenario, ...nodes] = process.argv.slice(2);
const { default: play } = await import(`./${scenario}.mjs`);
const browser = await open(nodes);
try {
  await play(browser);
  // Whatever else was looked for: nothing may be reported by the page, and its policy not be broken.
  assert.deepEqual(browser.complaints, []);
} finally {
  await browser.close();
}
