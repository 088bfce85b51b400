// Nothing crosses tenants: not through REST, events, sockets, rooms or pages.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { as } from "../harness/client.js";
import { changesNothing, eventsAfter, head, refused } from "../harness/expect.js";
import { send } from "../harness/http.js";
import { serversForThisFile } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { allLoads, book, bookAt, facilities, fitCarrier, newLoad, step, tryStep } from "../harness/trade.js";

const ROLES = ["admin", "sarah", "maria", "sam", "swift", "carlos"];

for (const [database, server] of await serversForThisFile()) {
  const people = async (tenant) => Promise.all(ROLES.map((name) => as(server, `${name}@${tenant}`)));
  const [acme, globex] = [await people("acme"), await people("globex")];
  const [[, , ours], [, , theirs]] = [acme, globex];

  describe(`tenants on ${database}`, () => {
    test("the lists and boards of two tenants share no load", async () => {
      const ids = async (person) => {
        const board = (await person.data("/loads/board")).cards;
        return [...(await allLoads(person)), ...board].map(({ id }) => id);
      };
      for (const here of acme) {
        const seen = new Set(await ids(here));
        for (const there of globex) {
          assert.deepEqual((await ids(there)).filter((id) => seen.has(id)), [], `${here.user.email}, ${there.user.email}`);
        }
      }
    });

    test("nobody reads or changes a load of the other tenant, whatever their role", async () => {
      const load = await bookAt(theirs, "TENDERED", { carrierId: globex[4].user.carrierId });
      for (const person of acme) {
        for (const attempt of [
          () => person.get(`/loads/${load.id}`),
          () => person.patch(`/loads/${load.id}`, { version: load.version, hot: true }),
          () => tryStep(person, load, "ACCEPTED", "Ours now"),
          () => person.delete(`/loads/${load.id}?version=${load.version}`),
        ]) {
          refused(await changesNothing(theirs, load.id, attempt), "not_found");
        }
      }
    });

    test("a load can't be booked with what belongs to the other tenant", async () => {
      const wish = await newLoad(ours);
      const [facilityId] = await facilities(theirs);
      const stops = wish.stops.map((stop, index) => (index === 0 ? { ...stop, facilityId } : stop));
      refused(await ours.post("/loads", { ...wish, stops }), "not_found");
      const carrierId = await fitCarrier(theirs);
      refused(await ours.post("/loads", { ...wish, carrierId }), "not_found");
      const load = await book(ours);
      const assign = () => ours.patch(`/loads/${load.id}`, { version: 1, carrierId });
      refused(await changesNothing(ours, load.id, assign), "not_found");
      const covered = await book(ours, { carrierId: await fitCarrier(ours) });
      const seat = () => ours.patch(`/loads/${covered.id}`, { version: 1, driverId: globex[5].user.driverId });
      refused(await changesNothing(ours, covered.id, seat), "not_found");
    });

    test("the streams of two tenants are apart, and neither reads the other's", async () => {
      const [here, there] = [await head(ours), await head(theirs)];
      assert.notEqual(here.epoch, there.epoch);
      await book(ours);
      assert.deepEqual(await head(theirs), there);
      const events = await eventsAfter(theirs, { ...there, seq: 0 });
      assert.ok(events.every(({ tenantId }) => tenantId === theirs.user.tenantId));
      for (const stream of [`carrier:${globex[4].user.carrierId}`, `user:${globex[5].user.id}`]) {
        const query = new URLSearchParams({ namespace: "/dispatch", stream });
        for (const person of acme) refused(await person.get(`/events?${query}`), "not_found");
      }
    });

    for (const transport of ["websocket", "polling"]) {
      test(`a socket hears of its own tenant alone, over ${transport}`, async (t) => {
        const listen = (person) => follow(t, server, "/dispatch", { token: person.token, transports: [transport] });
        const listeners = await Promise.all([...acme, ...globex].map(listen));
        // One happening in each tenant that every role hears of, theirs after ours.
        for (const [[, , dispatcher, , office]] of [[acme], [globex]]) {
          const load = await bookAt(dispatcher, "TENDERED", { carrierId: office.user.carrierId });
          await step(dispatcher, load, "ACCEPTED");
        }
        const accepted = (event) => event.data.newStatus === "ACCEPTED";
        const hearing = listeners.filter((_, index) => index % ROLES.length !== ROLES.indexOf("carlos"));
        await Promise.all(hearing.map((listener) => listener.next("load:status:changed", accepted)));
        for (const [index, listener] of listeners.entries()) {
          const { tenantId } = index < ROLES.length ? acme[0].user : globex[0].user;
          assert.ok(listener.numbered.every((event) => event.tenantId === tenantId), `${index}`);
        }
        // Theirs happened last: what of it were to come to us would come before this.
        const marker = await book(ours);
        await listeners[2].next("load:created", ({ data }) => data.id === marker.id);
        assert.ok(listeners[2].numbered.every((event) => event.tenantId === ours.user.tenantId));
      });
    }

    test("a socket can't join a load of the other tenant", async (t) => {
      const load = await book(theirs);
      for (const person of acme) {
        const listener = await follow(t, server, "/dispatch", { token: person.token });
        const answer = await listener.ask("join:load", { loadId: load.id });
        assert.deepEqual([answer.ok, answer.error.code], [false, "not_found"]);
        await step(theirs, await book(theirs), "PENDING");
        listener.close();
        assert.deepEqual(listener.numbered, []);
      }
    });

    test("the page of the board holds the visitor's tenant alone", async () => {
      const load = await book(theirs, { customer: "Somebody else's customer" });
      const page = await send(`${server.url}/dispatch`, { headers: { cookie: `auth_token=${ours.token}` } });
      assert.equal(page.status, 200);
      assert.ok(!page.text.includes(load.id) && !page.text.includes(load.customer));
      assert.ok(!page.text.includes(theirs.user.tenantId));
    });
  });
}
