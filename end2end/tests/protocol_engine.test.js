// Engine.IO as its protocol describes it, spoken by hand over polling and WebSocket.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { as } from "../harness/client.js";
import { Polling, RawSocket, SEPARATOR, engineUrl } from "../harness/engine.js";
import { send } from "../harness/http.js";
import { serverForThisFile } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { book } from "../harness/trade.js";
import { within } from "../harness/wait.js";

const server = await serverForThisFile();
const maria = await as(server, "maria");
const { token } = maria;

const HEARTBEAT = { pingInterval: 25_000, pingTimeout: 20_000 };

const auth = JSON.stringify({ token });
/** The packet that connects to a namespace. */
const connectTo = (namespace, payload = auth) => `40${namespace},${payload}`;

// The server pings at once, and waits 20 s for the answer: those who never answer begin now and are looked at last.
const silent = await Promise.all([
  RawSocket.begin({ after }, server, { mute: true }),
  Polling.begin(server, { mute: true }),
]);
const patience = HEARTBEAT.pingTimeout + 10_000;
const silence = Promise.allSettled(
  silent.map(async (session) => {
    await session.send(connectTo("/dispatch"));
    const since = Date.now();
    await session.end(patience);
    return Date.now() - since;
  }),
);

const transports = {
  websocket: (t, options) => RawSocket.begin(t, server, options),
  polling: (t, options) => Polling.begin(server, options),
};

function assertHandshake({ sid, upgrades, pingInterval, pingTimeout, maxPayload }, expected) {
  assert.match(sid, /^[\w-]{10,}$/);
  assert.deepEqual({ upgrades, pingInterval, pingTimeout, maxPayload }, { ...HEARTBEAT, maxPayload: 65_536, upgrades: expected });
}

describe("Engine.IO: the handshake", () => {
  test("opens a session over polling", async () => {
    const { answer, handshake } = await Polling.begin(server);
    assert.equal(answer.status, 200);
    assert.match(answer.headers["content-type"], /^text\/plain/);
    assert.equal(answer.text[0], "0");
    assertHandshake(handshake, ["websocket"]);
  });

  test("opens a session over WebSocket", async (t) => {
    const { handshake } = await RawSocket.begin(t, server);
    assertHandshake(handshake, []);
  });

  test("every session has an id of its own", async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => Polling.begin(server)));
    assert.equal(new Set(sessions.map(({ sid }) => sid)).size, 20);
  });

  const wrong = {
    "no version": { EIO: undefined, transport: "polling" },
    "a version that is none": { EIO: "abc", transport: "polling" },
    "an old version": { EIO: "3", transport: "polling" },
    "no transport": {},
    "an unknown transport": { transport: "pigeon" },
    "a session that there is none of": { transport: "polling", sid: "nonsense" },
  };
  for (const [name, query] of Object.entries(wrong)) {
    test(`is refused with ${name}`, async () => {
      const answer = await send(engineUrl(server, query));
      assert.equal(answer.status, 400, answer.text);
      assert.deepEqual(Object.keys(answer.json).sort(), ["code", "message"]);
    });
  }

  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    test(`is refused with the method ${method}`, async () => {
      const answer = await send(engineUrl(server, { transport: "polling" }), { method });
      assert.equal(answer.status, 400, answer.text);
    });
  }

  for (const [name, query] of Object.entries({ "no version": { EIO: undefined }, "an unknown transport": { transport: "abc" } })) {
    test(`is refused over WebSocket with ${name}`, async (t) => {
      const socket = await RawSocket.open(t, server, { query });
      await socket.end();
      assert.match(socket.error.message, /400/);
    });
  }

  test("is no page for a browser that asks for a WebSocket without wanting one", async () => {
    const answer = await send(engineUrl(server, { transport: "websocket" }));
    assert.equal(answer.status, 400, answer.text);
  });
});

for (const [transport, begin] of Object.entries(transports)) {
  describe(`Engine.IO over ${transport}`, () => {
    test("pings, and goes on when it is answered", async (t) => {
      const session = await begin(t, { mute: true });
      await session.nextLike("2");
      await session.send("3");
      await session.send(connectTo("/dispatch"));
      await session.nextLike("40/dispatch,");
    });

    test("a close packet ends the session", async (t) => {
      const session = await begin(t);
      await session.send("1");
      await session.end();
    });

    // A request without a body brings no packet at all.
    for (const packet of ["abc", "7", "9hello", ...(transport === "websocket" ? [""] : [])]) {
      test(`the packet ${JSON.stringify(packet)}, which there is none of, ends the session`, async (t) => {
        const session = await begin(t);
        await session.send(packet);
        await session.end();
      });
    }
  });
}

