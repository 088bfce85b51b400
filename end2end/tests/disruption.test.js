// Connections that never last: every client is what the database is in the end, and nothing was lost in silence.
//
// HEADHAUL_SOAK=full runs 200 clients for a minute each instead of 60 for seconds.

import { test } from "node:test";
import { balancerFor } from "../harness/balancer.js";
import { clusterForThisFile } from "../harness/cluster.js";
import { serverFor } from "../harness/server.js";
import { SETTINGS, soak } from "../harness/soak.js";

const cluster = await clusterForThisFile({ loads: 20, settings: SETTINGS });

test("on one node, clients that are cut all the time end with what the database holds", async (t) => {
  const server = await serverFor(t, { loads: 20, settings: SETTINGS });
  const balancer = await balancerFor(t, [server.port]);
  await soak(t, { url: balancer.url, password: server.password }, balancer);
});

test("on two nodes, clients that are cut all the time end with what the database holds", async (t) => {
  await soak(t, cluster, cluster.balancer);
});

test("so they do when a node is killed under them and comes back", async (t) => {
  const [, node] = cluster.nodes;
  await soak(t, cluster, cluster.balancer, async () => {
    await node.kill();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await node.restart();
  });
});
