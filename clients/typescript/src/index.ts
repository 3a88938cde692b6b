/**
 * A client for Tertulia: REST, and the socket at /api/ws with resuming. It only needs the platform's `fetch`,
 * `WebSocket` and `crypto`: a browser, or Node 22 or newer. On an older Node, pass in a `WebSocket`.
 */

export { type RoomPlan, type SummaryAsk, Tertulia } from "./client.ts";
export { Disconnected, Live } from "./live.ts";
export { Problem } from "./problem.ts";
export { Account, type Options, type SocketLike } from "./session.ts";
export type * from "./wire.ts";
