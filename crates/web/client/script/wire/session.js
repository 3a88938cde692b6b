/**
 * Who is signed in. The access token is only in memory; the refresh token is in a cookie that scripts
 * cannot read. What is in `localStorage` is no secret: whose session this browser holds, so that other tabs
 * notice when that changes.
 */

import { Emitter } from "./emitter.js";
import { exchange } from "./http.js";
import { Problem } from "./problem.js";

/** @import { Tokens, User } from "./types.js" */

const KEPT = "tertulia.user";
/** A token that is valid for less than this is renewed before it is used, in milliseconds. */
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
  /** When the token expires by this machine's clock, which may be wrong, so that it is only used for a duration. */
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

  /** Whether this browser probably holds a session, as far as can be known without a request. */
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
      // If the session is over already, that is what was asked for.
      if (!(error instanceof Problem && error.status === 401)) throw error;
    }
    this.#end();
  }

  /**
   * An access token that is valid for a while.
   *
   * @returns {Promise<string>}
   */
  async token() {
    if (this.#tokens && this.#endsAt - Date.now() > MARGIN) return this.#tokens.accessToken;
    return (await this.renew()).accessToken;
  }

  /**
   * Gets the next token, once for all callers that wait for it, and in one tab at a time if the browser
   * supports that. A refusal ends the session.
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
 * Does something while no other tab does it. Browsers only support that in a secure context; without it,
 * the server still gives two tabs that ask at once the same response.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function alone(work) {
  return navigator.locks ? navigator.locks.request("tertulia.refresh", work) : work();
}
