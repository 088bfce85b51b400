// Somebody who can reach the Redis of the nodes: they are no node for that.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { as } from "../harness/client.js";
import { clusterFor } from "../harness/cluster.js";
import { metric } from "../harness/metrics.js";
import { eavesdrop, publish } from "../harness/redis_wire.js";
import { follow } from "../harness/socket.js";
import { book } from "../harness/trade.js";
import { until } from "../harness/wait.js";

test("what they make up, change or send again is dropped and counted, and nobody hears it", async (t) => {
  const { nodes, redis } = await clusterFor(t, { loads: 10 });
  const [here, there] = nodes;
  const [maria, john] = await Promise.all([as(here, "maria"), as(there, "john")]);
  const heard = await eavesdrop(t, redis, "headhaul:*");
  const listener = await follow(t, here, "/dispatch", { token: maria.token });
  const load = await book(john);
  await listener.next("load:created", ({ data }) => data.id === load.id);
  const letter = await until(() => heard.find(({ text }) => text.includes("Published") && text.includes(load.id)), "a letter");

  const [version, signature, ...rest] = letter.text.split(".");
  const said = JSON.parse(rest.join("."));
  // The next event of the stream, as another node would tell of it.
  const forged = structuredClone(said);
  forged.number += 1_000;
  forged.from = randomUUID();
  for (const event of forged.message.Published) Object.assign(event, { seq: event.seq + 1, id: randomUUID(), name: "load:forged" });
  const text = JSON.stringify(forged);
  const rejected = (reason) => metric(here, "headhaul_relay_rejected_total", { reason });
  for (const [reason, sent] of [
    ["version", text],
    ["version", `1.${signature}.${text}`],
    ["signature", `${version}.${signature}.${text}`],
    ["signature", `${version}..${text}`],
    ["repeated", letter.text],
  ]) {
    const before = await rejected(reason);
    assert.equal(await publish(t, redis, letter.channel, sent), nodes.length + 1, "all hear it, the listener too");
    await until(async () => (await rejected(reason)) > before, `it is dropped: ${reason}`);
  }
  // The channel of former releases.
  assert.equal(await publish(t, redis, "headhaul:nodes", text), 1, "only who listens to everything hears it");

  const next = await book(john);
  const event = await listener.next("load:created", ({ data }) => data.id === next.id);
  assert.equal(event.seq, said.message.Published[0].seq + 1);
  assert.deepEqual(listener.received.filter(({ event }) => event === "load:forged"), []);
  const times = listener.received.filter(({ event, payload }) => event === "load:created" && payload.data.id === load.id);
  assert.equal(times.length, 1);
});
