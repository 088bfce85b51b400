// Several nodes of one system: they share a PostgreSQL and a Redis, and stand behind a balancer.

import { randomBytes } from "node:crypto";
import { after } from "node:test";
import { balancerFor } from "./balancer.js";
import { atEnd } from "./cleanup.js";
import { startPostgres } from "./postgres.js";
import { redisFor } from "./redis.js";
import { Server } from "./server.js";

/** Nodes for all tests of the file that asks; they end with them. */
export function clusterForThisFile(options) {
  return clusterFor({ after }, options);
}

/**
 * Starts nodes for one test. The answer is what a person of harness/client.js takes as a server, through the balancer;
 * `nodes` are the servers themselves, which can be stopped, killed and restarted one by one.
 *
 * `redis: false`: Redis is not there yet, and the nodes start without it.
 */
export async function clusterFor(test, { nodes: count = 2, redis: hasRedis = true, loads = 20, settings = {} } = {}) {
  const postgres = await startPostgres();
  atEnd(test, () => postgres.stop());
  const redis = await redisFor(test, { running: hasRedis });
  const password = randomBytes(9).toString("base64url");
  const shared = {
    DATABASE__URL: postgres.url,
    REALTIME__REDIS_URL: redis.url,
    DEMO__PASSWORD: password,
    ...settings,
  };
  const nodes = [];
  // One after the other: the first seeds the demo, the others find it.
  for (let n = 0; n < count; n += 1) {
    const node = await Server.start({ loads, settings: shared, readiness: hasRedis ? "/readyz" : "/healthz" });
    atEnd(test, () => node.close());
    nodes.push(node);
  }
  const balancer = await balancerFor(test, nodes.map(({ port }) => port));
  return { nodes, redis, balancer, url: balancer.url, password };
}
