// Limits of what one client may ask for: who breaks one is told so and closed, and nobody else feels it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { atEnd } from "../harness/cleanup.js";
import { as } from "../harness/client.js";
import { Polling, RawSocket } from "../harness/engine.js";
import { flood } from "../harness/flood.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { NAMESPACES, Listener, connect, follow, prepare } from "../harness/socket.js";
import { allLoads, book } from "../harness/trade.js";
import { until, within } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 10 });
const maria = await as(server, "maria");
const NONE = "01999999-9999-7999-8999-999999999999";
const CLOSED = ["io server disconnect", "transport close"];
const strict = (t, settings) => serverFor(t, { loads: 10, settings });
const codes = (answers) => answers.map(({ answer }) => answer.error?.code ?? "ok");
const times = (count, command) => Array.from({ length: count }, () => command);

describe("commands", () => {
  test("a burst is let through; more is answered rate_limited, and the socket closed, and no other", async (t) => {
    const server = await strict(t, { LIMITS__COMMANDS_PER_SECOND: 1, LIMITS__COMMAND_BURST: 20 });
    const person = await as(server, "maria");
    const load = { loadId: (await allLoads(person))[0].id };
    const open = (namespace) => connect(t, server, namespace, { token: person.token });
    const [loud, twin, other] = await Promise.all([open("/dispatch"), open("/dispatch"), open("/events")]);
    assert.deepEqual(codes(await flood(loud, times(20, ["join:load", load])).all), times(20, "ok"));

    const closed = loud.closed();
    // A busy machine may take seconds for the burst, and let some more through for them.
    const refusal = await until(async () => {
      const answer = await loud.ask("join:load", load);
      return answer.ok ? undefined : answer;
    }, "a refusal");
    assert.deepEqual(Object.keys(refusal.error), ["code", "message"]);
    assert.equal(refusal.error.code, "rate_limited");
    assert.equal(await closed, "io server disconnect");

    assert.deepEqual(codes(await flood(twin, times(20, ["join:load", load])).all), times(20, "ok"));
    assert.equal((await other.ask("nonsense", {})).error.code, "bad_request");
    assert.equal((await (await open("/dispatch")).ask("join:load", load)).ok, true, "the same person comes back");
  });

  test("who goes on sending meanwhile is told all the same, once, before the end", async (t) => {
    const server = await strict(t, { LIMITS__COMMANDS_PER_SECOND: 1, LIMITS__COMMAND_BURST: 20 });
    const { token } = await as(server, "maria");
    for (let round = 0; round < 30; round += 1) {
      const socket = await connect(t, server, "/dispatch", { token });
      const closed = socket.closed();
      const answers = codes(await flood(socket, times(60, ["nonsense", {}])).all);
      assert.ok(CLOSED.includes(await closed));
      assert.deepEqual(answers.filter((code) => code !== "bad_request"), ["rate_limited"], `round ${round}: ${answers}`);
    }
  });

  test("who keeps to the rate goes on for as long as they like", async (t) => {
    const server = await strict(t, { LIMITS__COMMANDS_PER_SECOND: 40, LIMITS__COMMAND_BURST: 5 });
    const { token } = await as(server, "maria");
    const socket = await connect(t, server, "/dispatch", { token });
    const beginning = Date.now();
    for (let sent = 1; sent <= 60; sent += 1) {
      assert.equal((await socket.ask("leave:load", { loadId: NONE })).ok, true);
      await until(() => Date.now() - beginning >= (sent * 1_000) / 40, "the time for the next");
    }
  });

  test("commands that are not understood count as well", async (t) => {
    const server = await strict(t, { LIMITS__COMMANDS_PER_SECOND: 1, LIMITS__COMMAND_BURST: 5 });
    const { token } = await as(server, "maria");
    const socket = await connect(t, server, "/dispatch", { token });
    const closed = socket.closed();
    for (let sent = 0; sent < 20; sent += 1) socket.socket.emit("nonsense", sent);
    await closed;
  });

  test("more than may wait are answered rate_limited, and the socket closed", async (t) => {
    const rates = { LIMITS__COMMANDS_PER_SECOND: 100_000, LIMITS__COMMAND_BURST: 100_000 };
    const server = await strict(t, { ...rates, LIMITS__QUEUED_COMMANDS: 3 });
    const person = await as(server, "maria");
    const load = { loadId: (await allLoads(person))[0].id };
    const open = () => connect(t, server, "/dispatch", { token: person.token });
    const [loud, calm] = await Promise.all([open(), open()]);
    const closed = loud.closed();
    const answers = await flood(loud, times(2_000, ["join:load", load])).all;
    assert.ok(CLOSED.includes(await closed));
    assert.deepEqual(codes(answers).filter((code) => code !== "ok"), ["rate_limited"]);
    assert.equal((await calm.ask("join:load", load)).ok, true);
  });

  test("two hundred pairs that are sent at once are done and answered in order", async (t) => {
    const rates = { LIMITS__COMMANDS_PER_SECOND: 1_000, LIMITS__COMMAND_BURST: 1_000, LIMITS__QUEUED_COMMANDS: 1_000 };
    // With one room only, a join that overtook the leave before it would break the limit.
    const server = await strict(t, { ...rates, LIMITS__ROOMS_PER_SOCKET: 1 });
    const person = await as(server, "maria");
    const [here, there, elsewhere] = (await allLoads(person)).map(({ id }) => ({ loadId: id }));
    const pairs = Array.from({ length: 200 }, (_, round) => (round % 2 ? here : there));
    const commands = pairs.flatMap((load) => [["join:load", load], ["leave:load", load]]);
    for (const transports of [["websocket"], ["polling"]]) {
      const socket = await connect(t, server, "/dispatch", { token: person.token, transports });
      const answers = await flood(socket, commands).all;
      assert.deepEqual(answers.map(({ index }) => index), commands.map((_, index) => index), "answers in order");
      assert.deepEqual(codes(answers), times(400, "ok"));
      assert.equal((await socket.ask("join:load", elsewhere)).ok, true, "it ended in no room");
      socket.close();

      const staying = await connect(t, server, "/dispatch", { token: person.token, transports });
      await flood(staying, [...commands, ["join:load", here]]).all;
      assert.equal((await staying.ask("join:load", here)).ok, true, "it ended in this room");
      assert.equal((await staying.ask("join:load", elsewhere)).error?.code, "rate_limited", "and in no other");
    }
  });
});

