// One scenario with the official client: node client.mjs <scenario> <address> <transports>
//
// It ends with 0 if everything is as it should be. What it waits for, it writes to its output, and who
// started it answers on its input.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [scenario, url, mode] = process.argv.slice(2);
const settings = {
  default: {},
  websocket: { transports: ["websocket"] },
  polling: { transports: ["polling"] },
}[mode];
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const open = (path = "/", options = {}) =>
  io(url + path, { forceNew: true, reconnectionDelay: 50, ...settings, ...options });
const heard = (emitter, event) => once(emitter, event);
// Fails the scenario when a client cannot connect that should.
const connected = async (socket) => {
  socket.on("connect_error", (error) => assert.fail(error));
  await heard(socket, "connect");
  socket.off("connect_error");
  return socket;
};
// And when one goes away that should not, which it would not tell by itself: it comes back.
const steady = async (socket) => {
  socket.on("disconnect", (reason) => assert.equal(reason, "io client disconnect"));
  return connected(socket);
};
// Tells who started this something, and waits for its word.
const tell = async (line) => {
  console.log(line);
  return (await input.next()).value;
};
const settled = (socket) =>
  mode === "default" && socket.io.engine.transport.name === "polling"
    ? heard(socket.io.engine, "upgrade")
    : undefined;

