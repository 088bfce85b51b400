// Starting the server: what it prints and keeps, and what stops it.

import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { atEnd } from "../harness/cleanup.js";
import { as } from "../harness/client.js";
import { headhaul } from "../harness/command.js";
import { send } from "../harness/http.js";
import { startPostgres } from "../harness/postgres.js";
import { redisFor } from "../harness/redis.js";
import { Server, serverFor } from "../harness/server.js";
import { allLoads } from "../harness/trade.js";

test("it prints its address and the demo's logins, and keeps its key for its owner alone", async (t) => {
  const server = await serverFor(t, { loads: 10 });
  assert.ok(server.log.includes(server.url), "the address");
  assert.ok(server.log.includes("maria@acme.test") || /NAME@acme\.test/.test(server.log), server.log);
  assert.equal(statSync(join(server.dataFolder, "auth.key")).mode & 0o777, 0o600);
  assert.ok(existsSync(join(server.dataFolder, "headhaul.db")));
  for (const path of ["/healthz", "/readyz"]) assert.equal((await send(server.url + path)).status, 200);
});

test("without a password in the settings one is made, kept and printed", async (t) => {
  const server = await serverFor(t, { loads: 10, settings: { DEMO__PASSWORD: "" } });
  const first = server.log;
  await server.restart();
  const again = server.log.slice(first.length);
  const words = (text) => new Set(text.split(/[\s,;:'"`]+/).filter((word) => word.length >= 8));
  const candidates = [...words(first)].filter((word) => words(again).has(word));
  for (const password of candidates) {
    const body = JSON.stringify({ email: "maria@acme.test", password });
    const headers = { "content-type": "application/json" };
    if ((await send(`${server.url}/api/v1/auth/login`, { method: "POST", body, headers })).status === 200) return;
  }
  assert.fail(`no word of the log is the password, before and after a restart:\n${server.log}`);
});

test("the same seed gives the same loads", async (t) => {
  const seen = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const server = await serverFor(t, { loads: 60, settings: { DEMO__SEED: 7 } });
    const loads = await allLoads(await as(server, "sarah"));
    seen.push(loads.map(({ loadNumber, status, customer, origin, destination, miles, equipment, finance, carrier, driver }) =>
      [loadNumber, status, customer, origin, destination, miles, equipment, finance, carrier?.name, driver?.name]));
  }
  assert.deepEqual(seen[0], seen[1]);
});

test("the demo refuses to listen on anything but loopback", async () => {
  const { code, err, out } = await headhaul(["serve", "--demo"], { SERVER__ADDR: "0.0.0.0:29999" });
  assert.notEqual(code, 0);
  assert.match(err, /loopback/);
  assert.match(err, /0\.0\.0\.0:29999/);
  assert.doesNotMatch(out, /http:/);
});

test("an unknown setting or a bad value stops the start, and is named", async () => {
  for (const [name, value, ...words] of [
    ["SERVER__COLOUR", "red", /colour/i],
    ["REALTIME__STATE_INTERVAL", "soon", /state_interval/i, /15s|500ms|30m/],
    ["LIMITS__BODY_BYTES", "plenty", /body_bytes/i],
    ["SERVER__ADDR", "here", /addr/i],
    ["DEMO__SIMULATE", "perhaps", /simulate/i],
  ]) {
    const { code, err } = await headhaul(["serve"], { [name]: value });
    assert.notEqual(code, 0, name);
    for (const word of words) assert.match(err, word);
    assert.doesNotMatch(err, /panicked/);
  }
});

test("migrating makes the tables and stops", async () => {
  const { code, err } = await headhaul(["migrate"]);
  assert.equal(code, 0, err);
});

test("an unknown command is explained", async () => {
  const { code, err } = await headhaul(["fly"]);
  assert.notEqual(code, 0);
  assert.match(err, /unrecognized subcommand 'fly'[^]*--help/);
});

describe("without Redis a node is alone on its PostgreSQL", () => {
  const take = (postgres, settings = {}) => ({
    loads: 10,
    settings: { DATABASE__URL: postgres.url, DEMO__PASSWORD: "correct horse", REALTIME__TAKEOVER_WAIT: "1s", ...settings },
  });
  const postgresFor = async (t) => {
    const postgres = await startPostgres();
    atEnd(t, () => postgres.stop());
    return postgres;
  };

  test("a second one refuses to start, and so does one with Redis", async (t) => {
    const postgres = await postgresFor(t);
    const redis = await redisFor(t);
    await serverFor(t, take(postgres));
    await assert.rejects(Server.start(take(postgres)), /another node works on this database/);
    await assert.rejects(Server.start(take(postgres, { REALTIME__REDIS_URL: redis.url })), /a node without Redis works/);
  });

  test("nodes with Redis are several, and one without does not join them", async (t) => {
    const postgres = await postgresFor(t);
    const redis = await redisFor(t);
    for (let node = 0; node < 2; node += 1) await serverFor(t, take(postgres, { REALTIME__REDIS_URL: redis.url }));
    await assert.rejects(Server.start(take(postgres)), /another node works on this database/);
  });

  test("the next one waits for the one before it to end", async (t) => {
    const postgres = await postgresFor(t);
    const first = await serverFor(t, take(postgres));
    const next = serverFor(t, take(postgres, { REALTIME__TAKEOVER_WAIT: "60s" }));
    await first.stop();
    const maria = await as(await next, "maria");
    assert.equal((await maria.get("/auth/me")).status, 200);
  });
});
