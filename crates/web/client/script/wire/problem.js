/** What can go wrong between here and the server, in three kinds that callers tell apart. */

/** @import { FieldError, ProblemBody } from "./types.js" */

/** The server refused the request. `code` is for programs, `errors` names every invalid field. */
export class Problem extends Error {
  /**
   * @param {number} status 0 for what a socket refused
   * @param {ProblemBody} body
   */
  constructor(status, body) {
    super(body.detail ?? body.message ?? body.code);
    this.status = status;
    this.code = body.code;
    /** @type {FieldError[]} */
    this.errors = body.errors ?? [];
    this.retryAfter = body.retryAfter;
  }

  /** Nothing was done, and a retry may succeed soon. */
  get isPassing() {
    return ["unavailable", "overloaded", "rate_limited"].includes(this.code);
  }

  /** In how many milliseconds to retry. */
  get pause() {
    return 1000 * (this.retryAfter ?? 1);
  }
}

/** There was no response: the network or the server is unavailable. */
export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached.");
  }
}

/** The socket closed before there was a response. */
export class Disconnected extends Error {
  constructor() {
    super("The connection was lost before an answer came.");
  }
}
