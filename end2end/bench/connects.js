// Coming and going: CPU of a connection that is made, let in to a namespace and left, beside Socket.IO on node and bare
// socketioxide, which let everybody in. Here a token is checked and two streams are entered.

import { startCrowd } from "./clients/start.js";
import { beside, medians, microseconds, milliseconds, percentile, sized } from "./figures.js";
import { missing, startAll } from "./rivals.js";
import { cpuOf, cpuSince } from "./usage.js";

const CONNECTS = sized(500, 40);
const CONCURRENCY = 20;
const WARM_UP = sized(200, 20);
const ROUNDS = sized(3, 1);
/** Milliseconds in which a server ends what the last to leave has left behind. */
const AFTER = 200;

export const title = `Connections that come and go (${CONNECTS}, ${CONCURRENCY} at a time, median of ${ROUNDS} rounds)`;

async function run({ pid, newcomer }, crowd) {
  const before = cpuOf(pid);
  const times = await crowd.ask("comeAndGo", { target: newcomer, count: CONNECTS, concurrency: CONCURRENCY });
  await new Promise((resolve) => setTimeout(resolve, AFTER));
  return { cpu: cpuSince(before) / CONNECTS, p50: percentile(times, 50), p99: percentile(times, 99) };
}

export async function measure() {
  const servers = await startAll();
  const crowd = startCrowd();
  try {
    const runs = Object.fromEntries(servers.map(({ name }) => [name, []]));
    for (const { newcomer } of servers) {
      await crowd.ask("comeAndGo", { target: newcomer, count: WARM_UP, concurrency: CONCURRENCY });
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const server of servers) runs[server.name].push(await run(server, crowd));
    }
    const row = (what, field, print) => [what, beside(medians(runs, (run) => run[field]), print)];
    return [
      ...missing(servers),
      row("CPU of a connection, from its begin to its end", "cpu", (value) => microseconds(value * 1_000)),
      row("p50 until it is let in", "p50", milliseconds),
      row("p99 until it is let in", "p99", milliseconds),
    ];
  } finally {
    await crowd.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
}
