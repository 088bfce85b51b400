// A client that does not read what it is sent is closed before it costs others anything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { Polling, RawSocket } from "../harness/engine.js";
import { assertNumbered } from "../harness/expect.js";
import { openConnections } from "../harness/metrics.js";
import { serverFor } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { book } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const strict = (t, settings) => serverFor(t, { loads: 10, settings });

/** A WebSocket client that connects to a namespace, and from then on reads nothing. */
const stopsReading = async (t, server, token) => {
  const session = await RawSocket.begin(t, server);
  session.send(`40/dispatch,${JSON.stringify({ token })}`);
  await session.nextLike('42/dispatch,["stream:state"');
  session.ws.pause();
  return session;
};

/** Somebody who changes a load again and again. What the system keeps for a client is soon full of such events. */
const worker = async (person) => {
  let load = await book(person);
  return async () => {
    const instructions = `${"Call ahead. ".repeat(150)}${load.version}`;
    const answer = await person.patch(`/loads/${load.id}`, { version: load.version, instructions });
    assert.equal(answer.status, 200, answer.text);
    load = answer.json.data;
    return load;
  };
};

test("who does not read is closed within the limit, while the others hear everything", async (t) => {
  const server = await strict(t, { LIMITS__SLOW_READER: "2s" });
  const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((who) => as(server, who)));
  const reader = await follow(t, server, "/dispatch", { token: john.token });
  await stopsReading(t, server, maria.token);
  assert.equal(await openConnections(server), 2);
  const work = await worker(sarah);
  let sent = 1;
  const step = async () => {
    const { version } = await work();
    sent += 1;
    await reader.next("load:updated", ({ data }) => data.version === version, 5_000);
  };
  const beginning = Date.now();
  while ((await openConnections(server)) > 1) {
    await step();
    assert.ok(Date.now() - beginning < 20_000, `still open after ${sent} events`);
  }
  t.diagnostic(`closed after ${sent} events, ${Date.now() - beginning} ms`);
  await step();
  assertNumbered(reader.numbered, reader.state.seq);
  assert.equal(reader.numbered.length, sent);
});

test("who polls no more is closed within the limit as well", async (t) => {
  const server = await strict(t, { LIMITS__SLOW_READER: "2s" });
  const [maria, sarah] = await Promise.all(["maria", "sarah"].map((who) => as(server, who)));
  const session = await Polling.begin(server);
  await session.send(`40/dispatch,${JSON.stringify({ token: maria.token })}`);
  await session.nextLike('42/dispatch,["stream:state"');
  await book(sarah);
  await until(async () => (await openConnections(server)) === 0, "the end of who polls no more", 15_000);
});

test("who reads slowly, but reads, is not closed", async (t) => {
  const server = await strict(t, { LIMITS__SLOW_READER: "2s" });
  const [maria, sarah] = await Promise.all(["maria", "sarah"].map((who) => as(server, who)));
  const work = await worker(sarah);
  const session = await stopsReading(t, server, maria.token);
  for (let pause = 0; pause < 4; pause += 1) {
    const beginning = Date.now();
    let last;
    while (Date.now() - beginning < 1_000) last = await work();
    session.ws.resume();
    while (!(await session.nextLike("42")).includes(`"version":${last.version},`));
    session.ws.pause();
  }
  session.ws.resume();
  session.send('42/dispatch,1["nonsense"]');
  await session.nextLike("43/dispatch,1");
});
