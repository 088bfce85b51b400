// Socket.IO as its protocol describes it, spoken by hand over polling and WebSocket, and by the official client.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { atEnd } from "../harness/cleanup.js";
import { as } from "../harness/client.js";
import { Polling, RawSocket, SEPARATOR } from "../harness/engine.js";
import { serverForThisFile } from "../harness/server.js";
import { Listener, NAMESPACES, follow, prepare } from "../harness/socket.js";
import { book, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile();
const maria = await as(server, "maria");
const { token } = maria;

const auth = JSON.stringify({ token });
/** The packet that connects to a namespace. */
const connectTo = (namespace, payload = auth) => `40${namespace},${payload}`;

const transports = {
  websocket: (t, options) => RawSocket.begin(t, server, options),
  polling: (t, options) => Polling.begin(server, options),
};

for (const [transport, begin] of Object.entries(transports)) {
  describe(`Socket.IO over ${transport}`, () => {
    /** A session that is connected to the board's namespace. */
    const connected = async (t) => {
      const session = await begin(t);
      await session.send(connectTo("/dispatch"));
      await session.nextLike("40/dispatch,");
      await session.nextLike('42/dispatch,["stream:state"');
      return session;
    };
    const answerOf = async (session, id, namespace = "/dispatch") => {
      const beginning = `43${namespace},${id}`;
      const [answer] = JSON.parse((await session.nextLike(beginning)).slice(beginning.length));
      return answer;
    };
    const isAlive = async (session) => {
      await session.send('42/dispatch,99["nonsense",{}]');
      assert.equal((await answerOf(session, 99)).error.code, "bad_request");
    };

    test("connects to a namespace with a payload, and tells its id there", async (t) => {
      const session = await begin(t);
      await session.send(connectTo("/dispatch"));
      const packet = await session.nextLike("40/dispatch,");
      assert.deepEqual(Object.keys(JSON.parse(packet.slice("40/dispatch,".length))), ["sid"]);
    });

    test("one connection carries every namespace", async (t) => {
      const session = await begin(t);
      await session.send(...NAMESPACES.map((namespace) => connectTo(namespace)));
      const open = new Set();
      while (open.size < NAMESPACES.length) open.add((await session.nextLike("40/")).match(/^40([^,]+),/)[1]);
      assert.deepEqual([...open].sort(), NAMESPACES.toSorted());
      for (const [id, namespace] of NAMESPACES.entries()) {
        await session.send(`42${namespace},${id}["nonsense",{}]`);
        assert.equal((await answerOf(session, id, namespace)).error.code, "bad_request");
      }
    });

    const refusals = {
      "without a payload": ["/dispatch", "40/dispatch,", "unauthorized"],
      "with an empty payload": ["/dispatch", connectTo("/dispatch", "{}"), "unauthorized"],
      "to the root": ["/", `40${auth}`, "unauthorized"],
      "to the root without a payload": ["/", "40", "unauthorized"],
    };
    for (const [name, [namespace, packet, code]] of Object.entries(refusals)) {
      test(`a connect ${name} is refused`, async (t) => {
        const session = await begin(t);
        await session.send(packet);
        const beginning = namespace === "/" ? "44" : `44${namespace},`;
        const { message } = JSON.parse((await session.nextLike(beginning)).slice(beginning.length));
        assert.equal(JSON.parse(message).code, code);
        await session.send(connectTo("/dispatch"));
        await session.nextLike("40/dispatch,");
      });
    }

    test("a connect to an unknown namespace is refused", async (t) => {
      const session = await begin(t);
      await session.send(connectTo("/elsewhere"));
      assert.equal(await session.nextLike("44"), '44/elsewhere,{"message":"Invalid namespace"}');
    });

    test("a second connect to the same namespace changes nothing", async (t) => {
      const session = await connected(t);
      await session.send(connectTo("/dispatch"), connectTo("/dispatch", '{"token":"wrong"}'));
      await isAlive(session);
    });

    test("a connect whose payload can't be read does not connect", async (t) => {
      const session = await begin(t);
      await session.send('40/dispatch,{"token":');
      const packet = await session.next().catch(() => "closed");
      assert.doesNotMatch(packet, /^40/);
    });

    test("an event comes to whom it is for, with its payload", async (t) => {
      const session = await connected(t);
      const load = await book(maria);
      const beginning = '42/dispatch,["load:created"';
      for (;;) {
        const [name, event] = JSON.parse((await session.nextLike(beginning)).slice("42/dispatch,".length));
        assert.equal(name, "load:created");
        if (event.data.id === load.id) break;
      }
    });

    test("a command is answered under its number, whatever the number", async (t) => {
      const session = await connected(t);
      const { id: loadId } = await book(maria);
      for (const id of [0, 7, 456, 2 ** 31]) {
        await session.send(`42/dispatch,${id}${JSON.stringify(["join:load", { loadId }])}`);
        assert.deepEqual(await answerOf(session, id), { ok: true, joined: true });
      }
    });

    test("a command with any number of arguments is answered", async (t) => {
      const session = await connected(t);
      for (const [id, list] of ['["join:load"]', '["join:load",1,"2",{"3":[false]}]', '["x",null]', '["",{}]'].entries()) {
        await session.send(`42/dispatch,${id}${list}`);
        assert.equal((await answerOf(session, id)).error.code, "bad_request");
      }
    });

    test("a command without a number is done and not answered", async (t) => {
      const session = await connected(t);
      await session.send('42/dispatch,["join:load",{}]');
      await session.send('42/dispatch,5["nonsense"]');
      assert.match(await session.nextLike("43"), /^43\/dispatch,5\[/);
    });

    test("binary attachments are put together, and answered", async (t) => {
      const session = await connected(t);
      const bytes = Buffer.from([1, 2, 3, 255]);
      // Over polling bytes are written in base64 behind a "b".
      const attachment = transport === "polling" ? `b${bytes.toString("base64")}` : bytes;
      await session.send('451-/dispatch,["nonsense",{"_placeholder":true,"num":0}]', attachment);
      const two = '452-/dispatch,3["join:load",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]';
      await session.send(two, attachment, attachment);
      assert.equal((await answerOf(session, 3)).error.code, "bad_request");
      await isAlive(session);
    });

    test("a place for an attachment that does not come is answered", async (t) => {
      const session = await connected(t);
      const attachment = transport === "polling" ? "bAQID" : Buffer.from([1, 2, 3]);
      await session.send('451-/dispatch,3["join:load",{"_placeholder":true,"num":7}]', attachment);
      assert.equal((await answerOf(session, 3)).error.code, "bad_request");
      await isAlive(session);
    });

    test("a namespace is left without harm to the others, and entered again", async (t) => {
      const session = await connected(t);
      await session.send(connectTo("/events"));
      await session.nextLike("40/events,");
      await session.send("41/events,");
      await isAlive(session);
      await session.send(connectTo("/events"));
      await session.nextLike("40/events,");
      await session.send("41/dispatch,");
      await session.send('42/events,4["nonsense",{}]');
      assert.equal((await answerOf(session, 4, "/events")).error.code, "bad_request");
    });

    const malformed = {
      "of an unknown type": "4abc",
      "of a type beyond all": "49",
      "without a type": "4",
      "with a payload that is no list": '42/dispatch,{"event":1}',
      "with a payload that breaks off": '42/dispatch,["join:load"',
      "without a payload": "42/dispatch,",
      "with an empty payload": "42/dispatch,[]",
      "with an event that has no name": "42/dispatch,[7]",
      "with a number that is none": '42/dispatch,abc["nonsense",{}]',
      "that is a refusal, which is for servers": '44/dispatch,{"message":"no"}',
      "that announces attachments, and is followed by text": '451-/dispatch,["x",{"_placeholder":true,"num":0}]\x1e42/dispatch,[]',
    };
    for (const [name, packet] of Object.entries(malformed)) {
      test(`a packet ${name} ends the connection, and no other`, async (t) => {
        const [session, other] = await Promise.all([connected(t), connected(t)]);
        await session.send(...packet.split(SEPARATOR));
        await session.end();
        await isAlive(other);
      });
    }

    test("an event before its namespace is connected is not heard, and ends the connection", async (t) => {
      const session = await begin(t);
      await session.send('42/dispatch,1["join:load",{}]');
      await session.end();
    });

    test("an answer that nobody asked for does no harm", async (t) => {
      const session = await connected(t);
      await session.send('43/dispatch,17["surprise"]');
      await isAlive(session);
    });
  });
}

for (const transport of [["websocket"], ["polling"], ["polling", "websocket"]]) {
  describe(`the official client over ${transport.join(", then ")}`, () => {
    const open = (t, namespace = "/dispatch") => follow(t, server, namespace, { token, transports: transport });

    test("connects, asks, is answered and hears", async (t) => {
      const listener = await open(t);
      const engine = listener.socket.io.engine;
      await until(() => engine.transport.name === transport.at(-1), "the last of its transports");
      const load = await book(maria);
      assert.deepEqual(await listener.ask("join:load", { loadId: load.id }), { ok: true, joined: true });
      const moved = listener.next("load:status:changed", ({ data }) => data.loadId === load.id);
      await step(maria, load, "PENDING");
      assert.equal((await moved).data.newStatus, "PENDING");
    });

    test("leaves a namespace and comes back on the same connection, while another goes on", async (t) => {
      const dispatch = await open(t);
      const { io } = dispatch.socket;
      const events = new Listener(io.socket("/events", { auth: { token } }));
      events.socket.connect();
      await events.next("stream:state");
      const { id } = io.engine;
      events.socket.disconnect();
      assert.equal((await dispatch.ask("nonsense", {})).error.code, "bad_request");
      events.socket.connect();
      await events.next("stream:state");
      assert.equal((await events.ask("nonsense", {})).error.code, "bad_request");
      assert.equal(io.engine.id, id);
      events.close();
    });

    test("sends bytes, and is answered all the same", async (t) => {
      const listener = await open(t);
      const answer = await listener.ask("join:load", { loadId: Buffer.from("bytes") });
      assert.equal(answer.error.code, "bad_request");
    });

    test("comes back by itself after its connection was cut", async (t) => {
      const socket = prepare(server, "/dispatch", { token, transports: transport });
      atEnd(t, () => socket.disconnect());
      socket.io.reconnection(true);
      socket.io.reconnectionDelay(10);
      const listener = new Listener(socket);
      socket.connect();
      await listener.next("stream:state");
      const before = socket.io.engine.id;
      socket.io.engine.close();
      await listener.next("stream:state");
      assert.notEqual(socket.io.engine.id, before);
      assert.equal((await listener.ask("nonsense", {})).error.code, "bad_request");
    });
  });
}
