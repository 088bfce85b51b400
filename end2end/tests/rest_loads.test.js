// Loads over REST, on both databases: listing, reading, booking, changing, stepping, deleting.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { as } from "../harness/client.js";
import { TIME, changesNothing, refused } from "../harness/expect.js";
import { serversForThisFile } from "../harness/server.js";
import { STATUSES, allLoads, book, bookAt, newLoad, step, tryStep } from "../harness/trade.js";

for (const [database, server] of await serversForThisFile()) {
  const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((name) => as(server, name)));

  describe(`loads on ${database}`, () => {
    test("the list pages through every load once, newest first", async () => {
      const whole = (await maria.get("/loads?limit=500")).json;
      assert.deepEqual(Object.keys(whole).sort(), ["cursors", "data", "now", "page"]);
      assert.equal(whole.page.next, null);
      assert.equal(whole.page.total, whole.data.length);
      assert.ok(whole.data.length >= 40);
      const ids = whole.data.map((load) => load.id);
      assert.deepEqual(ids, ids.toSorted().reverse());
      const paged = await allLoads(maria, 7);
      assert.deepEqual(paged, whole.data);
      const first = (await maria.get("/loads?limit=7")).json;
      assert.equal(first.page.total, whole.data.length);
      assert.equal(typeof first.page.next, "string");
    });

    test("the list of a status holds those and no others", async () => {
      const loads = (await allLoads(maria)).filter((load) => load.status === "IN_TRANSIT");
      const { data, page } = (await maria.get("/loads?status=IN_TRANSIT&limit=500")).json;
      assert.deepEqual(data, loads);
      assert.equal(page.total, loads.length);
    });

    test("the demo has loads in every status, with numbers in sequence", async () => {
      const loads = await allLoads(maria);
      assert.deepEqual([...new Set(loads.map(({ status }) => status))].sort(), [...STATUSES, "CANCELLED"].sort());
      const numbers = new Set(loads.map(({ loadNumber }) => loadNumber));
      assert.equal(numbers.size, loads.length);
      for (const number of numbers) assert.match(number, /^LD-\d{6}-\d{5}$/);
    });

    test("a load is booked in planning and can be read back with its stops", async () => {
      const wish = await newLoad(maria, { references: ["PO 77"], instructions: "Call ahead", hot: true });
      const answer = await maria.post("/loads", wish);
      assert.equal(answer.status, 201, answer.text);
      const load = answer.json.data;
      assert.equal(load.status, "PLANNING");
      assert.equal(load.version, 1);
      assert.match(load.loadNumber, /^LD-\d{6}-\d{5}$/);
      for (const field of ["customer", "equipment", "commodity", "weightLbs", "references", "instructions", "hot"]) {
        assert.deepEqual(load[field], wish[field], field);
      }
      for (const field of ["createdAt", "updatedAt", "statusSince"]) assert.match(load[field], TIME);
      assert.deepEqual(load.updatedBy, { id: maria.user.id, name: maria.user.name });
      assert.deepEqual(load.stops.map(({ position, kind, facilityId }) => [position, kind, facilityId]), [
        [1, "pickup", wish.stops[0].facilityId],
        [2, "delivery", wish.stops[1].facilityId],
      ]);
      assert.equal(load.stops[0].appointment.start, wish.stops[0].window.start);
      assert.deepEqual(await john.data(`/loads/${load.id}`), load);
      assert.equal((await maria.get("/loads?limit=1")).json.data[0].id, load.id);
    });

    test("loads booked at the same moment get numbers in sequence", async () => {
      const first = await book(maria);
      const loads = await Promise.all(Array.from({ length: 8 }, (_, n) => book(n % 2 ? maria : john)));
      const ordinals = [first, ...loads].map(({ loadNumber }) => Number(loadNumber.split("-")[2])).sort((a, b) => a - b);
      assert.deepEqual(ordinals, ordinals.map((_, n) => ordinals[0] + n));
    });

    test("a patch changes what it names and nothing else", async () => {
      const load = await book(maria);
      const answer = await john.patch(`/loads/${load.id}`, { version: 1, customer: "Lakeside Grocers", exception: true });
      assert.equal(answer.status, 200, answer.text);
      const { updatedAt, ...patched } = answer.json.data;
      assert.ok(updatedAt >= load.updatedAt);
      delete load.updatedAt;
      const updatedBy = { id: john.user.id, name: john.user.name };
      assert.deepEqual(patched, { ...load, version: 2, customer: "Lakeside Grocers", exception: true, updatedBy });
    });

    test("a load goes forward through every status", async () => {
      let load = await bookAt(maria, "PLANNING");
      for (const status of STATUSES.slice(1)) {
        const before = load;
        load = await step(maria, load, status);
        assert.equal(load.status, status);
        assert.equal(load.version, before.version + 1);
        assert.equal(Boolean(load.tenderExpiresAt), status === "TENDERED");
        assert.equal((await john.data(`/loads/${load.id}`)).status, status);
      }
    });

    test("a step that the machine does not have is refused by name, and changes nothing", async () => {
      const bare = await book(maria);
      const pending = await step(maria, await book(maria), "PENDING");
      const dispatched = await bookAt(maria, "DISPATCHED");
      const completed = await bookAt(maria, "COMPLETED");
      for (const [person, load, status, rule, reason] of [
        [sarah, bare, "PLANNING", "already_in_status"],
        [maria, bare, "DISPATCHED", "not_the_next_status"],
        [maria, pending, "TENDERED", "carrier_required"],
        [sarah, dispatched, "PENDING", "reason_required"],
        [sarah, dispatched, "PENDING", "reason_required", "  "],
        [sarah, dispatched, "CANCELLED", "reason_required"],
        [maria, completed, "IN_TRANSIT", "status_final", "Not done yet"],
      ]) {
        const answer = await changesNothing(person, load.id, () => tryStep(person, load, status, reason));
        const error = refused(answer, "rule_broken", rule);
        assert.ok(error.message.includes(load.loadNumber), error.message);
      }
    });

    test("of two people who change the same version one is told who was first", async () => {
      const load = await book(maria);
      const answers = await Promise.all([maria, john].map((person) => tryStep(person, load, "PENDING")));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
      const winner = answers[0].status === 200 ? maria : john;
      const { details } = refused(answers.find(({ status }) => status === 409), "conflict");
      const now = await maria.data(`/loads/${load.id}`);
      assert.deepEqual(details, {
        currentVersion: 2,
        status: "PENDING",
        updatedBy: { id: winner.user.id, name: winner.user.name },
        updatedAt: now.updatedAt,
      });
    });

    test("a load is deleted while nobody outside knows of it", async () => {
      const load = await book(maria);
      refused(await changesNothing(maria, load.id, () => maria.delete(`/loads/${load.id}?version=7`)), "conflict");
      const answer = await john.delete(`/loads/${load.id}?version=1`);
      assert.deepEqual([answer.status, answer.json], [200, { data: { done: true } }]);
      refused(await maria.get(`/loads/${load.id}`), "not_found");
      refused(await maria.delete(`/loads/${load.id}?version=1`), "not_found");
      refused(await tryStep(maria, load, "PENDING"), "not_found");
      assert.ok(!(await allLoads(maria)).some(({ id }) => id === load.id));

      const tendered = await bookAt(maria, "TENDERED");
      const late = () => maria.delete(`/loads/${tendered.id}?version=${tendered.version}`);
      refused(await changesNothing(maria, tendered.id, late), "rule_broken", "cancel_instead");
    });

    test("the board holds what is worked, and says where its stream stands", async () => {
      const { json } = await maria.get("/loads/board");
      assert.deepEqual(Object.keys(json).sort(), ["cursors", "data"]);
      assert.deepEqual(Object.keys(json.data).sort(), ["cards", "now", "rules"]);
      const { epoch, seq } = json.cursors["/dispatch"].tenant;
      assert.ok(typeof epoch === "string" && Number.isInteger(seq));
      const worked = (await allLoads(maria)).filter(({ status }) => !["COMPLETED", "CANCELLED"].includes(status));
      const cards = new Map(json.data.cards.map((card) => [card.id, card]));
      for (const load of worked) assert.deepEqual(cards.get(load.id), load);
      assert.ok(json.data.cards.every(({ status }) => status !== "CANCELLED"));
    });
  });
}
