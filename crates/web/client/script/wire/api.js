/** The routes of docs/rest.md that the page uses, by name. */

import { exchange, query } from "./http.js";
import { Problem, Unreachable } from "./problem.js";

/** @import { Ban, Cursors, Hit, Invitation, Invite, Media, Member, Message, MessagePage, Role, Room, SessionInfo, Summary, User } from "./types.js" */
/** @import { Session } from "./session.js" */

/** How often a request is attempted that is safe to repeat. */
const ATTEMPTS = 4;

export class Api {
  #session;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  // People

  /** @returns {Promise<User>} */
  me = () => this.#ask("GET", "/api/users/me");
  /** @param {{ displayName?: string, bio?: string, avatarMediaId?: string | null }} changes @returns {Promise<User>} */
  changeMe = (changes) => this.#ask("PATCH", "/api/users/me", changes);
  /** @param {string} q @returns {Promise<{ users: User[] }>} */
  findPeople = (q) => this.#ask("GET", `/api/users/search${query({ q })}`);
  /** Blocks or unblocks somebody. @param {string} id @param {boolean} on @returns {Promise<void>} */
  block = (id, on) => this.#ask(on ? "PUT" : "DELETE", `/api/users/${id}/block`);
  /** @returns {Promise<{ sessions: SessionInfo[] }>} */
  sessions = () => this.#ask("GET", "/api/auth/sessions");
  /** @param {string} id @returns {Promise<void>} */
  endSession = (id) => this.#ask("DELETE", `/api/auth/sessions/${id}`);
  /** @param {string} current @param {string} next @returns {Promise<void>} */
  changePassword = (current, next) => this.#ask("POST", "/api/auth/password", { current, new: next });

  /** Erases the account. @param {string} password @returns {Promise<void>} */
  eraseMe = (password) => this.#ask("DELETE", "/api/users/me", { password });

  // This device

  /** @returns {Promise<{ enabled: boolean, publicKey?: string }>} */
  push = () => this.#ask("GET", "/api/push");
  /** @param {PushSubscriptionJSON} subscription @returns {Promise<void>} */
  putPush = (subscription) => this.#ask("PUT", "/api/push/subscription", subscription);
  /** @returns {Promise<void>} */
  forgetPush = () => this.#ask("DELETE", "/api/push/subscription");

  // Rooms

  /** @returns {Promise<{ rooms: Room[] }>} */
  myRooms = () => this.#ask("GET", "/api/rooms/mine");
  /** @param {{ q?: string, cursor?: string, limit?: number }} at @returns {Promise<{ rooms: Room[], nextCursor: string | null }>} */
  rooms = (at) => this.#ask("GET", `/api/rooms${query(at)}`);
  /** @param {string} id @returns {Promise<Room>} */
  room = (id) => this.#ask("GET", `/api/rooms/${id}`);
  /** @param {{ name: string, description?: string, isPrivate: boolean, history: "all" | "joined" }} plan @returns {Promise<Room>} */
  createRoom = (plan) => this.#ask("POST", "/api/rooms", plan);
  /** @param {string} id @param {{ name?: string, description?: string | null, history?: "all" | "joined" }} changes @returns {Promise<Room>} */
  changeRoom = (id, changes) => this.#ask("PATCH", `/api/rooms/${id}`, changes);
  /** @param {string} id @returns {Promise<void>} */
  deleteRoom = (id) => this.#ask("DELETE", `/api/rooms/${id}`);
  /** @param {string} id @returns {Promise<Room>} */
  join = (id) => this.#ask("POST", `/api/rooms/${id}/join`, {}, SAFE);
  /** @param {string} inviteCode @returns {Promise<Room>} */
  joinByInvite = (inviteCode) => this.#ask("POST", "/api/rooms/join", { inviteCode }, SAFE);
  /** @param {string} id @returns {Promise<void>} */
  leave = (id) => this.#ask("DELETE", `/api/rooms/${id}/leave`);
  /** @param {string[]} participantIds @returns {Promise<Room>} */
  openChat = (participantIds) => this.#ask("POST", "/api/chat", { participantIds });
  /** @param {string} id @param {boolean} on @returns {Promise<void>} */
  mute = (id, on) => this.#ask(on ? "PUT" : "DELETE", `/api/rooms/${id}/mute`);
  /** @param {string} id @param {string} [cursor] @returns {Promise<{ users: Member[], nextCursor: string | null }>} */
  members = (id, cursor) => this.#ask("GET", `/api/rooms/${id}/users${query({ cursor, limit: 100 })}`);
  /** @param {string} id @param {string} user @param {Role} role @returns {Promise<Member>} */
  giveRole = (id, user, role) => this.#ask("PATCH", `/api/rooms/${id}/users/${user}`, { role });
  /** @param {string} id @param {string} user @param {boolean} ban @returns {Promise<void>} */
  removeMember = (id, user, ban) => this.#ask("DELETE", `/api/rooms/${id}/users/${user}${query({ ban: ban || undefined })}`);
  /** @param {string} id @returns {Promise<{ bans: Ban[] }>} */
  bans = (id) => this.#ask("GET", `/api/rooms/${id}/bans`);
  /** @param {string} id @param {string} user @returns {Promise<void>} */
  liftBan = (id, user) => this.#ask("DELETE", `/api/rooms/${id}/bans/${user}`);
  /** @param {string} id @param {{ expiresIn?: number, maxUses?: number }} bounds @returns {Promise<Invite>} */
  invite = (id, bounds) => this.#ask("POST", `/api/rooms/${id}/invites`, bounds);
  /** @param {string} code @returns {Promise<Invitation>} */
  invitation = async (code) => (await repeated(() => exchange("GET", `/api/invites/${encodeURIComponent(code)}`), true)).json();

