// Redis behind TLS: its certificate is verified, and nothing is said in the clear instead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeCertificates } from "../harness/certificates.js";
import { atEnd } from "../harness/cleanup.js";
import { headhaul } from "../harness/command.js";
import { send } from "../harness/http.js";
import { temporaryFolder } from "../harness/leftovers.js";
import { redisFor } from "../harness/redis.js";
import { serverFor } from "../harness/server.js";
import { until } from "../harness/wait.js";

test("a certificate that the named authority signed is taken, and one of another is not", async (t) => {
  const redis = await redisFor(t, { tls: true });
  const trusting = { REALTIME__REDIS_URL: redis.url, REALTIME__REDIS_CA: redis.ca };
  // Ready: the node hears over Redis what it says.
  await serverFor(t, { loads: 10, settings: trusting });

  const other = temporaryFolder();
  atEnd(t, () => other.remove());
  for (const [who, ca] of [["another's", makeCertificates(other.folder).ca], ["only the system's", ""]]) {
    const before = redis.log.length;
    const settings = { ...trusting, REALTIME__REDIS_CA: ca };
    const server = await serverFor(t, { loads: 10, settings, readiness: "/healthz" });
    // The node ends what it is not sure of, and Redis tells of it.
    await until(() => redis.log.slice(before).includes("Error accepting a client connection"), who, 30_000);
    assert.equal((await send(`${server.url}/readyz`)).status, 503, who);
  }
});

test("a Redis on another machine is not spoken to in the clear, and a file of authorities must hold one", async () => {
  const plain = await headhaul(["serve"], { REALTIME__REDIS_URL: "redis://cache.example:6379" });
  assert.notEqual(plain.code, 0);
  assert.match(plain.err, /realtime\.redis_url.*rediss:/);
  const files = { REALTIME__REDIS_URL: "rediss://localhost:1", REALTIME__REDIS_CA: "/dev/null" };
  const missing = await headhaul(["serve"], { ...files, SERVER__ADDR: "127.0.0.1:0" });
  assert.notEqual(missing.code, 0);
  assert.match(missing.err, /realtime\.redis_ca/);
});
