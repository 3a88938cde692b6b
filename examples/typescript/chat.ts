/**
 * A chat in a terminal.
 *
 *   npm ci --prefix ../../clients/typescript && npm run build --prefix ../../clients/typescript
 *   npm ci && npm run build
 *   node dist/chat.js --name ana --password 'correct horse'                  makes an account and a room
 *   node dist/chat.js --name ben --password 'battery staple' --room <id>     joins it
 *
 * Each line typed is posted. `/edit words` edits your last message, `/search words` searches for it, `/quit`
 * quits. With `--keep <file>` it remembers where it left off, and shows what was missed when started again.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Happening, type Live, type Message, type Options, Problem, type Standing, Tertulia } from "tertulia-client";

const { values: given } = parseArgs({
  options: {
    server: { type: "string", default: "http://localhost:3000" },
    name: { type: "string" },
    password: { type: "string" },
    room: { type: "string" },
    keep: { type: "string" },
  },
});

/** What is stored about the room: the position, and the last message that was shown. */
interface Kept extends Partial<Standing> { seen: number }

const show = (line: string) => console.log(line);

/** Node has no WebSocket before version 22; then the package `ws` is used instead. */
async function platform(): Promise<Options> {
  if (globalThis.WebSocket) return {};
  const [ws, { webcrypto }] = [await import("ws" as string), await import("node:crypto")];
  globalThis.crypto ??= webcrypto as Crypto;
  return { WebSocket: ws.WebSocket };
}

/** Signs in, or registers if there is no such account. */
async function signIn(client: Tertulia, name: string, password: string): Promise<void> {
  try {
    await client.register({ email: `${name}@example.org`, username: name, password });
  } catch (error) {
    const known = error instanceof Problem && ["username_taken", "email_taken"].includes(error.code);
    if (!known) throw error;
    await client.login(name, password);
  }
}

function complain(error: unknown): void {
  if (!(error instanceof Problem)) return show(`! ${error}`);
  const fields = error.errors.map(({ field, message }) => ` ${field} ${message}`);
  show(`! ${error.code}: ${error.message}${fields.join(",")}`);
}

async function main(): Promise<void> {
  if (!given.name || !given.password) throw new Error("say --name and --password");
  const client = new Tertulia(given.server, await platform());
  await signIn(client, given.name, given.password);
  const room = given.room ? await client.join(given.room) : await client.createRoom({ name: "tertulia" });
  show(`room ${room.id}`);

  const kept: Kept = { seen: 0 };
  if (given.keep && existsSync(given.keep)) Object.assign(kept, JSON.parse(readFileSync(given.keep, "utf8")));
  const live = client.live(kept);
  const keep = () => {
    if (given.keep && !waiting) writeFileSync(given.keep, JSON.stringify({ ...live.standing, seen: kept.seen }));
  };

  const said = (message: Message) => show(`${message.sender.username}: ${message.content ?? "(deleted)"}`);
  type Told = Extract<Happening, { type: "message" }>;
  /** While the latest page is being read, live messages are queued, so that they are shown after it. */
  let waiting: Told[] | null = null;
  const catchUp = async () => {
    waiting ??= [];
    try {
      const { messages } = await client.history(room.id);
      for (const message of messages.reverse()) {
        if (message.seq > kept.seen) said(message);
        kept.seen = Math.max(kept.seen, message.seq);
      }
    } finally {
      const meanwhile = waiting ?? [];
      waiting = null;
      meanwhile.forEach(told);
    }
    keep();
  };
  const told = (happening: Told): void => {
    if (waiting) return void waiting.push(happening);
    const { op, message } = happening;
    if (message.seq > kept.seen) {
      kept.seen = message.seq;
      said(message);
      live.read(room.id, message.seq);
    } else if (op !== "created") {
      show(`${message.sender.username}: ${message.content ?? "(deleted)"} (${op === "deleted" ? "deleted" : "changed"})`);
    }
    // Only after the handlers have run does the position include this change.
    queueMicrotask(keep);
  };
  live.on("online", () => show("* online"));
  live.on("offline", ({ again }) => show(again ? "* offline, coming back" : "* offline"));
  live.on("session_revoked", () => show("* signed out elsewhere"));
  live.on("refused", ({ code }) => show(`! ${code}`));
  live.on("reset", () => {
    show("* what was missed cannot be told, but this is the latest:");
    catchUp().catch(complain);
  });
  live.on("message", told);
  if (!(room.id in live.standing.cursors)) {
    await catchUp();
    // From before the page was read: what arrived in between arrives again, and is recognised as seen.
    live.subscribe(room.id, room.lastRev);
  }
  await listen(client, live, room.id);
  keep();
  live.close();
}

/** Carries out what is typed, one line after another, until the input ends. */
async function listen(client: Tertulia, live: Live, room: string): Promise<void> {
  let last: Message | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, words] = line.startsWith("/") ? split(line) : ["", line];
    try {
      if (!command) last = await live.send(room, { content: words });
      else if (command === "/quit") return;
      else if (command === "/edit" && last) last = await client.edit(last.id, words);
      else if (command === "/search") {
        const { hits } = await client.search(words, { roomId: room });
        for (const { message } of hits) show(`? ${message.sender.username}: ${message.content}`);
      } else show(`! ${command} is not possible`);
    } catch (error) {
      complain(error);
    }
  }
}

function split(line: string): [string, string] {
  const space = line.indexOf(" ");
  return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
}

main().then(() => process.exit(0), (error: unknown) => {
  complain(error);
  process.exit(1);
});
