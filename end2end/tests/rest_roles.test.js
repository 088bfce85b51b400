// What each role sees and may do over REST.

import assert from "node:assert/strict";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { assertNoMoney, changesNothing, eventsAfter, head, keysWithin, refused } from "../harness/expect.js";
import { serverForThisFile } from "../harness/server.js";
import { allLoads, book, bookAt, newLoad, step, tryStep } from "../harness/trade.js";

const server = await serverForThisFile();
const names = ["admin", "sarah", "maria", "sam", "swift", "carlos"];
const [admin, sarah, maria, sam, swift, carlos] = await Promise.all(names.map((name) => as(server, name)));

const usd = (amount) => ({ amount, currency: "USD" });
const FINANCE = { revenue: usd(250_000), carrierCost: usd(200_000) };
const WITHOUT_MONEY = { dispatcher: maria, support: sam, carrier: swift, driver: carlos };

test("a manager sees money on the board, in the list, in a load and in events", async () => {
  const before = await head(sarah);
  const load = await book(sarah, { finance: FINANCE });
  assert.deepEqual(load.finance, FINANCE);
  assert.deepEqual((await sarah.data(`/loads/${load.id}`)).finance, FINANCE);
  assert.deepEqual((await sarah.data("/loads/board")).cards.find(({ id }) => id === load.id).finance, FINANCE);
  const [event] = await eventsAfter(sarah, before);
  assert.deepEqual(event.data.finance, FINANCE);
  assert.ok(keysWithin(await allLoads(sarah)).has("finance"));
});

test("nobody without finance_view is sent money, anywhere", async () => {
  const load = await bookAt(sarah, "DISPATCHED", { finance: FINANCE, carrierId: swift.user.carrierId });
  const patched = await maria.patch(`/loads/${load.id}`, { version: load.version, hot: true });
  assert.equal(patched.status, 200, patched.text);
  assertNoMoney(patched.json, "the answer to a patch");
  const moved = await tryStep(maria, patched.json.data, "AT_PICKUP");
  assert.equal(moved.status, 200, moved.text);
  assertNoMoney(moved.json, "the answer to a step");
  assertNoMoney((await tryStep(maria, load, "PICKED_UP")).json, "a conflict");
  assertNoMoney(await book(maria), "the answer to a booking");

  for (const [role, person] of Object.entries(WITHOUT_MONEY)) {
    assertNoMoney((await person.get("/loads/board")).json, `the board of a ${role}`);
    const loads = await allLoads(person);
    assertNoMoney(loads, `the list of a ${role}`);
    for (const { id } of loads.slice(0, 3)) assertNoMoney(await person.data(`/loads/${id}`), `a load for a ${role}`);
    const place = await head(person);
    assertNoMoney(await eventsAfter(person, { ...place, seq: 0 }), `the events of a ${role}`);
  }
  assert.deepEqual((await sarah.data(`/loads/${load.id}`)).finance, FINANCE, "it is still there");
});

test("the same number of a stream carries to each what they may see", async () => {
  const before = await head(maria);
  await book(sarah, { finance: FINANCE });
  const [[shown], [plain]] = await Promise.all([sarah, maria].map((person) => eventsAfter(person, before)));
  const { finance, ...rest } = shown.data;
  assert.deepEqual(finance, FINANCE);
  assert.deepEqual(plain, { ...shown, data: rest });
});

test("a dispatcher may not set rates", async () => {
  const wish = await newLoad(maria, { finance: FINANCE });
  refused(await maria.post("/loads", wish), "forbidden", "finance_view");
  const load = await book(maria);
  const attempt = () => maria.patch(`/loads/${load.id}`, { version: 1, finance: FINANCE });
  refused(await changesNothing(sarah, load.id, attempt), "forbidden", "finance_view");
});

test("support sees every load of the tenant and may change none", async () => {
  const load = await book(maria);
  assert.deepEqual((await allLoads(sam)).map(({ id }) => id), (await allLoads(maria)).map(({ id }) => id));
  const wish = await newLoad(sam);
  for (const attempt of [
    () => sam.post("/loads", wish),
    () => sam.patch(`/loads/${load.id}`, { version: 1, hot: true }),
    () => tryStep(sam, load, "PENDING"),
    () => sam.delete(`/loads/${load.id}?version=1`),
  ]) {
    refused(await changesNothing(maria, load.id, attempt), "forbidden", "load_change");
  }
});

