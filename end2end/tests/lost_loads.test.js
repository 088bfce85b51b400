// Who loses a load at the very moment of entering its room is not in it afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { serverForThisFile } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { allLoads, bookAt, fitCarrier, step } from "../harness/trade.js";

/** Many, since the moment is short. */
const SOCKETS = 16;
const ROUNDS = { driver: 60, office: 25, talk: 150 };

const server = await serverForThisFile({ settings: { LIMITS__COMMANDS_PER_SECOND: 10_000, LIMITS__COMMAND_BURST: 10_000 } });
const [maria, sarah, swift, carlos] = await Promise.all(["maria", "sarah", "swift", "carlos"].map((who) => as(server, who)));
const office = swift.user.carrierId;
const otherDriver = (await allLoads(maria))
  .filter(({ carrier }) => carrier?.id === office)
  .find(({ driver }) => driver && driver.id !== carlos.user.driverId).driver.id;

const listen = (t, person, namespace) => follow(t, server, namespace, { token: person.token });
const crowd = (t, person, namespace) => Promise.all(Array.from({ length: SOCKETS }, () => listen(t, person, namespace)));

/** Changes a load; the change must succeed. */
async function patch(load, fields) {
  const answer = await maria.patch(`/loads/${load.id}`, { version: load.version, ...fields });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.data;
}

/** How long losing a load took the last time: some sockets come before it begins, some while it happens. */
let lasts = 20;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

/**
 * All sockets `enter` one after the other while `lose` happens. Gives the load as it is once `witness`, a socket of the
 * same person, was told that it is gone: whoever was in its room then was led out.
 */
async function race(sockets, witness, enter, lose) {
  const head = lasts / 2;
  const losing = pause(head).then(async () => {
    const begun = performance.now();
    return lose().finally(() => (lasts = performance.now() - begun));
  });
  const entering = sockets.map(async (socket) => {
    await pause((head + lasts) * Math.random());
    return socket.ask(...enter);
  });
  const [answers, load] = await Promise.all([Promise.all(entering), losing]);
  await witness.next("load:deleted", ({ data }) => data.loadId === load.id && data.version === load.version);
  entered += answers.filter(({ ok }) => ok).length;
  refused += answers.filter(({ ok }) => !ok).length;
  return load;
}

let entered = 0;
let refused = 0;
function assertBothHappened(t) {
  t.diagnostic(`${entered} entered in time, ${refused} did not`);
  assert.ok(entered > 0 && refused > 0, "some came in time, and some did not");
  [entered, refused] = [0, 0];
}

/** Reports a position that is like no other, and waits until it was told. Gives how to know it. */
let reports = 0;
async function report(load, watcher) {
  reports += 1;
  const lng = -100 - reports / 1_000;
  const answer = await maria.post("/positions", { loadId: load.id, lat: 40, lng });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.data.accepted, 1, answer.text);
  const isIt = ({ data }) => data.loadId === load.id && Math.abs(data.location.lng - lng) < 1e-6;
  await watcher.next("load:location:updated", isIt);
  return isIt;
}

/** None of the sockets was sent such an event before it answered this. */
async function assertDeaf(sockets, ask, name, isIt, what) {
  await Promise.all(sockets.map((socket) => socket.ask(...ask)));
  const heard = sockets.filter(({ received }) => received.some(({ event, payload }) => event === name && isIt(payload)));
  assert.equal(heard.length, 0, `${heard.length} of ${SOCKETS} sockets hear ${what} of a load that is not theirs any more`);
}

test("a driver who is relieved while entering the load's room hears no position of it", async (t) => {
  const [watcher, witness, sockets] = [
    await listen(t, maria, "/tracking"),
    await listen(t, carlos, "/dispatch"),
    await crowd(t, carlos, "/tracking"),
  ];
  let load = await bookAt(maria, "DISPATCHED", { carrierId: office });
  for (let round = 0; round < ROUNDS.driver; round += 1) {
    const seated = await patch(load, { driverId: carlos.user.driverId });
    const relieve = () => patch(seated, { driverId: otherDriver });
    load = await race(sockets, witness, ["join:load", { loadId: load.id }], relieve);
    const isIt = await report(load, watcher);
    await assertDeaf(sockets, ["leave:load", { loadId: load.id }], "load:location:updated", isIt, "a position");
  }
  assertBothHappened(t);
});

test("an office that loses a load while entering its room hears no position of it under the next carrier", async (t) => {
  const next = await fitCarrier(maria, office);
  const [watcher, witness, sockets] = [
    await listen(t, maria, "/tracking"),
    await listen(t, swift, "/dispatch"),
    await crowd(t, swift, "/tracking"),
  ];
  for (let round = 0; round < ROUNDS.office; round += 1) {
    const tendered = await bookAt(maria, "TENDERED", { carrierId: office });
    const takeBack = () => step(sarah, tendered, "PENDING", "Another carrier");
    let load = await race(sockets, witness, ["join:load", { loadId: tendered.id }], takeBack);
    load = await patch(load, { carrierId: next });
    for (const status of ["TENDERED", "ACCEPTED", "DISPATCHED"]) load = await step(maria, load, status);
    const isIt = await report(load, watcher);
    await assertDeaf(sockets, ["leave:load", { loadId: load.id }], "load:location:updated", isIt, "a position");
  }
  assertBothHappened(t);
});

test("a driver who is relieved while entering the load's conversation hears nobody write in it", async (t) => {
  const [writer, witness, sockets] = [
    await listen(t, maria, "/chat"),
    await listen(t, carlos, "/dispatch"),
    await crowd(t, carlos, "/chat"),
  ];
  let load = await bookAt(maria, "DISPATCHED", { carrierId: office });
  const conversation = { conversationId: load.id };
  assert.equal((await writer.ask("join:conversation", conversation)).ok, true);
  for (let round = 0; round < ROUNDS.talk; round += 1) {
    const seated = await patch(load, { driverId: carlos.user.driverId });
    const relieve = () => patch(seated, { driverId: otherDriver });
    load = await race(sockets, witness, ["join:conversation", conversation], relieve);
    const before = new Map(sockets.map((socket) => [socket, socket.received.length]));
    // By turns, since who goes on doing the same is not told of each time.
    assert.equal((await writer.ask("typing", { ...conversation, typing: round % 2 === 0 })).ok, true);
    await Promise.all(sockets.map((socket) => socket.ask("leave:conversation", conversation)));
    const heard = sockets.filter((socket) => {
      return socket.received.slice(before.get(socket)).some(({ event }) => event === "typing");
    });
    assert.equal(heard.length, 0, `${heard.length} of ${SOCKETS} sockets hear maria write, in round ${round}`);
  }
  assertBothHappened(t);
});