const scenarios = {
  async events() {
    const socket = await steady(open());
    const args = [1, "2", { 3: [true, null, { deep: ["ünïcödé", "\u2028", "🦀", "a\u001eb"] }] }, [], "", -1.5];
    const back = heard(socket, "message-back");
    socket.emit("message", ...args);
    assert.deepEqual(await back, args);
    const numbers = [];
    const all = new Promise((resolve) => {
      socket.on("message-back", (number) => numbers.push(number) === 500 && resolve());
    });
    for (let number = 0; number < 500; number++) socket.emit("message", number);
    await all;
    assert.deepEqual(numbers, [...Array(500).keys()]);
    socket.disconnect();
  },

  async binary() {
    const socket = await steady(open());
    const one = Uint8Array.from([0, 1, 30, 127, 128, 255]);
    const two = Buffer.from("bytes".repeat(1000));
    const back = heard(socket, "message-back");
    socket.emit("message", { nested: [one, { two }] }, "text", one);
    const [nested, text, last] = await back;
    assert.deepEqual(Buffer.from(nested.nested[0]), Buffer.from(one));
    assert.deepEqual(Buffer.from(nested.nested[1].two), two);
    assert.equal(text, "text");
    assert.deepEqual(Buffer.from(last), Buffer.from(one));
    const answer = await socket.emitWithAck("echo", { two });
    assert.deepEqual(Buffer.from(answer.two), two);
    socket.on("question", (_, ack) => ack({ bytes: two }));
    const [answered] = await Promise.all([heard(socket, "answer"), socket.emit("ask-me", 5000)]);
    assert.deepEqual(Buffer.from(answered[0].bytes), two);
    const made = heard(socket, "made");
    socket.emit("make-bytes", 100_000);
    const [bytes] = await made;
    assert.equal(Buffer.from(bytes).length, 100_000);
    socket.disconnect();
  },

  async acks() {
    const socket = await steady(open());
    assert.deepEqual(await socket.emitWithAck("echo", { a: [1] }), { a: [1] });
    const several = new Promise((resolve) => socket.emit("echo", 1, 2, (...args) => resolve(args)));
    assert.deepEqual(await several, [1, 2]);
    await assert.rejects(socket.timeout(100).emitWithAck("silence"));
    socket.on("question", (text, ack) => ack(text + " because", 2));
    const answer = heard(socket, "answer");
    socket.emit("ask-me", 5000);
    assert.deepEqual(await answer, ["why? because", 2]);
    socket.off("question");
    const unanswered = heard(socket, "unanswered");
    socket.emit("ask-me", 50);
    await unanswered;
    const many = await Promise.all([...Array(200).keys()].map((number) => socket.emitWithAck("echo", number)));
    assert.deepEqual(many, [...Array(200).keys()]);
    socket.disconnect();
  },

  async namespaces() {
    const main = await steady(open());
    const custom = await connected(main.io.socket("/custom", {}));
    assert.notEqual(main.id, custom.id);
    const [here, there] = [heard(main, "message-back"), heard(custom, "message-back")];
    main.emit("message", "main");
    custom.emit("message", "custom");
    assert.deepEqual(await here, ["main"]);
    assert.deepEqual(await there, ["custom"]);
    custom.disconnect();
    assert.equal(await main.emitWithAck("echo", "still"), "still");
    const again = connected(custom);
    custom.connect();
    await again;
    assert.equal(await custom.emitWithAck("echo", "again"), "again");
    const nowhere = main.io.socket("/nowhere", {});
    assert.equal((await heard(nowhere, "connect_error"))[0].message, "Invalid namespace");
    assert.equal(await main.emitWithAck("echo", "still"), "still");
    main.disconnect();
    custom.disconnect();
  },

  async auth() {
    const stranger = open("/admin");
    const [error] = await heard(stranger, "connect_error");
    assert.equal(error.message, "who are you?");
    assert.equal(error.data, undefined);
    stranger.disconnect();
    const wrong = open("/admin", { auth: { token: "wrong" } });
    const [refusal] = await heard(wrong, "connect_error");
    assert.equal(refusal.message, "not you");
    assert.deepEqual(refusal.data, { code: "bad_token" });
    wrong.auth = { token: "right" };
    const greeted = heard(wrong, "hello");
    await connected(wrong.connect());
    assert.deepEqual(await greeted, ["right"]);
    wrong.disconnect();
    const later = open("/admin", { auth: (give) => setTimeout(() => give({ token: "late" }), 10) });
    assert.deepEqual(await heard(later, "hello"), ["late"]);
    later.disconnect();
    const header = open("/admin", { extraHeaders: { authorization: "of the header" } });
    assert.deepEqual(await heard(header, "hello"), ["of the header"]);
    header.disconnect();
  },

  async goodbye() {
    for (const whole of [false, true]) {
      const socket = await connected(open());
      const gone = heard(socket, "disconnect");
      socket.emit("bye", whole);
      assert.equal((await gone)[0], "io server disconnect");
      assert.equal(socket.active, false);
      await connected(socket.connect());
      socket.disconnect();
    }
  },

  async reconnection() {
    const socket = await connected(open());
    await settled(socket);
    assert.equal(await socket.emitWithAck("echo", 1), 1);
    const gone = heard(socket, "disconnect");
    const back = tell("connected");
    const [reason] = await gone;
    assert.ok(["transport close", "transport error"].includes(reason), reason);
    assert.equal(socket.active, true);
    // What is told meanwhile is kept until the server is back.
    const answer = socket.emitWithAck("echo", "kept");
    await back;
    assert.equal(await answer, "kept");
    socket.disconnect();
  },

  async volatile() {
    const socket = await steady(open());
    await settled(socket);
    let last = -1;
    socket.on("message-back", (number) => {
      assert.ok(number > last);
      last = number;
    });
    for (let number = 0; number < 1000; number++) {
      socket.volatile.emit("message", number);
      if (number % 10 === 0) await new Promise(setImmediate);
    }
    socket.emit("message", 1000);
    while (last < 1000) await heard(socket, "message-back");
    const seen = [];
    socket.on("tick", (number) => seen.push(number));
    assert.equal(await socket.emitWithAck("ticks", 2000), 2000);
    assert.ok(seen.length > 0 && seen.length <= 2000);
    assert.ok(seen.every((number, index) => index === 0 || number > seen[index - 1]));
    socket.disconnect();
  },

  async big() {
    const socket = await connected(open());
    const text = "xß🦀".repeat(100_000);
    assert.equal(await socket.emitWithAck("echo", text), text);
    const bytes = Buffer.alloc(600_000, 7);
    const back = await socket.emitWithAck("echo", { bytes });
    assert.deepEqual(Buffer.from(back.bytes), bytes);
    const gone = heard(socket, "disconnect");
    socket.emit("message", "x".repeat(1_100_000));
    assert.ok(["transport close", "transport error"].includes((await gone)[0]));
    socket.disconnect();
  },

  async flow() {
    // Both sides talk without a pause from the first moment on, while the transport changes beneath them.
    const rounds = 20;
    for (let round = 0; round < rounds; round++) {
      const socket = open();
      const [got, ticks] = [[], []];
      socket.on("message-back", (number) => got.push(number));
      socket.on("tock", (number) => ticks.push(number));
      await steady(socket);
      const upgraded = settled(socket);
      socket.emit("tocks", 300);
      for (let number = 0; number < 300; number++) {
        socket.emit("message", number);
        if (number % 3 === 0) await new Promise(setImmediate);
      }
      await upgraded;
      if (mode === "default") assert.equal(socket.io.engine.transport.name, "websocket");
      while (got.length < 300) await heard(socket, "message-back");
      while (ticks.length < 300) await heard(socket, "tock");
      assert.equal(await socket.emitWithAck("echo", round), round);
      assert.deepEqual(got, [...Array(300).keys()]);
      assert.deepEqual(ticks, [...Array(300).keys()]);
      socket.disconnect();
    }
  },

  async rooms() {
    const sockets = await Promise.all([0, 1, 2].map(() => steady(open())));
    const [one, two, three] = sockets;
    await Promise.all([one, two].map((socket) => socket.emitWithAck("join", "red")));
    const told = [];
    sockets.forEach((socket, index) => socket.on("told", (text) => told.push([index, text])));
    assert.equal(await three.emitWithAck("tell", "red", "hello"), 2);
    while (told.length < 2) await new Promise(setImmediate);
    assert.deepEqual(told.sort(), [[0, "hello"], [1, "hello"]]);
    sockets.forEach((socket) => socket.disconnect());
  },

  async heartbeat() {
    // Longer than a client may be silent.
    const socket = await steady(open());
    let pings = 0;
    const counted = new Promise((resolve) => {
      const count = () => ++pings === 4 && resolve();
      socket.io.engine.on("heartbeat", count);
      socket.io.on("ping", count);
    });
    await counted;
    assert.equal(socket.connected, true);
    assert.equal(await socket.emitWithAck("echo", 1), 1);
    socket.disconnect();
  },
};

const patience = setTimeout(() => assert.fail("this takes too long"), 60_000);
await scenarios[scenario]();
clearTimeout(patience);
process.exit(0);
