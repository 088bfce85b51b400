// SIGKILL at random moments while loads are being moved: nothing that was confirmed is lost, nor its event.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { assertNumbered, eventsAfter, head } from "../harness/expect.js";
import { DATABASES, serverFor } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { STATUSES, book, bookAt } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const ROUNDS = 6;

for (const database of DATABASES) {
  test(`a server that is killed keeps every confirmed change and its event, on ${database}`, async (t) => {
    const server = await serverFor(t, { database, loads: 10 });
    const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((who) => as(server, who)));
    // Read before everything: the epoch must survive every kill.
    const beginning = await head(maria);
    const { stream, epoch } = beginning;

    for (let round = 1; round <= ROUNDS; round += 1) {
      const place = await head(maria);
      const watcher = await follow(t, server, "/dispatch", { token: maria.token });
      const workers = await Promise.all([maria, john, sarah].map((person) => Worker.start(person)));
      const confirmed = () => workers.flatMap((worker) => worker.confirmed);
      const enough = randomInt(5, 60);
      await until(() => confirmed().length >= enough, `${enough} confirmed changes`, 60_000);
      await server.kill();
      await Promise.all(workers.map((worker) => worker.done));
      watcher.close();
      await server.restart();
      t.diagnostic(`round ${round}: killed after ${confirmed().length} confirmed changes`);

      // What was confirmed is there; at most the one change that was under way may be there, too.
      for (const { person, load } of workers) {
        const now = await person.data(`/loads/${load.id}`);
        assert.ok([load.version, load.version + 1].includes(now.version), `version ${now.version} after ${load.version}`);
        if (now.version === load.version) assert.equal(now.status, load.status);
      }

      // Their events are, too, under numbers without a gap, in the same epoch.
      const events = await eventsAfter(maria, beginning, 500);
      assertNumbered(events, beginning.seq);
      assert.ok(events.every((event) => event.epoch === epoch));
      for (const { id, version } of confirmed()) {
        const own = events.filter(({ data }) => [data.loadId, data.id].includes(id) && data.version === version);
        assert.ok(own.length >= 1, `the event of ${id} at version ${version}`);
      }
      for (const { load } of workers) assertVersionsFollow(events, load);
      assert.deepEqual(await head(maria), { stream, epoch, seq: events.at(-1).seq });

      // What the watcher was sent is what is stored: nothing was told before it was committed.
      const stored = events.filter((event) => event.seq > place.seq);
      assert.deepEqual(watcher.numbered, stored.slice(0, watcher.numbered.length));

      // The watcher comes back, and is sent the rest.
      const seq = watcher.numbered.at(-1)?.seq ?? place.seq;
      const cursors = { [stream]: { epoch, seq } };
      const back = await follow(t, server, "/dispatch", { token: maria.token, auth: { cursors } });
      assert.deepEqual(back.numbered, stored.slice(watcher.numbered.length));
      assert.deepEqual(back.state, { stream, epoch, seq: events.at(-1).seq, recovered: true });
      back.close();
    }
  });
}

test("a server that is stopped and started again goes on counting", async (t) => {
  const server = await serverFor(t, { loads: 10 });
  const maria = await as(server, "maria");
  const load = await book(maria);
  const place = await head(maria);
  const board = await maria.data("/loads/board");
  await server.restart();
  assert.deepEqual(await head(maria), place);
  assert.deepEqual((await maria.data("/loads/board")).cards, board.cards, "the demo is not seeded again");
  const next = await book(maria);
  assert.equal(Number(next.loadNumber.split("-")[2]), Number(load.loadNumber.split("-")[2]) + 1);
  assert.equal((await head(maria)).seq, place.seq + 1);
});

/** Changes a load as fast as it is answered, until the server is gone. */
class Worker {
  confirmed = [];

  static async start(person) {
    const worker = new Worker();
    worker.person = person;
    worker.load = await bookAt(person, "PENDING");
    worker.done = worker.#work();
    return worker;
  }

  async #work() {
    for (let turn = 0; ; turn += 1) {
      const answer = await this.#change(turn).catch(() => undefined);
      // No answer: the server is gone, and the change is not confirmed.
      if (!answer) return;
      assert.equal(answer.status, 200, answer.text);
      this.load = answer.json.data;
      this.confirmed.push({ id: this.load.id, version: this.load.version });
    }
  }

  /** Steps forward while there is a step, and patches in between. */
  #change(turn) {
    const { id, version, status, hot } = this.load;
    const next = STATUSES[STATUSES.indexOf(status) + 1];
    if (turn % 5 === 0 && next !== "COMPLETED") {
      return this.person.patch(`/loads/${id}/status`, { status: next, version });
    }
    return this.person.patch(`/loads/${id}`, { version, hot: !hot });
  }
}

/** Each version of a load was told once, and one after the other. */
function assertVersionsFollow(events, load) {
  const versions = events
    .filter(({ data }) => [data.loadId, data.id].includes(load.id))
    // A step that changes more of the card than the status tells so by a second event of the same version.
    .map(({ data }) => data.version)
    .filter((version, index, all) => version !== all[index - 1]);
  assert.deepEqual(versions, versions.map((_, index) => index + 1), "the versions of a load follow one another");
}
