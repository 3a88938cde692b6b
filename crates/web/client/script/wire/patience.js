/** How long to wait before the next attempt. */

const FIRST = 500;
const LONGEST = 30_000;

/**
 * Jitter, so that not all clients reconnect at once.
 *
 * @param {number} failures in a row
 * @param {() => number} [dice] 0 to 1
 */
export function pauseAfter(failures, dice = Math.random) {
  const longest = Math.min(LONGEST, FIRST * 2 ** failures);
  return longest / 2 + (dice() * longest) / 2;
}
