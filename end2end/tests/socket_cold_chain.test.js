// The cold chain over the socket: hearing readings by site and unit, asking for the newest, reporting, and alerts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { DATABASES, serverFor, serverForThisFile } from "../harness/server.js";
import { follow } from "../harness/socket.js";

const server = await serverForThisFile();
const names = ["admin", "maria", "sam", "swift", "carlos", "admin@globex"];
const [admin, maria, sam, swift, carlos, globex] = await Promise.all(names.map((who) => as(server, who)));
const UNKNOWN = "01999999-9999-7999-8999-999999999999";
const MINUTE = 60_000;
const ago = (minutes) => new Date(Date.now() - minutes * MINUTE).toISOString();

async function post(person, path, body, status = 201) {
  const answer = await person.post(path, body);
  assert.equal(answer.status, status, answer.text);
  return answer.json.data;
}

/** A site, and at it a unit that keeps to 2 to 8 degrees. */
async function newUnit(admin, changes = {}) {
  const site = await post(admin, "/sites", { name: "Joliet yard", city: "Joliet", state: "IL" });
  const range = { minTemperature: 2, maxTemperature: 8 };
  return post(admin, "/units", { siteId: site.id, name: "Reefer 12", kind: "trailer", ...range, ...changes });
}

const open = (t, person) => follow(t, server, "/tracking", { token: person.token });

function refusedWith(answer, code) {
  assert.equal(answer.ok, false, JSON.stringify(answer));
  assert.equal(answer.error.code, code, answer.error.message);
}

test("a reading that is reported is answered once it is stored, and is the newest", async (t) => {
  const unit = await newUnit(admin);
  const socket = await open(t, maria);
  for (const named of [unit.id, { unitId: unit.id }]) {
    assert.deepEqual(await socket.ask("get:latest", named), { ok: true, reading: null });
  }
  const report = { unitId: unit.id, deviceId: "probe-7", temperature: 0, battery: 80, recordedAt: ago(5) };
  assert.deepEqual(await socket.ask("sensor:reading", report), { ok: true, received: true });
  const [stored] = await maria.data(`/units/${unit.id}/readings`);
  const { id, ...measured } = stored;
  assert.deepEqual(measured, { ...report, source: "socket" });
  assert.deepEqual(await socket.ask("get:latest", unit.id), { ok: true, reading: stored });
  // Sent again it is received again; a late one is not the newest.
  assert.deepEqual(await socket.ask("sensor:reading", report), { ok: true, received: true });
  assert.deepEqual(await socket.ask("sensor:reading", { ...report, recordedAt: ago(9) }), { ok: true, received: true });
  assert.equal((await socket.ask("get:latest", unit.id)).reading.id, id);
  assert.equal((await maria.data(`/units/${unit.id}/readings`)).length, 2);
});

test("who watches a site and a unit of it hears each reading once", async (t) => {
  const [unit, other] = [await newUnit(admin), await newUnit(admin)];
  const socket = await open(t, sam);
  assert.deepEqual(await socket.ask("subscribe:site", { siteId: unit.siteId }), { ok: true, subscribed: true });
  assert.deepEqual(await socket.ask("subscribe:unit", { unitId: unit.id }), { ok: true, subscribed: true });
  const path = `/units/${unit.id}/readings`;
  await post(maria, `/units/${other.id}/readings`, { temperature: 5 }, 200);
  await post(maria, path, { temperature: 5, recordedAt: ago(9) }, 200);
  const single = await socket.next("sensor:reading");
  assert.deepEqual(single.data, (await maria.data(path))[0]);
  assert.deepEqual([single.stream, single.epoch, single.seq], [null, null, null]);

  const series = [8, 7, 9].map((minutes) => ({ temperature: minutes, recordedAt: ago(minutes) }));
  series[2].recordedAt = single.data.recordedAt;
  assert.deepEqual(await post(maria, path, series, 200), { accepted: 3, refused: [] });
  const { data } = await socket.next("sensor:readings:batch");
  assert.deepEqual([data.unitId, data.count], [unit.id, 2]);
  // Oldest first, and without the one that was there.
  assert.deepEqual(data.readings.map(({ temperature }) => temperature), [8, 7]);

  assert.deepEqual(await socket.ask("unsubscribe:unit", { unitId: unit.id }), { ok: true, unsubscribed: true });
  await post(maria, path, { temperature: 6, recordedAt: ago(3) }, 200);
  await socket.next("sensor:reading", (event) => event.data.temperature === 6);
  assert.deepEqual(await socket.ask("unsubscribe:site", { siteId: unit.siteId }), { ok: true, unsubscribed: true });
  await post(maria, path, { temperature: 7, recordedAt: ago(2) }, 200);
  assert.deepEqual(await socket.ask("subscribe:site", { siteId: unit.siteId }), { ok: true, subscribed: true });
  await post(maria, path, { temperature: 8, recordedAt: ago(1) }, 200);
  await socket.next("sensor:reading", (event) => event.data.temperature === 8);
  const heard = socket.received.filter(({ event }) => event === "sensor:reading");
  assert.deepEqual(heard.map(({ payload }) => payload.data.temperature), [5, 6, 8]);
  assert.equal(socket.received.filter(({ event }) => event === "sensor:readings:batch").length, 1);
});

