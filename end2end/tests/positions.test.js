// Positions from a driver's phone to those who watch: who hears of them, how often, and never an older place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { serverForThisFile } from "../harness/server.js";
import { connect, follow } from "../harness/socket.js";
import { allLoads, book, step } from "../harness/trade.js";

const server = await serverForThisFile();
const [maria, carlos, stranger] = await Promise.all(["maria", "carlos", "maria@globex"].map((who) => as(server, who)));
const own = (await allLoads(carlos)).find((load) => load.carrier && load.driver);

/** A load that carlos drives, in transit. */
async function driven() {
  let load = await book(maria, { carrierId: own.carrier.id });
  const patched = await maria.patch(`/loads/${load.id}`, { version: load.version, driverId: own.driver.id });
  assert.equal(patched.status, 200, patched.text);
  load = patched.json.data;
  for (const next of ["PENDING", "TENDERED", "ACCEPTED", "DISPATCHED", "AT_PICKUP", "PICKED_UP", "IN_TRANSIT"]) {
    load = await step(maria, load, next);
  }
  return load;
}

const place = (load, lat, fields = {}) => ({ loadId: load.id, lat, lng: -90, ...fields });
const of = (load) => (envelope) => envelope.data.loadId === load.id;

test("a driver's position is stored, answered, and told to those who see the load, once each", async (t) => {
  const load = await driven();
  const [watching, batching, foreign, phone] = await Promise.all([
    follow(t, server, "/tracking", { token: maria.token }),
    follow(t, server, "/tracking", { token: maria.token, auth: { positions: "batch" } }),
    follow(t, server, "/tracking", { token: stranger.token }),
    follow(t, server, "/tracking", { token: carlos.token }),
  ]);
  // Twice in a room that hears of it; told once all the same.
  assert.deepEqual(await watching.ask("join:load", { loadId: load.id }), { ok: true, joined: true });
  const answer = await phone.ask("location:update", place(load, 40, { heading: 90, speed: 61.5 }));
  assert.deepEqual(answer, { ok: true, received: true });
  const stored = await maria.data(`/operations/tracking/positions/${load.id}`);
  assert.deepEqual(stored.location, { lat: 40, lng: -90 });
  assert.equal(stored.source, "driver");

  const single = await watching.next("load:location:updated", of(load));
  const { eta, ...told } = single.data;
  const { eta: storedEta, ...expected } = stored;
  assert.deepEqual(told, expected);
  assert.ok(Math.abs(Date.parse(eta) - Date.parse(storedEta)) < 5_000);
  assert.deepEqual([single.stream, single.epoch, single.seq], [null, null, null]);
  const batch = await batching.next("load:location:batch");
  assert.deepEqual(batch.data.positions, [single.data]);
  assert.deepEqual((await phone.next("load:location:updated", of(load))).data, single.data);

  // What was told of another load shows that nothing else was on its way.
  const next = await driven();
  assert.equal((await phone.ask("location:update", place(next, 41))).ok, true);
  for (const listener of [watching, phone]) await listener.next("load:location:updated", of(next));
  await batching.next("load:location:batch");
  const count = (listener, name) => listener.received.filter(({ event }) => event === name).length;
  assert.equal(count(watching, "load:location:updated"), 2);
  assert.equal(count(watching, "load:location:batch"), 0);
  assert.equal(count(batching, "load:location:updated"), 0);
  assert.equal(count(phone, "load:location:updated"), 2);
  assert.equal(foreign.received.filter(({ event }) => event.startsWith("load:")).length, 0);
});

test("a hundred changes make few frames, and the last place is told", async (t) => {
  const load = await driven();
  const watching = await follow(t, server, "/tracking", { token: maria.token });
  const begun = Date.now();
  const phone = await connect(t, server, "/tracking", { token: carlos.token });
  for (let n = 0; n < 90; n += 1) {
    const report = place(load, 40 + n / 100_000, { recordedAt: new Date(begun + n).toISOString() });
    assert.deepEqual(await phone.ask("location:update", report), { ok: true, received: true });
  }
  await watching.next("load:location:updated", ({ data }) => data.location.lat === 40 + 89 / 100_000);
  const frames = watching.received.filter(({ event }) => event === "load:location:updated");
  const most = (Date.now() - begun) / 250 + 2;
  assert.ok(frames.length <= most, `${frames.length} frames, at most ${most}`);
  const times = frames.map(({ payload }) => Date.parse(payload.data.recordedAt));
  assert.deepEqual(times, [...new Set(times)].sort((a, b) => a - b), "never an older place");
});

test("what can't be true is refused over the socket with the reason", async (t) => {
  const load = await driven();
  const phone = await connect(t, server, "/tracking", { token: carlos.token });
  const foreign = await connect(t, server, "/tracking", { token: stranger.token });
  for (const [socket, report, code] of [
    [phone, place(load, 91), "bad_request"],
    [phone, place(load, 40, { speed: 300 }), "bad_request"],
    [phone, { loadId: load.id, lat: 40 }, "bad_request"],
    [foreign, place(load, 40), "not_found"],
  ]) {
    const { ok, error } = await socket.ask("location:update", report);
    assert.deepEqual([ok, error.code], [false, code], error.message);
    assert.ok(error.message.length > 10);
  }
  assert.equal((await maria.get(`/operations/tracking/positions/${load.id}`)).status, 404);
});
