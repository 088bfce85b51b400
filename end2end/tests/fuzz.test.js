// Whatever is sent, the server answers soon, never with an error of its own, and works as before afterwards.
// FUZZ_SEED repeats a run that failed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { atEnd } from "../harness/cleanup.js";
import { as, logIn } from "../harness/client.js";
import { RawSocket } from "../harness/engine.js";
import { Generator, SEED, isReadable, shown } from "../harness/fuzz.js";
import { PROJECT } from "../harness/project.js";
import { serversForThisFile } from "../harness/server.js";
import { NAMESPACES, Listener, follow, prepare } from "../harness/socket.js";
import { allLoads, book, facilities, fitCarrier, newLoad, step } from "../harness/trade.js";
import { within } from "../harness/wait.js";

const PATIENCE = 5_000;
const ID = "01999999-9999-7999-8999-999999999999";
const PLACE = { lat: 41.88, lng: -87.63, heading: 90, speed: 55, recordedAt: "2026-11-21T10:00:00.000Z" };
const READING = { deviceId: "d1", temperature: -18, humidity: 40, battery: 90, signalStrength: -60, recordedAt: PLACE.recordedAt };

/** Every command: where it is taken, and what it takes. */
const COMMANDS = [
  ...NAMESPACES.map((namespace) => [namespace, "auth:refresh", { token: "a.b.c" }]),
  ["/events", "presence:view", { loadId: ID, page: "/dispatch" }],
  ["/events", "presence:list", { userIds: [ID] }],
  ["/dispatch", "join:load", { loadId: ID }],
  ["/dispatch", "leave:load", { loadId: ID }],
  ["/tracking", "join:load", { loadId: ID }],
  ["/tracking", "leave:load", { loadId: ID }],
  ["/tracking", "location:update", { loadId: ID, ...PLACE }],
  ["/tracking", "subscribe:site", { siteId: ID }],
  ["/tracking", "unsubscribe:site", { siteId: ID }],
  ["/tracking", "subscribe:unit", { unitId: ID }],
  ["/tracking", "unsubscribe:unit", { unitId: ID }],
  ["/tracking", "sensor:reading", { unitId: ID, ...READING }],
  ["/tracking", "get:latest", ID],
  ["/notifications", "notification:read", { id: ID }],
  ["/chat", "join:conversation", { conversationId: ID }],
  ["/chat", "leave:conversation", { conversationId: ID }],
  ["/chat", "message:send", { conversationId: ID, body: "On my way", clientId: "1" }],
  ["/chat", "message:read", { conversationId: ID, messageId: ID }],
  ["/chat", "typing", { conversationId: ID, typing: true }],
];
const REFUSALS = ["bad_request", "forbidden", "not_found", "conflict"];
/** Payloads of each command; half as many where it is PostgreSQL that keeps what they leave. */
const ROUNDS = { sqlite: 200, postgres: 100 };
/** Requests on each database, shared by the operations. */
const REQUESTS = 1_500;
const AT_ONCE = 25;

// The limits have tests of their own.
const LIMITS = {
  LIMITS__COMMANDS_PER_SECOND: 1_000_000,
  LIMITS__COMMAND_BURST: 1_000_000,
  LIMITS__QUEUED_COMMANDS: 100_000,
  LIMITS__ROOMS_PER_SOCKET: 100_000,
  LIMITS__LOGINS_PER_MINUTE: 100_000,
};

// All that is waited for comes before the first test.
const servers = await serversForThisFile({ loads: 30, settings: LIMITS });
const worlds = await Promise.all(
  servers.map(async ([database, server]) => {
    const people = await Promise.all(["maria", "sarah", "admin", "carlos"].map((who) => as(server, who)));
    const { json: document } = await people[0].get("/openapi.json");
    return { database, server, people, document, real: await whatIsThere(people, document) };
  }),
);

