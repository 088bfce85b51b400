// Client events and their answers: joining and leaving a load, and what can't be done.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { as } from "../harness/client.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { connect, follow } from "../harness/socket.js";
import { allLoads, book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile();
const names = ["maria", "sam", "swift", "carlos", "maria@globex"];
const [maria, sam, swift, carlos, globex] = await Promise.all(names.map((who) => as(server, who)));
const UNKNOWN = "01999999-9999-7999-8999-999999999999";

/** An answer that refuses, with exactly the contract's fields. */
function refusedWith(answer, code) {
  assert.deepEqual(Object.keys(answer).sort(), ["error", "ok"], JSON.stringify(answer));
  assert.equal(answer.ok, false);
  assert.deepEqual(Object.keys(answer.error).sort(), ["code", "message"]);
  assert.equal(answer.error.code, code, answer.error.message);
  assert.ok(answer.error.message.length > 5);
}

for (const transport of ["websocket", "polling"]) {
  const open = (t, person, namespace = "/dispatch") =>
    connect(t, server, namespace, { token: person.token, transports: [transport] });

  describe(`answers over ${transport}`, () => {
    test("a load is joined and left, as often as one likes", async (t) => {
      const load = await book(maria);
      for (const person of [maria, sam]) {
        const socket = await open(t, person);
        for (let round = 0; round < 2; round += 1) {
          assert.deepEqual(await socket.ask("join:load", { loadId: load.id }), { ok: true, joined: true });
          assert.deepEqual(await socket.ask("join:load", { loadId: load.id }), { ok: true, joined: true });
          assert.deepEqual(await socket.ask("leave:load", { loadId: load.id }), { ok: true, left: true });
          assert.deepEqual(await socket.ask("leave:load", { loadId: load.id }), { ok: true, left: true });
        }
      }
    });

    test("a command whose fields may all be left out takes no argument, or an empty object", async (t) => {
      const socket = await open(t, maria, "/events");
      for (const args of [[], [{}]]) {
        const isMe = ({ person }) => person.id === maria.user.id;
        await until(async () => {
          const answer = await socket.ask("presence:list", ...args);
          assert.equal(answer.ok, true, JSON.stringify(answer));
          return answer.users.some(isMe);
        }, "the tab is listed");
      }
      refusedWith(await socket.ask("presence:list", "everybody"), "bad_request");
      refusedWith(await socket.ask("presence:view"), "bad_request");
    });

    test("joining a load does not double its events", async (t) => {
      const load = await book(maria);
      const socket = await follow(t, server, "/dispatch", { token: maria.token, transports: [transport] });
      await socket.ask("join:load", { loadId: load.id });
      await step(maria, load, "PENDING");
      const marker = await book(maria);
      await socket.next("load:created", (event) => event.data.id === marker.id);
      const moves = socket.received.filter(({ event }) => event === "load:status:changed");
      assert.equal(moves.length, 1);
    });

    test("a load that one may not see can't be joined, and is said not to be there", async (t) => {
      const theirs = await book(globex);
      const mine = await book(maria);
      const tendered = await bookAt(maria, "TENDERED", { carrierId: swift.user.carrierId });
      for (const [person, loadId] of [
        [maria, theirs.id],
        [maria, UNKNOWN],
        [globex, mine.id],
        [swift, mine.id],
        [carlos, mine.id],
        [carlos, tendered.id],
      ]) {
        const socket = await open(t, person);
        refusedWith(await socket.ask("join:load", { loadId }), "not_found");
        socket.close();
      }
      const office = await open(t, swift);
      assert.deepEqual(await office.ask("join:load", { loadId: tendered.id }), { ok: true, joined: true });
    });

    test("events that can't be read are answered as bad requests", async (t) => {
      const load = await book(maria);
      const socket = await open(t, maria);
      const wrong = [
        [], [null], [7], ["x"], [[]], [{}], [{ loadId: null }], [{ loadId: 7 }], [{ loadId: "LD-202611-00001" }],
        [{ loadId: load.id, extra: 1 }], [{ load_id: load.id }],
      ];
      for (const event of ["join:load", "leave:load"]) {
        for (const args of wrong) refusedWith(await socket.ask(event, ...args), "bad_request");
      }
      assert.deepEqual(await socket.ask("join:load", { loadId: load.id }), { ok: true, joined: true }, "it still answers");
    });

    test("events that the namespace does not know are answered as bad requests", async (t) => {
      for (const [namespace, event] of [["/dispatch", "load:move"], ["/dispatch", "load:status:changed"], ["/events", "join:load"]]) {
        const socket = await open(t, maria, namespace);
        for (const args of [[], [{}], [1, 2, 3]]) refusedWith(await socket.ask(event, ...args), "bad_request");
      }
    });
  });
}

test("events without an answer do no harm", async (t) => {
  const socket = await connect(t, server, "/dispatch", { token: maria.token });
  socket.socket.emit("join:load", { loadId: UNKNOWN });
  socket.socket.emit("nonsense", { a: [1, 2] }, Buffer.from("bytes"));
  socket.socket.emit("join:load");
  refusedWith(await socket.ask("nonsense"), "bad_request");
});

test("a socket joins at most as many rooms as it may; one more is refused, and the socket closed", async (t) => {
  const strict = await serverFor(t, { loads: 10, settings: { LIMITS__ROOMS_PER_SOCKET: 2 } });
  const person = await as(strict, "maria");
  const [first, second, third] = (await allLoads(person)).map(({ id }) => ({ loadId: id }));
  const socket = await connect(t, strict, "/dispatch", { token: person.token });
  assert.equal((await socket.ask("join:load", first)).ok, true);
  assert.equal((await socket.ask("join:load", second)).ok, true);
  assert.equal((await socket.ask("join:load", second)).ok, true, "it is in already");
  await socket.ask("leave:load", first);
  assert.equal((await socket.ask("join:load", third)).ok, true, "there is room again");
  const closed = socket.closed();
  refusedWith(await socket.ask("join:load", first), "rate_limited");
  assert.equal(await closed, "io server disconnect");
});

test("a message that is too large ends its connection and no other", async (t) => {
  const open = () => connect(t, server, "/dispatch", { token: maria.token });
  const [loud, calm] = await Promise.all([open(), open()]);
  const closed = loud.closed();
  loud.socket.emit("join:load", { loadId: "x".repeat(100_000) });
  await closed;
  refusedWith(await calm.ask("nonsense"), "bad_request");
});
