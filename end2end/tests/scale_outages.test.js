// Nodes that are killed, and a Redis that goes and comes: each node goes on by itself, and nothing is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, as, logIn } from "../harness/client.js";
import { clusterForThisFile } from "../harness/cluster.js";
import { assertNumbered } from "../harness/expect.js";
import { send } from "../harness/http.js";
import { follow } from "../harness/socket.js";
import { book } from "../harness/trade.js";
import { until } from "../harness/wait.js";

/** What needs no look into the database, and what may need one or two, on a busy machine. */
const AT_ONCE = 2_000;
const SOON = 8_000;

const { nodes, redis } = await clusterForThisFile({
  settings: { REALTIME__STATE_INTERVAL: "1s", REALTIME__PRESENCE_GRACE: "1s" },
});
const [a, b] = nodes;

/** The same person at another node, by the same token. */
const at = (node, { token, user }) => new Client(node, { token, user });
const people = async (...names) => Promise.all(names.map((who) => as(a, who)));
const about = (load) => (event) => [event.data?.loadId, event.data?.id].includes(load.id);

/** Follows a person's streams on a node. */
const listen = (t, node, person, namespace = "/dispatch", auth = {}) =>
  follow(t, node, namespace, { token: person.token, auth });

/** Whether a node says that it reaches the others. */
async function relayOf(node) {
  const [ready, metrics] = await Promise.all([send(`${node.url}/readyz`), send(`${node.url}/metrics`)]);
  return { status: ready.status, redis: ready.json.redis, up: /^headhaul_relay_up (\S+)$/m.exec(metrics.text)?.[1] };
}

const UP = { status: 200, redis: "ok", up: "1" };
const DOWN = { status: 503, redis: "unreachable", up: "0" };

async function untilRelay(node, state) {
  let now;
  const fits = async () => JSON.stringify((now = await relayOf(node))) === JSON.stringify(state);
  await until(fits, `relay ${JSON.stringify(state)}`, 20_000).catch((error) => {
    throw new Error(`${error.message}; it is ${JSON.stringify(now)}`);
  });
}

/** Who is online, as a person is told on a node. */
async function online(listener) {
  const { ok, users } = await listener.ask("presence:list", {});
  assert.equal(ok, true);
  return users.map(({ person }) => person.id);
}

const of = (person) => (event) => event.data.userId === person.user.id;

test("a person is online once over both nodes, and offline after the last socket and the grace", async (t) => {
  const [maria, sam] = await people("maria", "sam");
  const watchers = [await listen(t, a, maria, "/events"), await listen(t, b, maria, "/events")];
  const first = await listen(t, a, sam, "/events");
  for (const watcher of watchers) await watcher.next("user:online", of(sam));
  const second = await listen(t, b, sam, "/events");
  for (const watcher of watchers) {
    await until(async () => (await online(watcher)).includes(sam.user.id), "sam among those online");
  }
  first.close();
  // Longer than the grace: a person whose other socket stands is not told to be gone.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  for (const watcher of watchers) {
    assert.ok((await online(watcher)).includes(sam.user.id));
    const told = watcher.received.filter(({ event, payload }) => /^user:o/.test(event) && of(sam)(payload));
    assert.deepEqual(told.map(({ event }) => event), ["user:online"]);
  }
  second.close();
  for (const watcher of watchers) {
    await watcher.next("user:offline", of(sam));
    assert.ok(!(await online(watcher)).includes(sam.user.id));
  }
});

test("the people of a node that is killed go offline, and come back with it", async (t) => {
  const [maria, sam, sarah] = await people("maria", "sam", "sarah");
  const watcher = await listen(t, a, maria, "/events");
  const [gone, stays] = [await listen(t, b, sam, "/events"), await listen(t, b, sarah, "/events")];
  await watcher.next("user:online", of(sam));
  await watcher.next("user:online", of(sarah));
  const ends = Promise.all([gone.closed(), stays.closed()]);
  await b.kill();
  await ends;
  // One of the two is back at once, at the other node, and never was away.
  const back = await listen(t, a, sarah, "/events");
  await watcher.next("user:offline", of(sam), 30_000);
  assert.ok((await online(watcher)).includes(sarah.user.id));
  assert.ok(!watcher.received.some(({ event, payload }) => event === "user:offline" && of(sarah)(payload)));
  await b.restart();
  await listen(t, b, sam, "/events");
  await watcher.next("user:online", of(sam));
  back.close();
});

test("what was said while Redis was away for a blink is looked for as soon as it is back", async (t) => {
  const [maria, john] = await people("maria", "john");
  for (const node of [a, b]) await untilRelay(node, UP);
  const there = await listen(t, b, maria);
  for (let round = 0; round < 3; round += 1) {
    await redis.stop();
    const load = await book(john);
    await redis.start();
    await there.next("load:created", about(load), SOON);
  }
});

test("without Redis each node serves its own at once, the other's soon, and says so; then all is up again", async (t) => {
  const [maria, john] = await people("maria", "john");
  for (const node of [a, b]) await untilRelay(node, UP);
  const [here, there] = [await listen(t, a, maria), await listen(t, b, maria)];
  await redis.stop();
  // Before anybody has noticed: nothing may hang on the dead Redis.
  const unnoticed = await book(john);
  await here.next("load:created", about(unnoticed), AT_ONCE);
  for (const node of [a, b]) await untilRelay(node, DOWN);
  for (let round = 0; round < 3; round += 1) {
    const load = await book(john);
    await here.next("load:created", about(load), AT_ONCE);
    await there.next("load:created", about(load), SOON);
    const other = await book(at(b, john));
    await there.next("load:created", about(other), AT_ONCE);
    await here.next("load:created", about(other), SOON);
  }
  const leaving = await logIn(a, "john");
  const closing = await listen(t, b, leaving);
  const end = closing.closed(SOON);
  await leaving.post("/auth/logout");
  await end;

  await redis.start();
  for (const node of [a, b]) await untilRelay(node, UP);
  const load = await book(john);
  await there.next("load:created", about(load), SOON);
  for (const listener of [here, there]) {
    assert.ok(listener.socket.connected, "its sockets stayed");
    assertNumbered(listener.numbered, listener.state.seq);
  }
  assert.deepEqual(here.numbered.slice(0, there.numbered.length), there.numbered.slice(0, here.numbered.length));
});

test("a node starts without Redis, serves, and joins the others once it is there", async (t) => {
  const [maria, john] = await people("maria", "john");
  await redis.stop();
  await b.restart("/healthz");
  const { status, redis: said } = await relayOf(b);
  assert.deepEqual([status, said], [503, "unreachable"]);
  const there = await listen(t, b, maria);
  const load = await book(at(b, john));
  await there.next("load:created", about(load), AT_ONCE);
  const other = await book(john);
  await there.next("load:created", about(other), SOON);
  await redis.start();
  for (const node of [a, b]) await untilRelay(node, UP);
  const joined = await book(john);
  await there.next("load:created", about(joined), SOON);
  assertNumbered(there.numbered, there.state.seq);
});

test("a node that never reached Redis says so in its metrics, too", async () => {
  await redis.stop();
  await b.restart("/healthz");
  await untilRelay(b, DOWN);
  await redis.start();
  for (const node of [a, b]) await untilRelay(node, UP);
});
