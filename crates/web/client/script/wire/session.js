/**
 * Who is signed in. The access token lives in memory only; the refresh token in a cookie that no script
 * can read. What is kept in `localStorage` is no secret: whose session this browser holds, so that other
 * tabs hear of it when that changes.
 */

import { Emitter } from "./emitter.js";
import { exchange } from "./http.js";
import { Problem } from "./problem.js";

/** @import { Tokens, User } from "./types.js" */

const KEPT = "tertulia.user";
/** A token that is good for less than this is renewed before it is used, in milliseconds. */
const MARGIN = 10_000;

/**
 * @typedef {object} Account
 * @property {string} email
 * @property {string} password
 * @property {string} [displayName]
 * @property {string} [username]
 */

/** @extends {Emitter<{ ended: void, elsewhere: void }>} */
export class Session extends Emitter {
  /** @type {Tokens | null} */
  #tokens = null;
  /** When the token ends by this machine's clock, which may be wrong, so that only a span is counted. */
  #endsAt = 0;
  /** @type {Promise<Tokens> | null} */
  #renewing = null;

  constructor() {
    super();
    // The other tabs of this browser share the cookie.
    addEventListener("storage", ({ key, newValue }) => {
      if (key !== KEPT || !this.#tokens || newValue === this.#tokens.user.id) return;
      this.#tokens = null;
      this.emit("elsewhere", undefined);
    });
  }

  /** @returns {User | null} */
  get user() {
    return this.#tokens?.user ?? null;
  }

  get id() {
    return this.#tokens?.sessionId;
  }

  /** Whether this browser holds a session, as far as one knows without asking. */
  get isLikely() {
    return localStorage.getItem(KEPT) !== null;
  }

  /** @param {Account} account */
  register(account) {
    return this.#enter("/api/auth/register", account);
  }

  /**
   * @param {string} email or username
   * @param {string} password
   */
  logIn(email, password) {
    return this.#enter("/api/auth/login", { email, password });
  }

  async logOut() {
    try {
      await exchange("POST", "/api/auth/logout", { body: {}, ...(this.#tokens && { token: this.#tokens.accessToken }) });
    } catch (error) {
      // Whoever is signed out already has what they asked for.
      if (!(error instanceof Problem && error.status === 401)) throw error;
    }
    this.#end();
  }

  /**
   * An access token that is good for a while.
   *
   * @returns {Promise<string>}
   */
  async token() {
    if (this.#tokens && this.#endsAt - Date.now() > MARGIN) return this.#tokens.accessToken;
    return (await this.renew()).accessToken;
  }

  /**
   * Takes the next token, once for all who ask meanwhile, and one tab after the other where the browser
   * can do that. A refusal is the end of the session.
   */
  renew() {
    this.#renewing ??= alone(() => this.#refresh()).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** The server said that the session is over. */
  revoked() {
    if (this.#tokens) this.#end();
  }

  async #refresh() {
    try {
      return await this.#enter("/api/auth/refresh", {});
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.#end();
      throw error;
    }
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @returns {Promise<Tokens>}
   */
  async #enter(path, body) {
    const answer = await exchange("POST", `${path}?cookie=true`, { body });
    const serverNow = Date.parse(answer.headers.get("date") ?? "") || Date.now();
    /** @type {Tokens} */
    const tokens = await answer.json();
    this.#tokens = tokens;
    this.#endsAt = Date.now() + Date.parse(tokens.tokenExpiresAt) - serverNow;
    localStorage.setItem(KEPT, tokens.user.id);
    return tokens;
  }

  #end() {
    this.#tokens = null;
    localStorage.removeItem(KEPT);
    this.emit("ended", undefined);
  }
}

/**
 * Does something while no other tab does it. Browsers offer that to pages on a safe address only; without
 * it the server still gives two tabs that ask at once the same answer.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function alone(work) {
  return navigator.locks ? navigator.locks.request("tertulia.refresh", work) : work();
}