test("what is not one's own, or not there, is not found; what one may not is forbidden", async (t) => {
  const unit = await newUnit(admin);
  for (const [person, unitId, siteId] of [
    [maria, UNKNOWN, UNKNOWN],
    [globex, unit.id, unit.siteId],
    [swift, unit.id, unit.siteId],
    [carlos, unit.id, unit.siteId],
  ]) {
    const socket = await open(t, person);
    refusedWith(await socket.ask("subscribe:unit", { unitId }), "not_found");
    refusedWith(await socket.ask("subscribe:site", { siteId }), "not_found");
    refusedWith(await socket.ask("get:latest", unitId), "not_found");
    refusedWith(await socket.ask("sensor:reading", { unitId, temperature: 5 }), "not_found");
  }
  const socket = await open(t, sam);
  refusedWith(await socket.ask("sensor:reading", { unitId: unit.id, temperature: 5 }), "forbidden");
  const bad = await (await open(t, maria)).ask("sensor:reading", { unitId: unit.id, temperature: 101 });
  refusedWith(bad, "bad_request");
  assert.equal(bad.error.message, "temperature takes -90 to 100 degrees Celsius.");
  assert.deepEqual(await maria.data(`/units/${unit.id}/readings`), []);
});

for (const database of DATABASES) {
  test(`alerts reach the staff by their number and survive the server on ${database}`, async (t) => {
    const server = await serverFor(t, { database });
    const [admin, swift] = [await as(server, "admin"), await as(server, "swift")];
    const unit = await newUnit(admin, { minDurationMs: 10 * MINUTE });
    const socket = await follow(t, server, "/tracking", { token: admin.token });
    const outside = await follow(t, server, "/tracking", { token: swift.token });
    const report = (minutes, temperature) =>
      socket.ask("sensor:reading", { unitId: unit.id, temperature, recordedAt: ago(minutes) });
    assert.deepEqual(await report(30, 9), { ok: true, received: true });
    await server.kill();
    await server.restart();
    const again = await as(server, "admin");
    const path = `/units/${unit.id}/readings`;
    const next = await follow(t, server, "/tracking", { token: again.token });
    await post(again, path, { temperature: 20, recordedAt: ago(15) }, 200);
    const triggered = await next.next("alert:triggered");
    assert.equal(triggered.seq, next.state.seq + 1);
    assert.deepEqual([triggered.data.unitId, triggered.data.severity], [unit.id, "critical"]);
    const [alert] = await again.data("/alerts?open=true");
    assert.deepEqual([alert.id, alert.message], [triggered.data.alertId, triggered.data.message]);
    await post(again, path, { temperature: 5, recordedAt: ago(14) }, 200);
    const resolved = await next.next("alert:resolved");
    assert.deepEqual(resolved.data, { alertId: alert.id, unitId: unit.id });
    assert.equal(resolved.seq, triggered.seq + 1);
    assert.ok(outside.received.every(({ event }) => !event.startsWith("alert:")));
  });
}
