// What sockets are sent when loads change, and to whom, over WebSocket and polling.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { as } from "../harness/client.js";
import { assertEnvelope, assertNoMoney, assertNumbered, eventsAfter } from "../harness/expect.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { connect, follow } from "../harness/socket.js";
import { book, bookAt, step } from "../harness/trade.js";

const server = await serverForThisFile();
const names = ["maria", "john", "sarah", "sam", "swift", "carlos"];
const [maria, john, sarah, sam, swift, carlos] = await Promise.all(names.map((who) => as(server, who)));
const usd = (amount) => ({ amount, currency: "USD" });
const FINANCE = { revenue: usd(250_000), carrierCost: usd(200_000) };

/** The numbered events of a listener that are about a load. */
const about = (load) => (event) => [event.data?.loadId, event.data?.id].includes(load.id);

for (const transport of ["websocket", "polling"]) {
  const listen = (t, person, namespace = "/dispatch") =>
    follow(t, server, namespace, { token: person.token, transports: [transport] });

  describe(`events over ${transport}`, () => {
    test("a move reaches the other dispatcher whole, and the mover, too", async (t) => {
      const load = await book(maria);
      const [hers, his] = await Promise.all([listen(t, maria), listen(t, john)]);
      const moved = await step(maria, load, "PENDING");
      const event = await his.next("load:status:changed", about(load));
      assertEnvelope(event, maria.user.tenantId);
      assert.equal(event.event, "load:status:changed");
      assert.equal(event.stream, "tenant");
      assert.equal(event.timestamp, moved.updatedAt);
      assert.deepEqual(event.data, {
        loadId: load.id,
        loadNumber: load.loadNumber,
        previousStatus: "PLANNING",
        newStatus: "PENDING",
        version: 2,
        updatedBy: { id: maria.user.id, name: maria.user.name },
      });
      assert.deepEqual(await hers.next("load:status:changed", about(load)), event);
    });

    test("booking, changing and deleting a load tell the others, in the numbers of the stream", async (t) => {
      const his = await listen(t, john);
      const { stream, epoch, seq } = his.state;
      const load = await book(maria);
      await maria.patch(`/loads/${load.id}`, { version: 1, hot: true });
      await maria.delete(`/loads/${load.id}?version=2`);
      const created = await his.next("load:created", about(load));
      const updated = await his.next("load:updated", about(load));
      const deleted = await his.next("load:deleted", about(load));
      assert.equal(created.data.loadNumber, load.loadNumber);
      assert.equal(updated.data.hot, true);
      assert.deepEqual([deleted.data.loadId, deleted.data.version], [load.id, 3]);
      for (const event of [created, updated, deleted]) assertEnvelope(event, maria.user.tenantId);
      assertNumbered(his.numbered, seq);
      assert.deepEqual(his.numbered, await eventsAfter(john, { stream, epoch, seq }));
    });

    test("money comes to the manager and not to the dispatcher, under the same number", async (t) => {
      const [plain, support, shown] = await Promise.all([maria, sam, sarah].map((person) => listen(t, person)));
      const load = await book(sarah, { finance: FINANCE });
      await sarah.patch(`/loads/${load.id}`, { version: 1, hot: true });
      for (const name of ["load:created", "load:updated"]) {
        const [hers, theirs, full] = await Promise.all(
          [plain, support, shown].map((listener) => listener.next(name, about(load))),
        );
        const { finance, ...rest } = full.data;
        assert.deepEqual(finance, FINANCE);
        assertNoMoney(hers, `${name} for a dispatcher`);
        assert.deepEqual(hers, { ...full, data: rest });
        assert.deepEqual(theirs, hers);
      }
      assertNoMoney(plain.received, "all that a dispatcher was sent");
    });

    test("a carrier's office and a driver hear of their own loads, in streams of their own", async (t) => {
      const [staff, office, cab] = await Promise.all([maria, swift, carlos].map((person) => listen(t, person)));
      assert.equal(office.state.stream, `carrier:${swift.user.carrierId}`);
      assert.equal(cab.state.stream, `user:${carlos.user.id}`);
      const foreign = await book(sarah, { finance: FINANCE });
      const own = await bookAt(sarah, "ACCEPTED", { carrierId: swift.user.carrierId, finance: FINANCE });
      const seen = await office.next("load:status:changed", (event) => event.data.newStatus === "ACCEPTED" && about(own)(event));
      const same = await staff.next("load:status:changed", (event) => event.data.newStatus === "ACCEPTED" && about(own)(event));
      assert.equal(seen.stream, office.state.stream);
      assert.equal(seen.id, same.id, "one happening, one id");
      assertNumbered(office.numbered, office.state.seq);
      assert.ok(office.numbered.every(about(own)), "nothing of other loads");
      assert.ok(!office.numbered.some(({ data }) => ["PLANNING", "PENDING"].includes(data.newStatus)), "nothing before the tender");
      assert.deepEqual(cab.numbered, []);
      assertNoMoney(office.received, "all that a carrier was sent");
      assert.ok(staff.numbered.some(about(foreign)));
    });

    test("the streams of the namespaces are numbered apart", async (t) => {
      const [dispatch, events] = await Promise.all([listen(t, maria), listen(t, maria, "/events")]);
      await book(maria);
      await dispatch.next("load:created");
      assert.deepEqual(events.numbered, []);
      assert.ok(dispatch.state.epoch && events.state.epoch);
    });
  });
}

test("where the stream stands is told again and again", async (t) => {
  const quick = await serverFor(t, {
    loads: 10,
    settings: { REALTIME__STATE_INTERVAL: "200ms" },
  });
  const person = await as(quick, "maria");
  const listener = await connect(t, quick, "/dispatch", { token: person.token });
  const first = await listener.next("stream:state");
  assert.deepEqual(Object.keys(first).sort(), ["epoch", "recovered", "seq", "stream"]);
  await book(person);
  const later = await listener.next("stream:state", (state) => state.seq === first.seq + 1);
  assert.equal(later.epoch, first.epoch);
  await listener.next("stream:state", (state) => state.seq === first.seq + 1);
});