describe("Engine.IO: several packets in one request", () => {
  test("those of a client are all heard, in order", async () => {
    const session = await Polling.begin(server);
    const answer = await session.post(connectTo("/dispatch"));
    assert.deepEqual([answer.status, answer.text], [200, "ok"]);
    await session.nextLike("40/dispatch,");
    await session.post(...Array.from({ length: 10 }, (_, id) => `42/dispatch,${id}["nonsense"]`));
    for (let id = 0; id < 10; id += 1) assert.match(await session.nextLike("43"), new RegExp(`^43/dispatch,${id}\\[`));
  });

  test("those of the server that wait come in one payload", async (t) => {
    const session = await Polling.begin(server);
    await session.post(connectTo("/dispatch"));
    await session.nextLike('42/dispatch,["stream:state"');
    const watcher = await follow(t, server, "/dispatch", { token });
    for (let booked = 0; booked < 5; booked += 1) {
      const { id } = await book(maria);
      await watcher.next("load:created", ({ data }) => data.id === id);
    }
    // What is on its way to the watcher may be on its way to the other, too: the last of them perhaps not yet there.
    const payloads = [];
    while ((payloads.join("").match(/load:created"/g) ?? []).length < 5) payloads.push((await session.poll()).text);
    assert.ok(payloads.length <= 2, `${payloads.length} requests`);
    assert.ok(payloads[0].includes(SEPARATOR));
  });

  test("two requests that wait at once end the session", async () => {
    const session = await Polling.begin(server, { mute: true });
    await session.nextLike("2");
    const answers = await Promise.all([session.poll(), session.poll()]);
    assert.ok(answers.some(({ status }) => status === 400));
    assert.equal((await session.poll()).status, 400);
  });

  test("a payload larger than a message may be is refused", async () => {
    const session = await Polling.begin(server);
    const answer = await session.post(`42/dispatch,["x","${"x".repeat(70_000)}"]`);
    assert.equal(answer.status, 413);
    await session.end();
  });
});

describe("Engine.IO: from polling to WebSocket", () => {
  const upgrade = async (t) => {
    const session = await Polling.begin(server);
    await session.post(connectTo("/dispatch"));
    await session.nextLike('42/dispatch,["stream:state"');
    const waiting = session.poll();
    const socket = await RawSocket.open(t, server, { query: { sid: session.sid } });
    socket.send("2probe");
    assert.equal(await socket.next(), "3probe");
    const { status, text } = await within(waiting, 10_000, "the end of the request that waits");
    assert.equal(status, 200);
    assert.ok(text.split(SEPARATOR).every((packet) => ["6", "2"].includes(packet)), text);
    socket.send("5");
    return { session, socket };
  };

  test("the session goes on over the WebSocket", async (t) => {
    const { socket } = await upgrade(t);
    const load = await book(maria);
    await socket.nextLike('42/dispatch,["load:created"');
    socket.send(`42/dispatch,1${JSON.stringify(["join:load", { loadId: load.id }])}`);
    assert.equal(await socket.nextLike("43"), '43/dispatch,1[{"joined":true,"ok":true}]');
  });

  test("after it, requests of the session are refused and change nothing", async (t) => {
    const { session, socket } = await upgrade(t);
    // The server has taken the upgrade once it answers over the WebSocket.
    socket.send('42/dispatch,1["nonsense"]');
    await socket.nextLike("43/dispatch,1");
    assert.equal((await session.poll()).status, 400);
    assert.equal((await session.post('42/dispatch,7["nonsense"]')).status, 400);
    socket.send('42/dispatch,2["nonsense"]');
    assert.match(await socket.nextLike("43"), /^43\/dispatch,2/);
  });

  test("a second WebSocket of the session is turned away, and the first goes on", async (t) => {
    const { session, socket } = await upgrade(t);
    socket.send('42/dispatch,1["nonsense"]');
    await socket.nextLike("43/dispatch,1");
    const second = await RawSocket.open(t, server, { query: { sid: session.sid } });
    second.ws.send("2probe", () => {});
    await second.end();
    socket.send('42/dispatch,2["nonsense"]');
    await socket.nextLike("43/dispatch,2");
  });

  test("a WebSocket with a session that there is none of is turned away", async (t) => {
    const { sid } = await Polling.begin(server);
    const unknown = [...sid].reverse().join("");
    const socket = await RawSocket.open(t, server, { query: { sid: unknown } });
    await socket.end();
  });

  test("one that does not probe first does not upgrade", async (t) => {
    const session = await Polling.begin(server);
    const socket = await RawSocket.open(t, server, { query: { sid: session.sid } });
    socket.send("4hello");
    await socket.end();
  });
});
describe("clients that do not answer", () => {
  test("one that never connects to a namespace is closed", async (t) => {
    const socket = await RawSocket.begin(t, server);
    await socket.end(15_000);
  });

  test("one that does not answer its ping is closed, and not before its time", async () => {
    for (const { status, value, reason } of await silence) {
      assert.equal(status, "fulfilled", reason?.message);
      assert.ok(value > HEARTBEAT.pingTimeout - 2_000, `after ${value} ms`);
    }
  });
});