/** Values that are in the database, by the field that they stand in. */
async function whatIsThere([maria, , admin], { paths }) {
  const loads = (await allLoads(maria)).slice(0, 20).map(({ id }) => id);
  const real = { loadId: loads, conversationId: loads, id: loads, version: [1, 1, 2], facilityId: await facilities(maria) };
  real.carrierId = [await fitCarrier(maria)];
  if (paths["/units"]) {
    const site = await admin.post("/sites", { name: "Joliet yard", city: "Joliet", state: "IL" });
    real.siteId = [site.json.data.id];
    const range = { minTemperature: 2, maxTemperature: 8 };
    const unit = await admin.post("/units", { siteId: real.siteId[0], name: "Reefer 12", kind: "trailer", ...range });
    real.unitId = [unit.json.data.id];
  }
  if (paths["/loads/{id}/stops"]) {
    const stops = await Promise.all(loads.slice(0, 5).map((load) => maria.get(`/loads/${load}/stops`)));
    real.stopId = stops.flatMap(({ json }) => json.data.map(({ id }) => id));
  }
  real.booking = await newLoad(maria);
  return real;
}

test("the commands of this file are those of the catalogue", () => {
  const source = readFileSync(join(PROJECT, "app/src/events/command.rs"), "utf8");
  const [, table] = source.match(/^commands! \{([^]*?)^\}/m);
  const sections = [...table.matchAll(/(\w+) \{([^}]*)\}/g)];
  const catalogue = sections.flatMap(([, section, lines]) => {
    const names = [...lines.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    const where = section === "everywhere" ? NAMESPACES : [`/${section.toLowerCase()}`];
    return where.flatMap((namespace) => names.map((name) => `${namespace} ${name}`));
  });
  assert.deepEqual(COMMANDS.map(([namespace, name]) => `${namespace} ${name}`).sort(), catalogue.sort());
});

