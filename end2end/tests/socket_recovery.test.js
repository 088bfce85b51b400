// A client that comes back is sent what it missed, in order, or is told that it must fetch anew. Nothing in silence.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { as } from "../harness/client.js";
import { assertNoMoney, assertNumbered, eventsAfter, head } from "../harness/expect.js";
import { serverFor, serversForThisFile } from "../harness/server.js";
import { connect, follow } from "../harness/socket.js";
import { book, bookAt, step } from "../harness/trade.js";

const REPLAY_CAP = 30;

for (const [database, server] of await serversForThisFile({ settings: { REALTIME__REPLAY_CAP: REPLAY_CAP } })) {
  const [maria, sarah, swift] = await Promise.all(["maria", "sarah", "swift"].map((who) => as(server, who)));

  /** Connects knowing a place in the person's own stream, and waits for the state that follows the replay. */
  const comeBack = (t, person, { stream, epoch, seq }, transports) =>
    follow(t, server, "/dispatch", { token: person.token, auth: { cursors: { [stream]: { epoch, seq } } }, transports });

  describe(`recovery on ${database}`, () => {
    for (const transport of ["websocket", "polling"]) {
      test(`what was missed comes in order, then the state, over ${transport}`, async (t) => {
        const place = await head(maria);
        const first = await follow(t, server, "/dispatch", { token: maria.token, transports: [transport] });
        first.close();
        let load = await bookAt(sarah, "PLANNING");
        for (const status of ["PENDING", "TENDERED", "ACCEPTED"]) load = await step(sarah, load, status);
        const back = await comeBack(t, maria, place, [transport]);
        const stored = await eventsAfter(maria, place);
        assert.deepEqual(back.numbered, stored, "as GET /events has them");
        assertNumbered(back.numbered, place.seq);
        assertNoMoney(back.received, "a replay for a dispatcher");
        assert.deepEqual(back.received.at(-1).event, "stream:state");
        const { epoch, seq } = stored.at(-1);
        assert.deepEqual(back.state, { stream: "tenant", epoch, seq, recovered: true });
      });
    }

    test("who missed nothing is told so", async (t) => {
      const place = await head(maria);
      const back = await comeBack(t, maria, place);
      assert.deepEqual(back.received.map(({ event }) => event), ["stream:state"]);
      assert.deepEqual(back.state, { ...place, recovered: true });
    });

    test("who knows no place gets no events, and is told to fetch", async (t) => {
      const place = await head(maria);
      const fresh = await follow(t, server, "/dispatch", { token: maria.token });
      assert.deepEqual(fresh.received.map(({ event }) => event), ["stream:state"]);
      assert.deepEqual(fresh.state, { ...place, recovered: false });
    });

    test("a place that can't be known is lost: no events, recovered false", async (t) => {
      await book(maria);
      const place = await head(maria);
      const lost = {
        "another epoch": { ...place, epoch: "another", seq: 0 },
        "a number beyond the end": { ...place, seq: place.seq + 5 },
        "a negative number": { ...place, seq: -1 },
      };
      for (const [name, cursor] of Object.entries(lost)) {
        const back = await comeBack(t, maria, cursor);
        assert.deepEqual(back.numbered, [], name);
        assert.deepEqual(back.state, { ...place, recovered: false }, name);
      }
      for (const cursors of ["nonsense", 7, { tenant: "x" }, { tenant: { epoch: place.epoch, seq: "1" } }]) {
        const back = await follow(t, server, "/dispatch", { token: maria.token, auth: { cursors } });
        assert.deepEqual(back.state, { ...place, recovered: false }, JSON.stringify(cursors));
      }
    });

    test("as many as the cap come again, one more does not", async (t) => {
      const place = await head(maria);
      for (let n = 0; n < REPLAY_CAP; n += 1) await book(maria);
      const within = await comeBack(t, maria, place);
      assert.equal(within.numbered.length, REPLAY_CAP);
      assert.equal(within.state.recovered, true);
      await book(maria);
      const beyond = await comeBack(t, maria, place);
      assert.deepEqual(beyond.numbered, []);
      assert.equal(beyond.state.recovered, false);
      assert.equal(beyond.state.seq, place.seq + REPLAY_CAP + 1);
    });

    test("nobody recovers the stream of another audience", async (t) => {
      const place = await head(maria);
      await book(maria);
      const back = await follow(t, server, "/dispatch", {
        token: swift.token,
        auth: { cursors: { tenant: { epoch: place.epoch, seq: 0 } } },
      });
      assert.equal(back.state.stream, `carrier:${swift.user.carrierId}`);
      assert.equal(back.state.recovered, false);
      assert.deepEqual(back.numbered, []);
    });
  });
}

test("a client that comes and goes while others work misses nothing and is told nothing twice", async (t) => {
  const server = await serverFor(t, { loads: 10 });
  const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((who) => as(server, who)));
  const beginning = await head(maria);
  let working = true;
  const workers = [john, sarah].map(async (person) => {
    let load = await book(person);
    while (working) {
      const answer = await person.patch(`/loads/${load.id}`, { version: load.version, hot: !load.hot });
      assert.equal(answer.status, 200, answer.text);
      load = answer.json.data;
    }
  });

  const heard = [];
  const { stream, epoch } = beginning;
  for (let visit = 0; visit < 25; visit += 1) {
    const seq = heard.at(-1)?.seq ?? beginning.seq;
    const transports = [visit % 2 ? "polling" : "websocket"];
    const auth = { cursors: { [stream]: { epoch, seq } } };
    const listener = await connect(t, server, "/dispatch", { token: maria.token, auth, transports });
    assert.equal((await listener.next("stream:state")).recovered, true);
    await listener.next("load:updated", (event) => event.seq > seq + 3);
    listener.close();
    heard.push(...listener.numbered);
  }
  working = false;
  await Promise.all(workers);
  assertNumbered(heard, beginning.seq);
  const stored = await eventsAfter(maria, beginning, 1_000);
  assert.deepEqual(heard, stored.slice(0, heard.length));
});
