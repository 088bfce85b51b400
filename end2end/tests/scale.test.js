// Two nodes that share a PostgreSQL and a Redis are one system: whatever happens on one is seen on the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, as, logIn } from "../harness/client.js";
import { clusterForThisFile } from "../harness/cluster.js";
import { assertNumbered, eventsAfter, head } from "../harness/expect.js";
import { connect, follow, refusal } from "../harness/socket.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

/** Within this what one node does is felt on the other, on a busy machine. */
const SOON = 8_000;

const cluster = await clusterForThisFile({
  settings: { REALTIME__STATE_INTERVAL: "1s" },
});
const { balancer } = cluster;
const [a, b] = cluster.nodes;

/** The same person at another node, by the same token. */
const at = (node, { token, user }) => new Client(node, { token, user });
const people = async (...names) => Promise.all(names.map((who) => as(a, who)));
const about = (load) => (event) => [event.data?.loadId, event.data?.id].includes(load.id);

/** Follows a person's streams on a node. */
const listen = (t, node, person, namespace = "/dispatch", auth = {}) =>
  follow(t, node, namespace, { token: person.token, auth });

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

test("a message that is written on one node is heard on the other by those who take part, and by nobody else", async (t) => {
  const [maria, swift, sam] = await people("maria", "swift", "sam");
  const load = await bookAt(maria, "TENDERED", { carrierId: swift.user.carrierId });
  const aside = await maria.post("/conversations", { memberIds: [sam.user.id], title: "Aside" });
  assert.ok(aside.status < 300, aside.text);
  const [office, support] = await Promise.all([listen(t, b, swift, "/chat"), listen(t, b, sam, "/chat")]);
  const write = (conversationId, body) => maria.post(`/conversations/${conversationId}/messages`, { body });
  await write(aside.json.data.id, "Between us");
  await write(load.id, "To all");
  const said = (body) => (event) => event.data.body === body;
  await support.next("message:new", said("Between us"));
  for (const listener of [office, support]) await listener.next("message:new", said("To all"));
  assert.ok(!office.received.some(({ payload }) => payload.data?.body === "Between us"));
});

test("who opens a conversation on one node is told who has it open on the other", async (t) => {
  const [maria, john] = await people("maria", "john");
  const load = await book(maria);
  const [hers, his] = await Promise.all([listen(t, a, maria, "/chat"), listen(t, b, john, "/chat")]);
  const here = (person) => ({ data }) => data.conversationId === load.id && data.person.id === person.user.id;
  for (const socket of [hers, his]) {
    assert.deepEqual(await socket.ask("join:conversation", { conversationId: load.id }), { ok: true, joined: true });
  }
  await hers.next("presence:update", here(john));
  assert.equal((await his.ask("typing", { conversationId: load.id, typing: true })).ok, true);
  await hers.next("typing", here(john));
  assert.equal((await his.next("presence:update", here(maria))).data.present, true);
});

test("who has a conversation open on both nodes is there until both have left", async (t) => {
  const [maria, john] = await people("maria", "john");
  const load = await book(maria);
  const conversation = { conversationId: load.id };
  const watcher = await listen(t, a, john, "/chat");
  const [first, second] = await Promise.all([listen(t, a, maria, "/chat"), listen(t, b, maria, "/chat")]);
  for (const socket of [watcher, first, second]) assert.equal((await socket.ask("join:conversation", conversation)).ok, true);
  const gone = ({ data }) => data.conversationId === load.id && data.person.id === maria.user.id && !data.present;
  await second.ask("leave:conversation", conversation);
  // What was told of that has come before what is told now.
  await first.ask("typing", { ...conversation, typing: true });
  await watcher.next("typing", ({ data }) => data.conversationId === load.id);
  assert.ok(!watcher.received.some(({ event, payload }) => event === "presence:update" && gone(payload)), "she is still there");
  await first.ask("leave:conversation", conversation);
  await watcher.next("presence:update", gone);
});

test("a notification reaches the person's sockets on both nodes, and its reading does, too", async (t) => {
  const [maria] = await people("maria");
  const boss = await logIn(a, "admin");
  const sockets = await Promise.all([a, b].map((node) => listen(t, node, maria, "/notifications")));
  const wish = { userIds: [maria.user.id], type: "info", title: "Over two nodes", message: "Look" };
  assert.ok((await boss.post("/notifications", wish)).status < 300);
  const [here, there] = await Promise.all(sockets.map((socket) => socket.next("notification:new")));
  assert.deepEqual(here, there);
  await sockets[1].ask("notification:read", { id: here.data.id });
  for (const socket of sockets) await socket.next("notification:read", ({ data }) => data.id === here.data.id);
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
