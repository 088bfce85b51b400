// Who loses a load at the very moment of entering its room is not in it afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { serverForThisFile } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { allLoads, bookAt, fitCarrier, step } from "../harness/trade.js";

const ROUNDS = 25;
const SOCKETS = 8;

const server = await serverForThisFile();
const [maria, sarah, swift, carlos] = await Promise.all(["maria", "sarah", "swift", "carlos"].map((who) => as(server, who)));
const office = swift.user.carrierId;

/** Changes a load; the change must succeed. */
async function patch(load, fields) {
  const answer = await maria.patch(`/loads/${load.id}`, { version: load.version, ...fields });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.data;
}

/** Reports a position that is like no other, and waits until it was told. */
let reports = 0;
async function report(load, watcher) {
  reports += 1;
  const lng = -100 - reports / 1_000;
  const answer = await maria.post("/positions", { loadId: load.id, lat: 40, lng });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.data.accepted, 1, answer.text);
  const here = ({ data }) => data.loadId === load.id && Math.abs(data.location.lng - lng) < 1e-6;
  await watcher.next("load:location:updated", here);
  return here;
}

/** All sockets go for the room while `lose` happens; what happens then, none of them hears. */
async function race(sockets, load, round, lose) {
  const delay = new Promise((resolve) => setTimeout(resolve, round % 5));
  const joining = sockets.map((socket) => socket.ask("join:load", { loadId: load.id }));
  const [answers, after] = await Promise.all([Promise.all(joining), delay.then(lose)]);
  const joined = answers.filter(({ ok }) => ok).length;
  return { joined, after };
}

/** What a socket was sent before it answered this. */
async function assertDeaf(sockets, load, here) {
  await Promise.all(sockets.map((socket) => socket.ask("leave:load", { loadId: load.id })));
  for (const { received } of sockets) {
    const heard = received.filter(({ event, payload }) => event === "load:location:updated" && here(payload));
    assert.deepEqual(heard, [], "a position of a load that is not theirs any more");
  }
}

const listen = (t, person) => follow(t, server, "/tracking", { token: person.token });

test("a driver who is relieved while entering the load's room hears no position of it", async (t) => {
  const other = (await allLoads(maria)).find(
    ({ carrier, driver }) => carrier?.id === office && driver && driver.id !== carlos.user.driverId,
  );
  const watcher = await listen(t, maria);
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => listen(t, carlos)));
  let load = await bookAt(maria, "DISPATCHED", { carrierId: office });
  let joins = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    load = await patch(load, { driverId: carlos.user.driverId });
    const { joined, after } = await race(sockets, load, round, () => patch(load, { driverId: other.driver.id }));
    joins += joined;
    load = after;
    await assertDeaf(sockets, load, await report(load, watcher));
  }
  t.diagnostic(`${joins} of ${ROUNDS * SOCKETS} were let in before`);
});

test("an office that loses a load while entering its room hears no position of it under the next carrier", async (t) => {
  const next = await fitCarrier(maria, office);
  const watcher = await listen(t, maria);
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => listen(t, swift)));
  let joins = 0;
  for (let round = 0; round < ROUNDS / 2; round += 1) {
    let load = await bookAt(maria, "TENDERED", { carrierId: office });
    const lost = () => step(sarah, load, "PENDING", "Another carrier");
    const { joined, after } = await race(sockets, load, round, lost);
    joins += joined;
    load = await patch(after, { carrierId: next });
    for (const status of ["TENDERED", "ACCEPTED", "DISPATCHED"]) load = await step(maria, load, status);
    await assertDeaf(sockets, load, await report(load, watcher));
  }
  t.diagnostic(`${joins} were let in before`);
});
