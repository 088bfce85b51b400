// A server is backed up under way and restored elsewhere: those who were there come back without mixing two pasts.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { atEnd } from "../harness/cleanup.js";
import { Client, as } from "../harness/client.js";
import { headhaul } from "../harness/command.js";
import { assertNumbered, eventsAfter, head } from "../harness/expect.js";
import { temporaryFolder } from "../harness/leftovers.js";
import { startPostgres } from "../harness/postgres.js";
import { DATABASES, serverFor } from "../harness/server.js";
import { follow } from "../harness/socket.js";
import { book, bookAt } from "../harness/trade.js";
import { until } from "../harness/wait.js";

for (const database of DATABASES) {
  test(`what is backed up under traffic comes back elsewhere, and clients fetch anew, on ${database}`, async (t) => {
    const server = await serverFor(t, { database, loads: 20 });
    const { folder, remove } = temporaryFolder();
    atEnd(t, remove);
    const maria = await as(server, "maria");
    const kept = await bookAt(maria, "TENDERED");
    const of = (data, url) => ({ SERVER__DATA_DIR: data, DATABASE__URL: url });

    const confirmed = [];
    let isWriting = true;
    const writing = (async () => {
      while (isWriting) confirmed.push(await book(maria));
    })();
    await until(() => confirmed.length >= 5, "some loads are booked");
    const before = confirmed.length;
    const file = join(folder, "headhaul.backup");
    const backedUp = await headhaul(["backup", file], of(server.dataFolder, server.databaseUrl));
    assert.equal(backedUp.code, 0, backedUp.err);
    await until(() => confirmed.length >= before + 10, "loads are booked after the backup");
    isWriting = false;
    await writing;
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const place = await head(maria);
    const clash = await headhaul(["restore", file, "--replace"], of(server.dataFolder, server.databaseUrl));
    assert.match(clash.err, /the database is in use/);
    assert.equal(clash.code, 1);
    assert.equal((await maria.data(`/loads/${kept.id}`)).status, "TENDERED", "the server goes on");

    const data = join(folder, "elsewhere");
    let url = `sqlite://${join(data, "headhaul.db")}`;
    if (database === "postgres") {
      const postgres = await startPostgres();
      atEnd(t, () => postgres.stop());
      url = postgres.url;
    }
    const restored = await headhaul(["restore", file], of(data, url));
    assert.equal(restored.code, 0, restored.err);
    assert.match(restored.out, /^Restored \d+ rows as of .*, and verified\.\n$/);

    const settings = { ...of(data, url), DEMO__PASSWORD: server.password };
    const elsewhere = await serverFor(t, { settings });
    const there = new Client(elsewhere, { token: maria.token, user: maria.user });
    assert.equal((await there.data(`/loads/${kept.id}`)).status, "TENDERED", "the token is good, the load is there");
    for (const load of confirmed.slice(0, before)) assert.equal((await there.data(`/loads/${load.id}`)).id, load.id);
    assert.equal((await there.get(`/loads/${confirmed.at(-1).id}`)).status, 404);

    // As a client that lost its connection comes back with all that it knows.
    const cursors = { [place.stream]: { epoch: place.epoch, seq: place.seq } };
    const back = await follow(t, elsewhere, "/dispatch", { token: maria.token, auth: { cursors } });
    assert.deepEqual(back.numbered, []);
    assert.equal(back.state.recovered, false);
    assert.notEqual(back.state.epoch, place.epoch);
    const beginning = await head(there);
    // More happens than the restored past was short of: the old place is none in it.
    for (let n = 0; n < 20; n += 1) await book(there);
    const again = await follow(t, elsewhere, "/dispatch", { token: maria.token, auth: { cursors } });
    assert.deepEqual([again.numbered, again.state.recovered], [[], false]);
    assertNumbered(await eventsAfter(there, beginning), beginning.seq);
  });
}