for (const { database, server, people: [maria, sarah, admin, carlos], real, document } of worlds) {
  /** The same input for the same seed, whatever ran before. */
  const generator = (salt) => new Generator([...`${database} ${salt}`].reduce((sum, c) => sum * 31 + c.codePointAt(0), SEED));

  /** What holds after everything: the process lives, has not panicked, and a move reaches the others. */
  const stillWorks = async (t) => {
    assert.ok(server.isRunning, "the process lives");
    assert.doesNotMatch(server.log, /panicked/, `seed ${SEED}`);
    const watcher = await follow(t, server, "/dispatch", { token: sarah.token });
    const load = await book(maria);
    await step(maria, load, "PENDING");
    const moved = await watcher.next("load:status:changed", ({ data }) => data.loadId === load.id, PATIENCE);
    assert.equal(moved.data.newStatus, "PENDING");
  };

  describe(`commands on ${database}, seed ${SEED}`, () => {
    for (const [namespace, name, valid] of COMMANDS) {
      test(`${namespace} ${name} answers whatever it is sent`, async (t) => {
        const random = generator(`${namespace} ${name}`);
        const options = { bytes: true };
        const sockets = await Promise.all(
          [admin, carlos].map(({ token }) => follow(t, server, namespace, { token })),
        );
        /** The arguments of one command, mostly one that is nearly right, within what a message may hold. */
        const payload = () => {
          for (;;) {
            const args = unbounded();
            if (Buffer.byteLength(JSON.stringify(args)) < 60_000) return args;
          }
        };
        const unbounded = () => {
          const good = random.grounded(valid, real);
          const kind = random.next();
          if (kind < 0.05) return [];
          if (kind < 0.1) return Array.from({ length: 2 + random.below(4) }, () => random.value(options));
          if (kind < 0.25) return [random.value(options)];
          return [kind < 0.45 ? good : random.spoil(good, options)];
        };
        for (let sent = 0; sent < ROUNDS[database]; sent += AT_ONCE) {
          await Promise.all(
            Array.from({ length: AT_ONCE }, async () => {
              const [socket, args] = [random.pick(sockets).socket, payload()];
              const what = `seed ${SEED}: ${name} ${shown(args)}`;
              const answer = await socket.timeout(PATIENCE).emitWithAck(name, ...args).catch((error) => {
                throw new Error(`${what}: ${error.message}`, { cause: error });
              });
              if (answer?.ok === true) return;
              assert.equal(answer?.ok, false, `${what}: ${shown(answer)}`);
              assert.ok(REFUSALS.includes(answer.error.code), `${what}: ${shown(answer)}`);
            }),
          );
        }
      });
    }

    test("JSON as no client writes it is answered, or ends its connection", async (t) => {
      const odd = [
        "1e400", "-1e400", "1E-400", "-0", "123456789012345678901234567890", '"\\ud800"', '"\\u0000"', "[[],[[]]]", '{"a":1,"a":2}',
        `{"loadId":"${ID}","loadId":"${real.loadId[0]}"}`, `${"[".repeat(5_000)}${"]".repeat(5_000)}`, "{}   ", "\t{}", '{"\\ud83d":1}', "1.", ".1", "+1",
        "0x1", "NaN", "undefined", "'x'", "{a:1}", "[1,]", "/**/1", '"\x01"', "tru", '"\x7f"', "{}]", "{}],[{}",
      ];
      for (const text of odd) {
        const session = await RawSocket.begin(t, server);
        session.send(`40/dispatch,${JSON.stringify({ token: maria.token })}`);
        await session.nextLike('42/dispatch,["stream:state"');
        session.send(`42/dispatch,1["join:load",${text}]`);
        const answered = session.nextLike("43/dispatch,1").then(
          (answer) => assert.match(answer, /bad_request|"joined":true/, text),
          () => assert.fail(`${text}: neither answered nor closed`),
        );
        await Promise.race([answered, session.end(PATIENCE)]);
        session.ws.terminate();
      }
    });

    test("names of commands that there are none of are answered", async (t) => {
      const random = generator("names");
      const { socket } = await follow(t, server, "/dispatch", { token: maria.token });
      const reserved = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
      for (let sent = 0; sent < ROUNDS[database]; sent += 1) {
        const name = random.string();
        // A name that JSON has to escape may end the connection.
        if (reserved.includes(name) || JSON.stringify(name) !== `"${name}"`) continue;
        const answer = await socket.timeout(PATIENCE).emitWithAck(name, random.number());
        assert.equal(answer.error?.code, "bad_request", `seed ${SEED}: ${shown(name)}`);
      }
    });

    test("a handshake that can't be read lets nobody in", async (t) => {
      for (const payload of [`{"token":"${maria.token}"`, `${"[".repeat(500)}${"]".repeat(500)}`, '{"token":"\\ud800"}', "\x00", "token"]) {
        const session = await RawSocket.begin(t, server);
        session.send(`40/dispatch,${payload}`);
        const outcome = await Promise.race([session.nextLike("4"), session.end().then(() => "closed")]);
        assert.match(outcome, /^(closed|44\/dispatch,)/, payload);
        session.ws.terminate();
      }
    });

    test("whatever is said at a connect, a good token lets in and no token does not", async (t) => {
      const random = generator("connect");
      const valid = { positions: "batch", cursors: { tenant: { epoch: "e", seq: 1 } } };
      for (let round = 0; round < 80; round += 1) {
        const hasToken = random.chance(0.7);
        const said = random.spoil(valid);
        if (!isReadable(said)) continue;
        const isObject = said !== null && typeof said === "object" && !Array.isArray(said);
        const auth = { ...(isObject ? said : { cursors: said }), token: hasToken ? maria.token : random.number() };
        const socket = prepare(server, random.pick(NAMESPACES), { auth });
        atEnd(t, () => socket.disconnect());
        const outcome = new Promise((resolve) => {
          socket.once("connect", () => resolve("in"));
          socket.once("connect_error", ({ message }) => resolve(JSON.parse(message).code));
        });
        const listener = new Listener(socket);
        socket.connect();
        const what = `seed ${SEED}: ${shown(auth)}`;
        assert.equal(await within(outcome, PATIENCE, what), hasToken ? "in" : "unauthorized", what);
        if (hasToken) await listener.next("stream:state", () => true, PATIENCE);
        socket.disconnect();
      }
    });

    test("and a normal move works afterwards", stillWorks);
  });

  describe(`REST on ${database}, seed ${SEED}`, () => {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [method.toUpperCase(), path, operation]),
    );
    /** Checking a password takes long, on purpose. */
    const SLOW = ["/auth/login", "/auth/password"];
    /** Bodies that are right, where a description does not tell enough. */
    const base = {
      "POST /loads": real.booking,
      "POST /auth/login": { email: "nobody@acme.test", password: "guessed" },
    };

    for (const [method, path, operation] of operations) {
      test(`${method} ${path} answers whatever it is sent`, async () => {
        const random = generator(`${method} ${path}`);
        // Whoever logs out, or ends the sessions of others, ends their own alone.
        const person = path.startsWith("/auth/") ? await logIn(server, "john") : random.pick([admin, maria]);
        const parameters = operation.parameters ?? [];
        const schema = operation.requestBody?.content["application/json"]?.schema;
        const plain = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

        const address = () => {
          const filled = path.replace(/\{[^}]+\}/g, () => {
            const [, noun] = path.match(/^\/(\w+?)s?\//) ?? [];
            const there = real[`${noun}Id`] ?? real.loadId;
            const segment = random.chance(0.8) ? random.pick([ID, ...there, ...there]) : plain(random.value({ depth: 1 })).slice(0, 2_000);
            return encodeURIComponent(segment.toWellFormed?.() ?? segment.replace(/[\ud800-\udfff]/g, "?")) || "x";
          });
          const query = new URLSearchParams();
          for (const { name, in: where, schema: of } of parameters) {
            if (where !== "query" || random.chance(0.4)) continue;
            const value = random.chance(0.5) ? random.described(of, document, real) : random.value({ depth: 1 });
            query.append(name, plain(value).slice(0, 2_000));
          }
          if (random.chance(0.1)) query.append(random.key(), random.string().slice(0, 500));
          return `${filled}?${query}`;
        };
        const body = () => {
          if (!schema && random.chance(0.8)) return undefined;
          const valid = base[`${method} ${path}`] ?? random.described(schema, document, real);
          const kind = random.next();
          if (kind < 0.15) return JSON.stringify(valid);
          if (kind < 0.75) return JSON.stringify(random.spoil(valid)) ?? "";
          if (kind < 0.9) return JSON.stringify(random.value()) ?? "";
          const text = JSON.stringify(valid) ?? "";
          return random.pick([
            text.slice(0, random.below(text.length + 1)), `${text}${text}`, text.replace(/\d+/, "1e999"), "[".repeat(20_000),
            Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22]), "", "\u0000", `\ufeff${text}`, text.replaceAll('"', "'"),
          ]);
        };

        const rounds = SLOW.includes(path) ? 40 : Math.max(30, REQUESTS / operations.length);
        for (let sent = 0; sent < rounds; sent += 10) {
          await Promise.all(
            Array.from({ length: 10 }, async () => {
              const [to, content] = [address(), method === "GET" ? undefined : body()];
              const headers = random.chance(0.1) ? { "idempotency-key": random.pick(["k", "x".repeat(3_000), ID, "\t", "é"]) } : {};
              const what = `seed ${SEED}: ${method} ${shown(to)} ${shown(content)}`;
              const options = { headers, ...(content === undefined ? {} : { body: content }) };
              const answer = await within(person.send(method, to, options), PATIENCE, what);
              assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.text}`);
              if (answer.status < 400) return;
              assert.equal(typeof answer.json?.error?.code, "string", `${what}: ${answer.status} ${answer.text}`);
              assert.notEqual(answer.json.error.code, "internal", what);
            }),
          );
        }
      });
    }

    test("and a normal move works afterwards", stillWorks);
  });
}
