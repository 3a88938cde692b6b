import type { ErrorCode, FieldError, ProblemBody } from "./wire.ts";

/** A refusal by the server. `code` is for programs, `errors` names every invalid field. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  /** The HTTP status; 0 for refusals over the socket. */
  readonly status: number;
  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.message ?? body.code);
    [this.status, this.code, this.errors] = [status, body.code, body.errors ?? []];
    [this.retryAfter, this.requestId] = [body.retryAfter, body.requestId];
  }
  /** Whether nothing was done, and a retry may succeed soon. */
  get passing(): boolean { return this.code === "unavailable" || this.code === "overloaded"; }
}
