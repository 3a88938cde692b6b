import { Problem } from "./problem.ts";
import type { ProblemBody, Tokens } from "./wire.ts";

/** What a `WebSocket` must have. The platform's has it, and that of the package `ws`. */
export interface SocketLike {
  readyState: number;
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "close", listener: (event: { code: number }) => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

export interface Options {
  /** Tokens of before, to go on being signed in. */
  tokens?: Tokens;
  /** Told of every change of the tokens, to keep them; null when the session is over. */
  onTokens?: (tokens: Tokens | null) => void;
  fetch?: typeof fetch;
  WebSocket?: new (url: string, protocols: string[]) => SocketLike;
}

export const sleep = (milliseconds: number) => new Promise<void>((wake) => setTimeout(wake, milliseconds));
/** How often something is tried that may succeed when repeated. */
const ATTEMPTS = 5;
/** A token that is good for less than this is renewed before it is used. */
const MARGIN = 10_000;
/** Requests that may be repeated come to the same. */
const REPEATABLE = ["GET", "PUT", "DELETE"];

/** Being signed in, and asking. */
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
  /** By e-mail address or username. */
  login(email: string, password: string): Promise<Tokens> {
    return this.signIn("/api/auth/login", { email, password });
  }
  async logout(): Promise<void> {
    await this.ask("POST", "/api/auth/logout", {});
    this.keep(null);
  }

  /**
   * Any request. The token is renewed before it ends. What is `safe` to repeat (GET, PUT and DELETE always)
   * is repeated while the network or the server fails for a moment.
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

  /** An access token that is good for a while, or none for who is not signed in. */
  async token(): Promise<string | undefined> {
    const tokens = this.tokens;
    const fresh = !tokens?.refreshToken || Date.parse(tokens.tokenExpiresAt) - Date.now() > MARGIN;
    return (fresh ? tokens : await this.renew())?.accessToken;
  }

  /** Renews the tokens, once for all who ask meanwhile. A refused renewal is the end of the session. */
  renew(): Promise<Tokens> {
    this.renewing ??= this.refresh().finally(() => { this.renewing = null; });
    return this.renewing;
  }

  private async refresh(): Promise<Tokens> {
    const body = { refreshToken: this.tokens?.refreshToken };
    for (let attempt = 1; ; attempt++) {
      try {
        // A repeat within a minute gets the same answer, so a lost one does no harm.
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
    // The platform names the type of a form itself, with the boundary that it chose.
    const form = body instanceof FormData;
    if (body !== undefined && !form) headers["content-type"] = "application/json";
    const content = body === undefined ? null : form ? body : JSON.stringify(body);
    const answer = await (this.options.fetch ?? fetch)(this.url + path, { method, headers, body: content });
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
    const problem = await answer.json().catch(() => ({ code: "internal", detail: `status ${answer.status}` }));
    throw new Problem(answer.status, problem as ProblemBody);
  }
}