  // Messages

  /** Newest first, unless `after` a seq. @param {string} room @param {{ cursor?: string, after?: number, around?: number, limit?: number }} at @returns {Promise<MessagePage>} */
  history = (room, at) => this.#ask("GET", `/api/rooms/${room}/messages${query(at)}`);
  /** @param {string} id @returns {Promise<Message>} */
  message = (id) => this.#ask("GET", `/api/messages/${id}`);
  /** @param {string} id @param {string} [cursor] @returns {Promise<MessagePage>} */
  replies = (id, cursor) => this.#ask("GET", `/api/messages/${id}/replies${query({ cursor, limit: 100 })}`);
  /** @param {string} room @returns {Promise<MessagePage>} */
  pins = (room) => this.#ask("GET", `/api/rooms/${room}/pins`);
  /** @param {string} id @param {boolean} on @returns {Promise<Message>} */
  pin = (id, on) => this.#ask(on ? "PUT" : "DELETE", `/api/messages/${id}/pin`);
  /** @param {string} roomId @param {number} seq @returns {Promise<Cursors>} */
  read = (roomId, seq) => this.#ask("POST", "/api/messages/read", { roomId, seq }, SAFE);
  /** @param {{ q: string, roomId?: string, cursor?: string, limit?: number }} at @param {AbortSignal} [signal] @returns {Promise<{ hits: Hit[], nextCursor: string | null }>} */
  search = (at, signal) => this.#ask("GET", `/api/search/messages${query(at)}`, undefined, { signal });
  /** A summary of what was missed. @param {string} room @param {number | "read" | "join"} since @param {AbortSignal} [signal] @returns {Promise<Summary>} */
  summary = (room, since, signal) => this.#ask("GET", `/api/rooms/${room}/summary${query({ since })}`, undefined, { signal });

  // Files

  /** @param {string} roomId @param {File} file @returns {Promise<Media>} */
  upload = (roomId, file) => this.#ask("POST", `/api/media${query({ roomId })}`, formOf(file));
  /** Uploads the user's picture. @param {File} file @returns {Promise<User>} */
  putAvatar = (file) => this.#ask("PUT", "/api/users/me/avatar", formOf(file));
  /** A file's content, which needs an access token, so that the URL alone reveals nothing. @param {string} url @returns {Promise<Blob>} */
  file = async (url) => (await repeated(async () => exchange("GET", url, { token: await this.#session.token() }), true)).blob();

  /**
   * Any request. While the network or the server fails, it is retried if that is safe.
   *
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {{ safe?: boolean, signal?: AbortSignal | undefined }} [how]
   * @returns {Promise<T>}
   */
  async #ask(method, path, body, { safe = !["POST", "PATCH"].includes(method), signal } = {}) {
    const once = async () => {
      const token = await this.#session.token();
      return exchange(method, path, { body, token, ...(signal && { signal }) });
    };
    const renewed = async () => {
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "token_expired") throw error;
        await this.#session.renew();
        return once();
      }
    };
    try {
      const answer = await repeated(renewed, safe);
      return answer.status === 204 ? /** @type {T} */ (undefined) : await answer.json();
    } catch (error) {
      if (error instanceof Problem && error.code === "session_revoked") this.#session.revoked();
      throw error;
    }
  }
}

const SAFE = { safe: true };

/** @param {File} file */
function formOf(file) {
  const form = new FormData();
  form.set("file", file, file.name);
  return form;
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @param {boolean} safe
 * @returns {Promise<T>}
 */
async function repeated(work, safe) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      // A temporary refusal means that nothing was done; without a response, that is unknown.
      const passing = error instanceof Problem ? error.isPassing : safe && error instanceof Unreachable;
      if (!passing || attempt >= ATTEMPTS) throw error;
      const pause = error instanceof Problem ? error.pause : 250 * 2 ** attempt;
      await new Promise((wake) => setTimeout(wake, pause));
    }
  }
}
