// Many clients whose connections never last, while loads change all the time; then everybody is compared with the database.

import assert from "node:assert/strict";
import { atEnd } from "./cleanup.js";
import { as } from "./client.js";
import { eventsAfter } from "./expect.js";
import { Replica, entryOf } from "./replica.js";
import { STATUSES, book } from "./trade.js";
import { until } from "./wait.js";

const isFull = process.env.HEADHAUL_SOAK === "full";

/** How long and how many: short in the suite, whole with HEADHAUL_SOAK=full. */
export const SIZE = isFull
  ? { clients: 200, seconds: 60, lifetime: [4_000, 6_000] }
  : { clients: 60, seconds: 10, lifetime: [1_500, 3_500] };

/** How many events a second the writers try to make, over both tenants. */
const EVENTS_A_SECOND = 100;
/** A change makes so many events of its tenant, on the average. */
const EVENTS_A_CHANGE = 1.3;
const LOADS = 12;
const TENANTS = ["acme", "globex"];
const ROLES = ["admin", "sarah", "maria", "john", "sam", "swift", "carlos"];

/** So many events are sent again to who comes back: some stay away until they have missed more. */
const REPLAY_CAP = 30;
export const SETTINGS = { REALTIME__STATE_INTERVAL: "2s", REALTIME__REPLAY_CAP: REPLAY_CAP };

/**
 * Lets clients work over `server` while `balancer` cuts them all the time, and `trouble` happens in the middle. At the
 * end every client is what the database is, and nobody was told what is not theirs.
 */
export async function soak(test, server, balancer, trouble = async () => {}) {
  const tenants = await Promise.all(TENANTS.map((tenant) => Tenant.open(server, tenant)));
  const places = tenants.flatMap(({ people }) => people);
  const begun = await Promise.all(places.map(headOf));
  const replicas = [];
  atEnd(test, () => replicas.forEach((replica) => replica.close()));
  for (let n = 0; n < SIZE.clients; n += 1) {
    const person = places[n % places.length];
    const tenant = tenants.find(({ people }) => people.includes(person));
    const lingers = () => (Math.random() < 0.1 ? tenant.untilChanged(REPLAY_CAP + 5) : undefined);
    replicas.push(await Replica.open(person, { lingers, loses: () => Math.random() < 0.005 }));
  }
  await until(() => replicas.every(({ socket }) => socket.connected), "everybody connected", 30_000);

  const cutsBefore = balancer.cuts;
  balancer.wearOut(...SIZE.lifetime);
  const end = Date.now() + SIZE.seconds * 1_000;
  const writing = tenants.map((tenant) => tenant.write(end));
  const pause = new Promise((resolve) => setTimeout(resolve, (SIZE.seconds * 1_000) / 3));
  const troubled = pause.then(trouble);
  await Promise.all([...writing, troubled]);
  balancer.holdOut();

  const boards = new Map();
  for (const person of places) boards.set(person, await boardOf(person));
  const unequal = () => replicas.filter((replica) => replica.differences(boards.get(replica.person)).length > 0);
  await until(() => unequal().length === 0, "every client is equal to the database", 20_000).catch(() => {});
  report(test, { tenants, replicas, boards, begun, places, cuts: balancer.cuts - cutsBefore });

  const faults = replicas.flatMap((replica) => replica.faults.map((fault) => `${replica.person.user.email}: ${fault}`));
  assert.deepEqual(faults.slice(0, 5), [], `${faults.length} faults`);
  const differing = unequal().map((replica) => {
    return `${replica.person.user.email}: ${replica.differences(boards.get(replica.person)).slice(0, 3).join("; ")}`;
  });
  assert.deepEqual([...new Set(differing)], [], `${differing.length} clients differ from the database`);
  await assertLogsAreTrue(replicas, places, begun);
  for (const { counts } of replicas) assert.ok(counts.cuts > 0, "everybody was cut");
  assert.ok(replicas.some(({ counts }) => counts.anew > 0), "some missed more than is sent again");
  assert.ok(replicas.some(({ counts }) => counts.gapsByNumber > 0), "some found a number missing");
}

/** Whatever anybody applied under a number is what the database has under it. */
async function assertLogsAreTrue(replicas, places, begun) {
  for (const [index, person] of places.entries()) {
    const stored = await eventsAfter(person, begun[index], 1_000);
    const entries = new Map(stored.map((event) => [event.seq, entryOf(event)]));
    for (const replica of replicas.filter((one) => one.person === person)) {
      for (const [seq, entry] of replica.log) assert.equal(entry, entries.get(seq), `${person.user.email} at ${seq}`);
    }
  }
}

