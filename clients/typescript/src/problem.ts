import type { ErrorCode, FieldError, ProblemBody } from "./wire.ts";

/** The server refused. `code` is for programs, `errors` names every bad field. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  /** 0 for what a socket refused. */
  readonly status: number;
  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.message ?? body.code);
    [this.status, this.code, this.errors] = [status, body.code, body.errors ?? []];
    [this.retryAfter, this.requestId] = [body.retryAfter, body.requestId];
  }
  /** Nothing was done, and the same may succeed in a moment. */
  get passing(): boolean { return this.code === "unavailable" || this.code === "overloaded"; }
}
