import { Problem } from "./problem.ts";
import type { ProblemBody, Tokens } from "./wire.ts";

/** The part of `WebSocket` that is used. The platform's has it, and so has that of the package `ws`. */
export interface SocketLike {
  readyState: number;
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "close", listener: (event: { code: number }) => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

export interface Options {
  /** Stored tokens, to stay signed in. */
  tokens?: Tokens;
  /** Called whenever the tokens change, so that they can be stored; with null when the session is over. */
  onTokens?: (tokens: Tokens | null) => void;
  fetch?: typeof fetch;
  WebSocket?: new (url: string, protocols: string[]) => SocketLike;
}

export const sleep = (milliseconds: number) => new Promise<void>((wake) => setTimeout(wake, milliseconds));
/** How often a request is attempted that may succeed when retried. */
const ATTEMPTS = 5;
/** A token that expires sooner than this is renewed before it is used. */
const MARGIN = 10_000;
/** Methods that are safe to retry. */
const REPEATABLE = ["GET", "PUT", "DELETE"];

/** The session, and requests in it. */
export class Account {
  tokens: Tokens | null;
  readonly url: string;
  readonly options: Options;
  private renewing: Promise<Tokens> | null = null;

  constructor(url: string, options: Options = {}) {
    this.url = url.replace(/\/+$/, "");
    this.options = options;
    this.tokens = options.tokens ?? null;
  }

  register(account: { email: string; password: string; username?: string; displayName?: string }): Promise<Tokens> {
    return this.signIn("/api/auth/register", account);
  }
  /** Signs in, by e-mail address or username. */
  login(email: string, password: string): Promise<Tokens> {
    return this.signIn("/api/auth/login", { email, password });
  }
  async logout(): Promise<void> {
    await this.ask("POST", "/api/auth/logout", {});
    this.keep(null);
  }

  /**
   * Sends any request. The token is renewed before it expires. Requests that are `safe` to repeat (GET, PUT
   * and DELETE always are) are retried while the network or the server fails temporarily.
   */
  async ask<T>(method: string, path: string, body?: unknown, safe = REPEATABLE.includes(method)): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once<T>(method, path, body, await this.token());
      } catch (error) {
        if (attempt >= ATTEMPTS) throw error;
        if (!(error instanceof Problem)) {
          if (!safe) throw error;
          await sleep(100 * 2 ** attempt);
        } else if (error.code === "token_expired" && this.tokens) {
          await this.renew();
        } else if (error.passing && safe) {
          await sleep(1000 * (error.retryAfter ?? 1));
        } else {
          if (error.code === "session_revoked") this.keep(null);
          throw error;
        }
      }
    }
  }

  /** An access token that does not expire soon; none without a session. */
  async token(): Promise<string | undefined> {
    const tokens = this.tokens;
    const fresh = !tokens?.refreshToken || Date.parse(tokens.tokenExpiresAt) - Date.now() > MARGIN;
    return (fresh ? tokens : await this.renew())?.accessToken;
  }

  /** Renews the tokens, once for all concurrent callers. If the renewal is refused, the session is over. */
  renew(): Promise<Tokens> {
    this.renewing ??= this.refresh().finally(() => { this.renewing = null; });
    return this.renewing;
  }

  private async refresh(): Promise<Tokens> {
    const body = { refreshToken: this.tokens?.refreshToken };
    for (let attempt = 1; ; attempt++) {
      try {
        // A retry within a minute gets the same response, so losing one does no harm.
        return this.keep(await this.once<Tokens>("POST", "/api/auth/refresh", body));
      } catch (error) {
        if (error instanceof Problem && error.status === 401) this.keep(null);
        const passing = !(error instanceof Problem) || error.passing;
        if (!passing || attempt >= ATTEMPTS) throw error;
        await sleep(100 * 2 ** attempt);
      }
    }
  }

  private async signIn(path: string, body: unknown): Promise<Tokens> {
    return this.keep(await this.once<Tokens>("POST", path, body));
  }

  protected keep<K extends Tokens | null>(tokens: K): K {
    this.tokens = tokens;
    this.options.onTokens?.(tokens);
    return tokens;
  }

  private async once<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    // The platform sets the content type of a form itself, with the boundary that it chose.
    const form = body instanceof FormData;
    if (body !== undefined && !form) headers["content-type"] = "application/json";
    const content = body === undefined ? null : form ? body : JSON.stringify(body);
    const answer = await (this.options.fetch ?? fetch)(this.url + path, { method, headers, body: content });
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
    const problem = await answer.json().catch(() => ({ code: "internal", detail: `status ${answer.status}` }));
    throw new Problem(answer.status, problem as ProblemBody);
  }
}
