// Random users of two tenants do random things for a while: nobody is sent what the table of permissions denies them.
//
// HEADHAUL_SEED=n draws as in an earlier run. What happens at the same moment is the machine's own chance.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { Dice } from "../harness/dice.js";
import { Mischief } from "../harness/mischief.js";
import { serverFor } from "../harness/server.js";
import { allLoads } from "../harness/trade.js";
import { Truth } from "../harness/truth.js";
import { judge, judgeAnswer, judgeRefusal } from "../harness/verdict.js";

const NAMES = ["admin", "sarah", "maria", "john", "sam", "swift", "carlos"];
const TENANTS = ["acme", "globex"];
const SECONDS = 25;
const HANDS = 6;

/** What must have come up, or nothing was proven: the events that outside parties are told of, and those they are not. */
const HEARD = [
  "load:created", "load:updated", "load:deleted", "load:status:changed", "load:assigned", "carrier:load:assigned",
  "load:dispatched", "load:location:updated", "load:location:batch", "checkcall:received", "message:new", "message:read",
  "typing", "notification:new", "user:online", "user:offline", "presence:update", "system:announcement", "stream:state",
  "load:claimed", "sensor:reading", "sensor:readings:batch", "alert:triggered", "alert:resolved",
  "carrier:created",
];

test("nobody is sent what they may not see, whatever anybody does", async (t) => {
  const seed = Number(process.env.HEADHAUL_SEED ?? randomInt(2 ** 31));
  const server = await serverFor(t, {
    loads: 60,
    settings: { REALTIME__STATE_INTERVAL: "2s", REALTIME__REPLAY_CAP: 200, REALTIME__PRESENCE_GRACE: "500ms" },
  });
  const people = await Promise.all(TENANTS.flatMap((tenant) => NAMES.map((name) => as(server, `${name}@${tenant}`))));
  const truth = new Truth();
  const [otherDrivers, units] = [new Map(), []];
  for (const person of people) truth.own(person.user.tenantId, person.user);
  for (const admin of people.filter(({ user }) => user.role === "admin")) {
    const { tenantId } = admin.user;
    const loads = await allLoads(admin);
    for (const card of loads) truth.addLoad(admin, card);
    const { user } = people.find(({ user }) => user.tenantId === tenantId && user.role === "driver");
    const office = people.find(({ user }) => user.tenantId === tenantId && user.role === "carrier");
    const others = loads.filter(({ carrier, driver }) => carrier?.id === office.user.carrierId && driver);
    otherDrivers.set(tenantId, others.find(({ driver }) => driver.id !== user.driverId).driver.id);
    units.push(await newUnit(truth, admin));
  }

  const mischief = new Mischief(t, server, truth, people, { otherDrivers, units });
  const dice = new Dice(seed);
  for (let n = 0; n < 20; n += 1) await mischief.open(dice);
  const end = Date.now() + SECONDS * 1_000;
  await Promise.all(Array.from({ length: HANDS }, () => mischief.run(dice.fork(), end)));

  const { received, answers, faults, stumbles } = mischief;
  const wrongs = (list, judged) => list.flatMap((one) => told(judged(truth, one), one));
  const leaks = [...faults, ...wrongs(received, judge), ...wrongs(answers, judgeAnswer)];
  report(t, seed, truth, mischief);
  assert.deepEqual(firstOfEach(leaks), [], `${leaks.length} leaks; HEADHAUL_SEED=${seed}`);
  const refusals = wrongs(answers, judgeRefusal);
  assert.deepEqual(firstOfEach(refusals), [], `${refusals.length} doors that are closed to those who may enter`);

  const stumbled = [...stumbles.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(stumbled < answers.length / 10, `deeds come to something: ${JSON.stringify([...stumbles])}`);
  for (const role of ["admin", "ops_manager", "dispatcher", "support", "carrier", "driver"]) {
    const heard = received.filter(({ person, payload }) => person.user.role === role && payload.seq > 0 && payload.event);
    assert.ok(heard.length > 10, `a ${role} heard of something (${heard.length})`);
  }
  const names = new Set(received.map(({ event }) => event));
  assert.deepEqual(HEARD.filter((name) => !names.has(name)), [], "what must come up comes up");
  assert.ok(answers.some(({ command, answer }) => command === "join:load" && !answer.ok), "somebody was not let in");
});

/** A freezer of the tenant, in a yard of its own. */
async function newUnit(truth, admin) {
  const site = await admin.post("/sites", { name: "Yard", city: "Omaha", state: "NE" });
  assert.ok(site.status < 300, site.text);
  const range = { minTemperature: -25, maxTemperature: -10 };
  const wish = { siteId: site.json.data.id, name: "Freezer", kind: "cold_room", ...range };
  const unit = await admin.post("/units", wish);
  assert.ok(unit.status < 300, unit.text);
  truth.own(admin.user.tenantId, unit.json.data);
  return unit.json.data;
}

/** What is wrong, as one who looks for its cause wants to read it. */
function told(wrong, { person, namespace, command, event, ...rest }) {
  if (!wrong) return [];
  const who = `${person.user.email} (${person.user.role})`;
  return `${who} at ${namespace ?? command} ${event ?? ""}: ${wrong}: ${JSON.stringify(rest).slice(0, 900)}`;
}

/** One of each kind, with how many there are of it. */
function firstOfEach(wrongs) {
  const kinds = new Map();
  for (const wrong of wrongs) kinds.set(kindOf(wrong), [...(kinds.get(kindOf(wrong)) ?? []), wrong]);
  return [...kinds.values()].map((same) => `${same.length} times: ${same[0]}`);
}

/** Who it is and what of, without the particulars. */
const kindOf = (wrong) => wrong.split(": {")[0].replace(/^\S+ /, "").replace(/\d+|[0-9a-f-]{36}/g, "n");

function report(t, seed, truth, { received, answers, stumbles }) {
  const count = (list, name) => {
    const counts = new Map();
    for (const one of list) counts.set(name(one), (counts.get(name(one)) ?? 0) + 1);
    return [...counts].sort(([, a], [, b]) => b - a).map(([key, number]) => `${key} ${number}`).join(", ");
  };
  const changes = [...truth.loads.values()].reduce((sum, { versions }) => sum + versions.length - 1, 0);
  t.diagnostic(`seed ${seed}: ${received.length} messages judged, ${answers.length} answers, ${changes} changes of loads`);
  t.diagnostic(`messages: ${count(received, ({ event }) => event)}`);
  t.diagnostic(`to: ${count(received, ({ person }) => person.user.role)}`);
  t.diagnostic(`answers: ${count(answers, ({ command, answer }) => `${command} ${answer.ok ? "ok" : answer.error.code}`)}`);
  if (stumbles.size > 0) t.diagnostic(`came to nothing: ${JSON.stringify([...stumbles])}`);
}