test("a step back, a cancellation and a reopening are for those who may", async () => {
  const dispatched = await bookAt(maria, "DISPATCHED");
  const pickedUp = await bookAt(maria, "PICKED_UP");
  const completed = await bookAt(maria, "COMPLETED");
  for (const [person, load, status, rule] of [
    [maria, dispatched, "ACCEPTED", "load_status_revert"],
    [maria, dispatched, "CANCELLED", "load_cancel"],
    [sarah, pickedUp, "CANCELLED", "admin_cancels_after_pickup"],
    [sarah, completed, "DELIVERED", "admin_reopens"],
  ]) {
    const attempt = () => tryStep(person, load, status, "Because");
    refused(await changesNothing(sarah, load.id, attempt), "forbidden", rule);
  }
  const back = await step(sarah, dispatched, "ACCEPTED", "Wrong truck");
  assert.equal((await step(sarah, back, "CANCELLED", "Customer withdrew")).status, "CANCELLED");
  assert.equal((await step(admin, pickedUp, "CANCELLED", "Freight refused")).status, "CANCELLED");
  assert.equal((await step(admin, completed, "DELIVERED", "Papers missing")).status, "DELIVERED");
});

test("a carrier's office sees what it was offered, accepts or declines it, and nothing else", async () => {
  const carrierId = swift.user.carrierId;
  const offered = await bookAt(maria, "TENDERED", { carrierId });
  const declined = await bookAt(maria, "TENDERED", { carrierId });
  const unsaid = await book(maria, { carrierId });
  const others = (await allLoads(maria)).find(({ carrier, status }) => carrier?.id !== carrierId && status !== "PLANNING");
  const seen = await allLoads(swift);
  assert.ok(seen.some(({ id }) => id === offered.id));
  assert.ok(seen.every(({ carrier, status }) => carrier.id === carrierId && !["PLANNING", "PENDING"].includes(status)));
  for (const hidden of [unsaid, others]) {
    refused(await swift.get(`/loads/${hidden.id}`), "not_found");
    refused(await changesNothing(maria, hidden.id, () => tryStep(swift, hidden, "ACCEPTED")), "not_found");
  }
  const accepted = await step(swift, offered, "ACCEPTED");
  refused(await changesNothing(maria, offered.id, () => tryStep(swift, accepted, "DISPATCHED")), "forbidden");
  refused(await changesNothing(maria, declined.id, () => tryStep(swift, declined, "PENDING")), "rule_broken", "reason_required");
  await step(swift, declined, "PENDING", "No truck near");
  const returned = await maria.data(`/loads/${declined.id}`);
  assert.deepEqual([returned.status, returned.carrier], ["PENDING", undefined]);
  refused(await swift.get(`/loads/${declined.id}`), "not_found");
});

test("a driver sees and moves the loads that he drives, from pickup to delivery", async () => {
  const own = await allLoads(carlos);
  assert.ok(own.every(({ driver }) => driver.id === carlos.user.driverId));
  const carrierId = own.length > 0 ? own[0].carrier.id : swift.user.carrierId;
  const planned = await book(maria, { carrierId });
  const patch = { version: 1, driverId: carlos.user.driverId };
  const assigned = await maria.patch(`/loads/${planned.id}`, patch);
  assert.equal(assigned.status, 200, assigned.text);
  let load = assigned.json.data;
  for (const status of ["PENDING", "TENDERED", "ACCEPTED", "DISPATCHED"]) load = await step(maria, load, status);
  assert.ok((await allLoads(carlos)).some(({ id }) => id === load.id));
  load = await step(carlos, load, "AT_PICKUP");
  refused(await changesNothing(maria, load.id, () => tryStep(carlos, load, "DISPATCHED", "Oops")), "forbidden");
  refused(await changesNothing(maria, load.id, () => carlos.patch(`/loads/${load.id}`, { version: load.version, hot: true })), "forbidden");
  const foreign = await bookAt(maria, "DISPATCHED");
  refused(await changesNothing(maria, foreign.id, () => tryStep(carlos, foreign, "AT_PICKUP")), "not_found");
});