describe("connects", () => {
  const connectAll = async (t, server, people, count) => {
    const beginning = Date.now();
    const outcomes = await Promise.all(
      Array.from({ length: count }, (_, index) => attempt(t, server, people[index % people.length])),
    );
    return { outcomes, seconds: (Date.now() - beginning) / 1_000 };
  };
  /** `in`, or the code of the refusal. */
  const attempt = (t, server, person, namespace = "/dispatch") => {
    const socket = prepare(server, namespace, { token: person.token });
    atEnd(t, () => socket.disconnect());
    const outcome = new Promise((resolve) => {
      socket.once("connect", () => resolve("in"));
      socket.once("connect_error", ({ message }) => resolve(JSON.parse(message).code));
    });
    socket.connect();
    return within(outcome, 10_000, "the outcome of a connect");
  };
  const count = (outcomes, outcome) => outcomes.filter((one) => one === outcome).length;

  test("of one person: a few a second, others as before, and the same later", async (t) => {
    const server = await strict(t, { LIMITS__CONNECTS_PER_USER: 3 });
    const [maria, john] = await Promise.all([as(server, "maria"), as(server, "john")]);
    const { outcomes, seconds } = await connectAll(t, server, [maria], 20);
    assert.equal(count(outcomes, "in") + count(outcomes, "rate_limited"), 20, outcomes.join());
    assert.ok(count(outcomes, "in") >= 3, "as many as may");
    assert.ok(count(outcomes, "in") <= 3 + 3 * seconds + 1, `${count(outcomes, "in")} in ${seconds} s`);
    assert.equal(await attempt(t, server, john), "in");
    await until(async () => (await attempt(t, server, maria)) === "in", "the same person is let in later");
  });

  test("of one address: a few a second, whoever it is", async (t) => {
    const server = await strict(t, { LIMITS__CONNECTS_PER_ADDRESS: 4 });
    const people = await Promise.all(["maria", "john", "sarah", "sam", "maria@globex"].map((who) => as(server, who)));
    const { outcomes, seconds } = await connectAll(t, server, people, 20);
    assert.equal(count(outcomes, "in") + count(outcomes, "rate_limited"), 20, outcomes.join());
    assert.ok(count(outcomes, "in") >= 4, "as many as may");
    assert.ok(count(outcomes, "in") <= 4 + 4 * seconds + 1, `${count(outcomes, "in")} in ${seconds} s`);
    await until(async () => (await attempt(t, server, people[0])) === "in", "the address is let in later");
  });

  test("of an address that guesses tokens are counted, too", async (t) => {
    const server = await strict(t, { LIMITS__CONNECTS_PER_ADDRESS: 2 });
    const { outcomes } = await connectAll(t, server, [{ token: "guessed" }], 20);
    assert.equal(count(outcomes, "unauthorized") + count(outcomes, "rate_limited"), 20, outcomes.join());
    assert.ok(count(outcomes, "rate_limited") > 0, outcomes.join());
  });

  test("one connection counts once, whatever the number of its namespaces", async (t) => {
    const server = await strict(t, { LIMITS__CONNECTS_PER_USER: 1 });
    const names = ["admin", "sarah", "maria", "john", "sam", "swift", "carlos"];
    const people = await Promise.all(names.flatMap((name) => [as(server, name), as(server, `${name}@globex`)]));
    /** Opens all namespaces at once, so that none waits until another is in; gives how each was answered. */
    const openAll = async ({ token }) => {
      const socket = await RawSocket.begin(t, server);
      socket.send(...NAMESPACES.map((namespace) => `40${namespace},${JSON.stringify({ token })}`));
      const outcomes = [];
      while (outcomes.length < NAMESPACES.length) {
        const packet = await socket.nextLike("4");
        if (/^4[04]/.test(packet)) outcomes.push(packet.slice(0, 2));
      }
      socket.ws.close();
      return outcomes;
    };
    for (let round = 0; round < 4; round += 1) {
      const outcomes = (await Promise.all(people.map(openAll))).flat();
      assert.deepEqual(outcomes, times(people.length * NAMESPACES.length, "40"), `round ${round}`);
      const next = Date.now() + 1_100;
      await until(() => Date.now() > next, "the time for the next");
    }
  });

  test("namespaces that are opened later on the same connection count no more", async (t) => {
    const server = await strict(t, { LIMITS__CONNECTS_PER_USER: 1, LIMITS__CONNECTS_PER_ADDRESS: 1 });
    const { token } = await as(server, "maria");
    const first = await follow(t, server, NAMESPACES[0], { token });
    for (const namespace of NAMESPACES.slice(1)) {
      const more = new Listener(first.socket.io.socket(namespace, { auth: { token } }));
      const refused = new Promise((_, reject) => more.socket.once("connect_error", reject));
      more.socket.connect();
      await Promise.race([more.next("stream:state"), refused]);
    }
  });

  test("into namespaces are few on one connection: who goes on is refused, then ended, and holds up nobody", async (t) => {
    const server = await serverFor(t, { loads: 300 });
    const [attacker, globex] = await Promise.all([as(server, "sam"), as(server, "maria@globex")]);
    const { state } = await follow(t, server, "/dispatch", { token: attacker.token });
    const listener = await follow(t, server, "/dispatch", { token: globex.token });

    const raw = await RawSocket.begin(t, server);
    const cursors = { [state.stream]: { epoch: state.epoch, seq: Math.max(0, state.seq - 1_000) } };
    const enter = `40/dispatch,${JSON.stringify({ token: attacker.token, cursors })}`;
    const answers = [];
    raw.ws.on("message", (data) => {
      if (/^4[04]\/dispatch,/.test(data.toString())) answers.push(data.toString());
    });
    let isEnded = false;
    const ended = raw.closed.then(() => (isEnded = true));
    const over = Date.now() + 5_000;
    const attack = (async () => {
      while (!isEnded && Date.now() < over) {
        const before = answers.length;
        raw.send(enter);
        // While it is still being left, nothing is answered.
        for (let wait = 0; wait < 40 && !isEnded && answers.length === before; wait += 1) await pause(5);
        if (answers.at(-1)?.startsWith("40") && answers.length > before) raw.send("41/dispatch,");
        await pause(5);
      }
    })();
    // Meanwhile another tenant's writes are answered, and heard.
    for (let round = 0; round < 20; round += 1) {
      const load = await book(globex);
      await listener.next("load:created", ({ data }) => data.id === load.id);
    }
    await attack;
    await within(ended, 10_000, "the end of the connection");
    const refusals = answers.filter((answer) => answer.startsWith("44"));
    assert.ok(refusals.length > 0 && refusals.every((refusal) => refusal.includes("rate_limited")), refusals.join());
    assert.ok(answers.length - refusals.length <= 10 + 6, "ten at once, and one a second");
    const again = await connect(t, server, "/dispatch", { token: attacker.token });
    assert.equal((await again.ask("nonsense", {})).error.code, "bad_request", "the person may come back");
  });

  test("into a namespace that was left bring no new allowance of commands", async (t) => {
    const server = await strict(t, { LIMITS__COMMANDS_PER_SECOND: 1, LIMITS__COMMAND_BURST: 20 });
    const { token } = await as(server, "maria");
    const raw = await RawSocket.begin(t, server);
    let entries = 0;
    raw.ws.on("message", (data) => (entries += data.toString().startsWith("40/dispatch,") ? 1 : 0));
    const enter = async () => {
      const before = entries;
      await until(async () => {
        // While it is still being left, nothing is answered.
        if (entries === before) raw.send(`40/dispatch,${JSON.stringify({ token })}`);
        await pause(50);
        return entries > before;
      }, "the namespace is entered");
    };
    // Keeps the connection while the other namespace is left.
    raw.send(`40/events,${JSON.stringify({ token })}`);
    await raw.nextLike("40/events,");
    await enter();
    for (let sent = 0; sent < 20; sent += 1) raw.send(`42/dispatch,${sent}["nonsense",{}]`);
    for (let sent = 0; sent < 20; sent += 1) assert.match(await raw.nextLike("43/dispatch,"), /bad_request/);
    raw.send("41/dispatch,");
    await enter();
    const answers = [];
    for (let sent = 20; sent < 40 && !answers.includes("rate_limited"); sent += 1) {
      raw.send(`42/dispatch,${sent}["nonsense",{}]`);
      answers.push(JSON.parse((await raw.nextLike("43/dispatch,")).replace(/^[^[]*/, ""))[0].error.code);
    }
    assert.ok(answers.includes("rate_limited"), answers.join());
  });

  test("of one person at once are bounded, in each namespace, and one that leaves makes room", async (t) => {
    const server = await strict(t, { LIMITS__SOCKETS_PER_USER: 2 });
    const [maria, john] = await Promise.all([as(server, "maria"), as(server, "john")]);
    const [first] = await Promise.all([1, 2].map(() => follow(t, server, "/dispatch", { token: maria.token })));
    assert.equal(await attempt(t, server, maria), "rate_limited");
    assert.equal(await attempt(t, server, maria, "/events"), "in");
    assert.equal(await attempt(t, server, john), "in");
    first.close();
    await until(async () => (await attempt(t, server, maria)) === "in", "there is room again");
  });
});

describe("messages", () => {
  const { token } = maria;
  const LARGEST = 65_536;
  /** A command of so many bytes, which is answered as a bad request. */
  const command = (bytes) => {
    const [beginning, end] = ['42/dispatch,1["nonsense","', '"]'];
    return beginning + "x".repeat(bytes - beginning.length - end.length) + end;
  };

  for (const [transport, begin] of [["websocket", (t) => RawSocket.begin(t, server)], ["polling", () => Polling.begin(server)]]) {
    test(`of 64 KB are read, and a byte more ends the connection, over ${transport}`, async (t) => {
      const [large, other] = await Promise.all([begin(t), begin(t)]);
      for (const session of [large, other]) {
        await session.send(`40/dispatch,${JSON.stringify({ token })}`);
        await session.nextLike("40/dispatch,");
      }
      await large.send(command(LARGEST));
      assert.match(await large.nextLike("43"), /bad_request/);
      await large.send(command(LARGEST + 1));
      await large.end();
      await other.send(command(100));
      assert.match(await other.nextLike("43"), /bad_request/);
    });
  }

  test("with attachments that are large together and small each are read one by one", async (t) => {
    const session = await RawSocket.begin(t, server);
    session.send(`40/dispatch,${JSON.stringify({ token })}`);
    await session.nextLike("40/dispatch,");
    session.send('451-/dispatch,1["nonsense",{"_placeholder":true,"num":0}]', Buffer.alloc(LARGEST));
    assert.match(await session.nextLike("43"), /bad_request/);
    session.send('451-/dispatch,1["nonsense",{"_placeholder":true,"num":0}]', Buffer.alloc(LARGEST + 1));
    await session.end();
  });
});

describe("rooms", () => {
  /** A unit at a site of its own. */
  const newUnit = async (admin) => {
    const create = async (path, fields) => {
      const answer = await admin.post(path, fields);
      assert.equal(answer.status, 201, answer.text);
      return answer.json.data;
    };
    const site = await create("/sites", { name: "Joliet yard", city: "Joliet", state: "IL" });
    const range = { minTemperature: 2, maxTemperature: 8 };
    return create("/units", { siteId: site.id, name: "Reefer 12", kind: "trailer", ...range });
  };

  test("of every kind count together, each once", async (t) => {
    const server = await strict(t, { LIMITS__ROOMS_PER_SOCKET: 3 });
    const person = await as(server, "maria");
    const [load, another] = (await allLoads(person)).map(({ id }) => ({ loadId: id }));
    const unit = await newUnit(await as(server, "admin"));
    const open = () => connect(t, server, "/tracking", { token: person.token });
    const socket = await open();
    const ask = async (event, payload) => {
      const answer = await socket.ask(event, payload);
      return answer.error?.code ?? "ok";
    };
    assert.equal(await ask("join:load", load), "ok");
    assert.equal(await ask("subscribe:unit", { unitId: unit.id }), "ok");
    assert.equal(await ask("subscribe:site", { siteId: unit.siteId }), "ok");
    for (const [event, payload] of [["join:load", load], ["subscribe:unit", { unitId: unit.id }]]) {
      assert.equal(await ask(event, payload), "ok", "it is in already");
    }
    assert.equal(await ask("unsubscribe:site", { siteId: unit.siteId }), "ok");
    assert.equal(await ask("join:load", another), "ok", "there is room again");
    const closed = socket.closed();
    assert.equal(await ask("subscribe:site", { siteId: unit.siteId }), "rate_limited");
    await closed;
    assert.equal((await (await open()).ask("join:load", load)).ok, true, "a new socket begins with none");
  });

  test("that are refused do not count", async (t) => {
    const server = await strict(t, { LIMITS__ROOMS_PER_SOCKET: 1 });
    const person = await as(server, "maria");
    const socket = await connect(t, server, "/dispatch", { token: person.token });
    for (let round = 0; round < 3; round += 1) {
      assert.equal((await socket.ask("join:load", { loadId: NONE })).error.code, "not_found");
    }
    assert.equal((await socket.ask("join:load", { loadId: (await allLoads(person))[0].id })).ok, true);
  });
});