function report(test, { tenants, replicas, boards, begun, places, cuts }) {
  const sum = (name) => replicas.reduce((total, { counts }) => total + counts[name], 0);
  const made = places.reduce((total, person, index) => {
    return begun[index].stream === "tenant" && person.user.role === "admin"
      ? total + boards.get(person).cursors["/dispatch"].tenant.seq - begun[index].seq
      : total;
  }, 0);
  const changes = tenants.reduce((total, { changes }) => total + changes, 0);
  const failures = tenants.reduce((total, { failures }) => total + failures, 0);
  test.diagnostic(`${SIZE.clients} clients, ${SIZE.seconds} s, ${made} events of ${changes} changes (${failures} unanswered)`);
  test.diagnostic(
    `${cuts} connections cut, ${sum("cuts")} noticed; ${sum("recovered")} states with nothing lost, ${sum("anew")} without; ` +
      `${sum("snapshots")} snapshots`,
  );
  test.diagnostic(
    `${sum("applied")} events applied, ${sum("dropped")} known before, ${sum("lost")} lost on the way; ` +
      `gaps told by numbers ${sum("gapsByNumber")}, by stream:state ${sum("gapsByState")}`,
  );
}

const boardOf = async (person) => {
  const answer = await person.get("/loads/board");
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

async function headOf(person) {
  const [[stream, cursor]] = Object.entries((await boardOf(person)).cursors["/dispatch"]);
  return { stream, ...cursor };
}

/** A tenant's people, and the loads that change. */
class Tenant {
  changes = 0;
  failures = 0;
  #loads = [];
  #writing;

  static async open(server, name) {
    const tenant = new Tenant();
    tenant.people = await Promise.all(ROLES.map((role) => as(server, `${role}@${name}`)));
    tenant.admin = tenant.people[0];
    const [office, cab] = tenant.people.slice(-2);
    const usd = (amount) => ({ amount, currency: "USD" });
    for (let n = 0; n < LOADS; n += 1) {
      const finance = { revenue: usd(250_000 + n), carrierCost: usd(200_000) };
      const load = await book(tenant.admin, { carrierId: office.user.carrierId, finance });
      // Half of them are the driver's, too.
      const driven = n % 2 === 0 ? { driverId: cab.user.driverId } : { hot: true };
      const seated = await tenant.admin.patch(`/loads/${load.id}`, { version: load.version, ...driven });
      assert.equal(seated.status, 200, seated.text);
      tenant.#loads.push(seated.json.data);
    }
    return tenant;
  }

  /** When so many more changes were made, or no more come. */
  async untilChanged(count) {
    const enough = this.changes + count;
    const changed = until(() => this.changes >= enough, `${count} changes`, 120_000);
    await Promise.race([changed.catch(() => {}), this.#writing]);
  }

  /** Changes loads at an even pace until the time has come; each load by one writer at a time. */
  write(end) {
    this.#writing = this.#write(end);
    return this.#writing;
  }

  async #write(end) {
    const pace = (1_000 * TENANTS.length * EVENTS_A_CHANGE) / EVENTS_A_SECOND;
    const idle = [...this.#loads.keys()];
    const busy = new Set();
    for (let next = Date.now(); Date.now() < end; next += pace) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
      const index = idle.shift();
      if (index === undefined) continue;
      const change = this.#change(index).finally(() => {
        busy.delete(change);
        idle.push(index);
      });
      busy.add(change);
    }
    await Promise.all(busy);
  }

  async #change(index) {
    const load = this.#loads[index];
    const answer = await this.#attempt(load).catch(() => undefined);
    if (answer?.status === 200) {
      this.changes += 1;
      this.#loads[index] = answer.json.data;
      return;
    }
    // A node was killed under it; whether it was done is what the database says.
    this.failures += 1;
    assert.ok(!answer || answer.status === 409 || answer.status >= 500, answer?.text);
    await until(async () => {
      const now = await this.admin.get(`/loads/${load.id}`).catch(() => undefined);
      return now?.status === 200 && (this.#loads[index] = now.json.data);
    }, "the load as it is", 30_000);
  }

  /** Forward mostly, back sometimes, and in between the card changes without a step. */
  #attempt({ id, version, status, hot, weightLbs, claimedBy }) {
    const place = STATUSES.indexOf(status);
    const chance = Math.random();
    if (chance < 0.1) return this.admin.post(`/loads/${id}/claim`, { claimed: !claimedBy });
    if (status !== "COMPLETED" && chance < 0.4) {
      return this.admin.patch(`/loads/${id}`, { version, hot: !hot, weightLbs: 20_000 + ((weightLbs + 1) % 20_000) });
    }
    const isBack = status === "COMPLETED" || (place > 1 && chance > 0.75);
    const next = STATUSES[place + (isBack ? -1 : 1)];
    return this.admin.patch(`/loads/${id}/status`, { status: next, version, ...(isBack ? { reason: "Soak" } : {}) });
  }
}
