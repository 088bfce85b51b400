// Two nodes that share a PostgreSQL and a Redis are one system: whatever happens on one is seen on the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, as, logIn } from "../harness/client.js";
import { clusterForThisFile } from "../harness/cluster.js";
import { assertNumbered, eventsAfter, head } from "../harness/expect.js";
import { send } from "../harness/http.js";
import { connect, follow, refusal } from "../harness/socket.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

/** What needs no look into the database, and what may need one or two, on a busy machine. */
const AT_ONCE = 2_000;
const SOON = 8_000;

const cluster = await clusterForThisFile({
  settings: { REALTIME__STATE_INTERVAL: "1s", REALTIME__PRESENCE_GRACE: "1s" },
});
const { redis, balancer } = cluster;
const [a, b] = cluster.nodes;

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

test("what is changed on one node is told on the other, in order and without a gap", async (t) => {
  const [maria, john, sarah] = await people("maria", "john", "sarah");
  const [hers, manager] = await Promise.all([listen(t, b, maria), listen(t, b, sarah)]);
  let load = await book(john);
  for (let turn = 0; turn < 30; turn += 1) {
    const answer = await john.patch(`/loads/${load.id}`, { version: load.version, hot: turn % 2 === 0 });
    assert.equal(answer.status, 200, answer.text);
    load = answer.json.data;
  }
  for (const listener of [hers, manager]) {
    await listener.next("load:updated", (event) => about(load)(event) && event.data.version === load.version);
    assertNumbered(listener.numbered, listener.state.seq);
  }
  assert.deepEqual(hers.numbered, await eventsAfter(at(b, maria), hers.state));
});

test("both nodes write to one tenant, and everybody sees one order without a gap", async (t) => {
  const [maria, john, sarah, sam] = await people("maria", "john", "sarah", "sam");
  const place = await head(maria);
  const listeners = await Promise.all([[a, maria], [b, john], [a, sam], [b, sam]].map(([node, who]) => listen(t, node, who)));
  const write = async (person) => {
    let load = await book(person);
    for (let turn = 0; turn < 25; turn += 1) {
      const answer = await person.patch(`/loads/${load.id}`, { version: load.version, hot: turn % 2 === 0 });
      assert.equal(answer.status, 200, answer.text);
      load = answer.json.data;
    }
  };
  await Promise.all([john, at(b, john), sarah, at(b, maria)].map(write));
  const stored = await eventsAfter(maria, place, 1_000);
  assertNumbered(stored, place.seq);
  for (const listener of listeners) {
    await until(() => listener.numbered.at(-1)?.seq === stored.at(-1).seq, "the last event");
    const since = stored.filter(({ seq }) => seq > listener.state.seq);
    assert.deepEqual(listener.numbered, since, "one order for all");
  }
});

test("a carrier's office on one node hears of what is offered to it on the other", async (t) => {
  const [maria, swift] = await people("maria", "swift");
  const office = await listen(t, b, swift);
  const load = await bookAt(maria, "TENDERED", { carrierId: swift.user.carrierId });
  await office.next("carrier:load:assigned", about(load));
  await step(at(b, swift), load, "ACCEPTED");
  await office.next("load:status:changed", (event) => about(load)(event) && event.data.newStatus === "ACCEPTED");
  assertNumbered(office.numbered, office.state.seq);
});

test("a token of one node opens the doors of the other", async (t) => {
  const maria = await logIn(a, "maria");
  assert.equal((await at(b, maria).data("/auth/me")).id, maria.user.id);
  const john = await logIn(b, "john");
  assert.equal((await at(a, john).data("/auth/me")).id, john.user.id);
  await Promise.all([listen(t, b, maria), listen(t, a, john)]);
});

test("a logout on one node closes the sockets of that login on the other, and no other's", async (t) => {
  const [leaving, staying] = [await logIn(a, "john"), await logIn(a, "john")];
  const closing = await Promise.all(["/dispatch", "/events"].map((namespace) => listen(t, b, leaving, namespace)));
  const open = await listen(t, b, staying);
  const ends = Promise.all(closing.map((listener) => listener.closed(SOON)));
  await leaving.post("/auth/logout");
  await ends;
  assert.equal(await refusal(t, b, "/dispatch", { token: leaving.token }), "unauthorized");
  assert.equal((await at(b, leaving).get("/auth/me")).status, 401);
  assert.ok(open.socket.connected);
});

