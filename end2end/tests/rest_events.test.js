// The numbered streams over REST: every change reads back as its events, in order and without a gap.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { as } from "../harness/client.js";
import { assertEnvelope, assertNumbered, eventsAfter, head, refused } from "../harness/expect.js";
import { serversForThisFile } from "../harness/server.js";
import { book, fitCarrier, step, tryStep } from "../harness/trade.js";

for (const [database, server] of await serversForThisFile()) {
  const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((name) => as(server, name)));
  const read = (query) => maria.get(`/events?${new URLSearchParams({ namespace: "/dispatch", ...query })}`);

  describe(`events on ${database}`, () => {
    test("each change reads back as its event, with who made it", async () => {
      const carrierId = await fitCarrier(maria);
      const before = await head(maria);
      const load = await book(maria, { carrierId });
      await john.patch(`/loads/${load.id}`, { version: 1, hot: true });
      const pending = await step(maria, { ...load, version: 2 }, "PENDING");
      await step(john, pending, "TENDERED");
      const gone = await book(maria);
      await john.delete(`/loads/${gone.id}?version=1`);

      const events = await eventsAfter(maria, before);
      assertNumbered(events, before.seq);
      for (const event of events) assertEnvelope(event, maria.user.tenantId);
      assert.deepEqual(events.map((event) => event.event), [
        "load:created",
        "load:updated",
        "load:status:changed",
        "load:status:changed",
        // The tender gave the card its window.
        "load:updated",
        "load:created",
        "load:deleted",
      ]);
      const [created, updated, moved, tendered, card, , deleted] = events.map((event) => event.data);
      const { stops, ...booked } = load;
      assert.deepEqual(created, booked);
      assert.equal(updated.hot, true);
      assert.equal(updated.version, 2);
      assert.deepEqual(moved, {
        loadId: load.id,
        loadNumber: load.loadNumber,
        previousStatus: "PLANNING",
        newStatus: "PENDING",
        version: 3,
        updatedBy: { id: maria.user.id, name: maria.user.name },
      });
      assert.deepEqual(tendered.updatedBy, { id: john.user.id, name: john.user.name });
      assert.ok(card.tenderExpiresAt);
      assert.deepEqual([deleted.loadId, deleted.loadNumber, deleted.version], [gone.id, gone.loadNumber, 2]);
      assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    });

    test("a reason is written into the event", async () => {
      const load = await step(maria, await book(maria), "PENDING");
      const before = await head(sarah);
      await step(sarah, load, "CANCELLED", "The customer withdrew");
      const [event] = await eventsAfter(sarah, before);
      assert.equal(event.data.reason, "The customer withdrew");
    });

    test("a change that is refused leaves no event", async () => {
      const load = await book(maria);
      const before = await head(maria);
      refused(await tryStep(maria, load, "DELIVERED"), "rule_broken");
      refused(await tryStep(maria, { ...load, version: 9 }, "PENDING"), "conflict");
      assert.deepEqual(await head(maria), before);
      assert.deepEqual(await eventsAfter(maria, before), []);
    });

    test("pages of any size give the same events", async () => {
      for (let n = 0; n < 4; n += 1) await book(maria);
      const beginning = { ...(await head(maria)), seq: 0 };
      const all = await eventsAfter(maria, beginning);
      assertNumbered(all, 0);
      assert.deepEqual(await eventsAfter(maria, beginning, 3), all);
      const { json } = await read({ after: 0, limit: 2 });
      assert.equal(json.more, true);
      assert.deepEqual(json.cursor, { epoch: beginning.epoch, seq: 2 });
      assert.deepEqual(json.data, all.slice(0, 2));
    });

    test("a place that is not known any more is said to be lost", async () => {
      const { epoch, seq } = await head(maria);
      for (const lost of [{ epoch: "another", after: 0 }, { epoch, after: seq + 1 }]) {
        const { status, json } = await read(lost);
        assert.equal(status, 200);
        assert.deepEqual(json, { data: [], cursor: { epoch, seq }, recovered: false, more: false });
      }
    });

    test("a stream is read by those to whom it belongs", async () => {
      const swift = await as(server, "swift");
      const streams = ["tenant", `carrier:${swift.user.carrierId}`, `user:${john.user.id}`];
      const readers = { maria: [maria, "tenant"], swift: [swift, `carrier:${swift.user.carrierId}`] };
      for (const [name, [reader, own]] of Object.entries(readers)) {
        for (const stream of streams) {
          const answer = await reader.get(`/events?${new URLSearchParams({ namespace: "/dispatch", stream })}`);
          if (stream === own) assert.equal(answer.status, 200, `${name} reads ${stream}`);
          else refused(answer, "not_found");
        }
      }
    });

    test("questions that make no sense are refused", async () => {
      for (const query of [
        { namespace: "/elsewhere" },
        { stream: "everything" },
        { stream: "carrier:x" },
        { after: -1 },
        { after: "soon" },
        { limit: 0 },
        { limit: 1_001 },
        { surprise: 1 },
      ]) {
        refused(await read(query), "bad_request");
      }
      refused(await maria.get("/events"), "bad_request");
    });
  });
}
