/** One request and its response. Authentication and retries are left to the caller. */

import { Problem, Unreachable } from "./problem.js";

/**
 * @typedef {object} Request
 * @property {unknown} [body] sent as JSON; a `FormData` as it is
 * @property {string} [token]
 * @property {string} [accept]
 * @property {AbortSignal} [signal]
 */

/**
 * @param {string} method
 * @param {string} path
 * @param {Request} [request]
 * @returns {Promise<Response>}
 */
export async function exchange(method, path, { body, token, accept, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (accept) headers.accept = accept;
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["content-type"] = "application/json";
  const payload = isForm ? body : body === undefined ? null : JSON.stringify(body);
  const answer = await reach(path, { method, headers, body: payload, signal: signal ?? null });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({ code: "internal", detail: `The server answered ${answer.status}.` }));
  throw new Problem(answer.status, problem);
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function reach(path, init) {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
}

/**
 * A query string from the values that are given.
 *
 * @param {Record<string, string | number | boolean | undefined>} fields
 */
export function query(fields) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) given.set(name, String(value));
  }
  return given.size ? `?${given}` : "";
}