test("a new password on one node closes all sockets of the person on both but those that follow", async (t) => {
  const others = await logIn(a, "admin");
  const changing = await logIn(b, "admin");
  const closing = await Promise.all([listen(t, a, others), listen(t, b, others), listen(t, a, changing)]);
  const bystander = await listen(t, a, await as(a, "maria"));
  const ends = Promise.all(closing.map((listener) => listener.closed(SOON)));
  const wish = { currentPassword: b.password, newPassword: "another-good-one" };
  const answer = await changing.post("/auth/password", wish);
  assert.equal(answer.status, 200, answer.text);
  await ends;
  for (const node of [a, b]) assert.equal(await refusal(t, node, "/dispatch", { token: others.token }), "unauthorized");
  await listen(t, a, { token: answer.json.data.token });
  assert.ok(bystander.socket.connected);
});

test("who comes back to the other node is sent what was missed", async (t) => {
  const [maria, john] = await people("maria", "john");
  const first = await listen(t, a, maria);
  first.close();
  const load = await bookAt(john, "ACCEPTED");
  const { stream, epoch, seq } = first.state;
  const back = await listen(t, b, maria, "/dispatch", { cursors: { [stream]: { epoch, seq } } });
  const stored = await eventsAfter(maria, first.state);
  assert.equal(back.state.recovered, true);
  assert.deepEqual(back.numbered.slice(0, stored.length), stored);
  assert.ok(back.numbered.some(about(load)));
});

test("a place that one node's snapshot names is known to the other at once", async (t) => {
  const [maria] = await people("maria");
  for (let round = 0; round < 10; round += 1) {
    await book(maria);
    const { stream, epoch, seq } = await head(maria);
    const marker = book(maria);
    const listener = await listen(t, b, maria, "/dispatch", { cursors: { [stream]: { epoch, seq } } });
    assert.equal(listener.state.recovered, true, `round ${round}`);
    const { id } = await marker;
    await listener.next("load:created", ({ data }) => data.id === id);
    const fresh = listener.numbered.filter((event) => event.seq > seq);
    assertNumbered(fresh, seq);
    listener.close();
  }
});

test("clients of the balancer are spread over the nodes, and all that is cut comes back", async (t) => {
  const [maria, john] = await people("maria", "john");
  const listeners = [];
  for (let n = 0; n < 4; n += 1) listeners.push(await listen(t, cluster, maria));
  for (const { port } of [a, b]) assert.ok(balancer.carried.get(port) >= 2, `connections to ${port}`);
  const ends = Promise.all(listeners.map((listener) => listener.closed()));
  balancer.cutAll();
  await ends;
  await bookAt(john, "PENDING");
  for (const { state: { stream, epoch, seq } } of listeners) {
    const back = await listen(t, cluster, maria, "/dispatch", { cursors: { [stream]: { epoch, seq } } });
    assert.equal(back.state.recovered, true);
    assertNumbered(back.numbered, seq);
    assert.ok(back.numbered.length >= 2);
  }
});

test("who watches a load on one node sees the positions that are reported on the other", async (t) => {
  const [maria, swift, carlos] = await people("maria", "swift", "carlos");
  const planned = await book(maria, { carrierId: swift.user.carrierId });
  const seated = await maria.patch(`/loads/${planned.id}`, { version: 1, driverId: carlos.user.driverId });
  let load = seated.json.data;
  for (const status of ["PENDING", "TENDERED", "ACCEPTED", "DISPATCHED"]) load = await step(maria, load, status);
  const [watcher, office, cab] = [
    await listen(t, b, maria, "/tracking"),
    await listen(t, b, swift, "/tracking"),
    await listen(t, a, carlos, "/tracking"),
  ];
  for (const listener of [watcher, office]) {
    assert.deepEqual(await listener.ask("join:load", { loadId: load.id }), { ok: true, joined: true });
  }
  const report = { loadId: load.id, lat: 41.25, lng: -95.93, heading: 90, speed: 55 };
  assert.deepEqual(await cab.ask("location:update", report), { ok: true, received: true });
  for (const listener of [watcher, office]) {
    const event = await listener.next("load:location:updated", about(load));
    assert.deepEqual(event.data.location, { lat: 41.25, lng: -95.93 });
    assert.deepEqual([event.stream, event.epoch, event.seq], [null, null, null]);
  }
});

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
