// One change told to 300 sockets, 20 times a second: time to each socket and CPU for each delivery, beside Socket.IO on
// node and bare socketioxide, which send the same bytes but neither check nor store anything.

import { startCrowd } from "./clients/start.js";
import { beside, kilobytes, medians, microseconds, milliseconds, now, percentile, rate, sized } from "./figures.js";
import { EVENT, agreeOnTheEvent, missing, startAll } from "./rivals.js";
import { cpuOf, cpuSince } from "./usage.js";

const RECEIVERS = sized(300, 30);
const ROUNDS = sized(3, 1);
/** Milliseconds from one event to the next. */
const STEP = 50;
const EVENTS = sized(160, 20);
/** Events without anybody to hear them: what the change itself costs. */
const UNHEARD = sized(60, 10);
/** Events one after the other, as fast as the server answers; fewer than bare socketioxide keeps for a slow reader. */
const BURST = sized(100, 10);
/** Milliseconds in which nothing happens: what the connections cost by themselves. */
const IDLE = sized(1_500, 500);
const CONCURRENCY = 20;

export const title = `A stored change told to ${RECEIVERS} sockets, ${1_000 / STEP} a second (median of ${ROUNDS} rounds)`;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Fires again and again, `step` ms apart or once the server has answered; gives when each began and how long it took. */
async function fire(server, times, step = STEP) {
  const [began, took] = [[], []];
  const start = now();
  for (let n = 0; n < times; n += 1) {
    const wait = start + n * step - now();
    if (wait > 0) await pause(wait);
    began.push(now());
    await server.fire();
    took.push(now() - began.at(-1));
  }
  return { began, took };
}

/** CPU time of a server while `job` runs, apart from what it takes when idle, and what `job` gave. */
async function cpuDuring(server, job) {
  const idle = cpuOf(server.pid);
  await pause(IDLE);
  const usual = cpuSince(idle) / IDLE;
  const [before, start] = [cpuOf(server.pid), now()];
  const result = await job();
  const took = now() - start;
  return { ...result, seconds: took / 1_000, cpu: Math.max(cpuSince(before) - usual * took, 0) };
}

async function run(server, crowd) {
  const unheard = await cpuDuring(server, () => fire(server, UNHEARD));
  await crowd.ask("open", { target: server.target, count: RECEIVERS, concurrency: CONCURRENCY });
  const heard = await cpuDuring(server, async () => {
    await crowd.ask("count", { event: EVENT, times: EVENTS });
    const { began, took } = await fire(server, EVENTS);
    return { began, took, arrivals: await crowd.ask("arrivals") };
  });
  await crowd.ask("count", { event: EVENT, times: BURST });
  const burst = await fire(server, BURST, 0);
  const last = (await crowd.ask("arrivals")).reduce((latest, times) => Math.max(latest, times.at(-1)), 0);
  await crowd.ask("close");
  const { began, took, arrivals } = heard;
  if (arrivals.some((times) => times.length !== EVENTS)) throw new Error(`${server.name} sent an event twice`);
  const deliveries = EVENTS * RECEIVERS;
  const delays = arrivals.flatMap((times) => Array.from(times, (at, n) => at - began[n]));
  const spreads = began.map((_, n) => {
    const at = arrivals.map((times) => times[n]);
    return Math.max(...at) - Math.min(...at);
  });
  const change = unheard.cpu / UNHEARD;
  return {
    rate: deliveries / heard.seconds,
    fullRate: (BURST * RECEIVERS) / ((last - burst.began[0]) / 1_000),
    p50: percentile(delays, 50),
    p99: percentile(delays, 99),
    answer: percentile(took, 50),
    spread: percentile(spreads, 50),
    change,
    whole: heard.cpu / deliveries,
    delivery: Math.max(heard.cpu - change * EVENTS, 0) / deliveries,
  };
}

export async function measure() {
  const servers = await startAll();
  const crowd = startCrowd();
  try {
    const bytes = await agreeOnTheEvent(servers);
    const runs = Object.fromEntries(servers.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const server of servers) runs[server.name].push(await run(server, crowd));
    }
    const row = (what, field, print) => [what, beside(medians(runs, (run) => run[field]), print)];
    const cpu = (value) => microseconds(value * 1_000);
    return [
      ...missing(servers),
      [`bytes of ${EVENT}`, kilobytes(bytes)],
      row("deliveries, paced", "rate", rate),
      row(`deliveries of ${BURST} changes at full speed`, "fullRate", rate),
      row("p50 from the request to a delivery", "p50", milliseconds),
      row("p99 from the request to a delivery", "p99", milliseconds),
      row("p50 from the request to its answer", "answer", milliseconds),
      row("p50 from the first socket to the last", "spread", milliseconds),
      row("CPU of a delivery and its share of the change", "whole", cpu),
      row("CPU of a change that nobody hears", "change", cpu),
      row("CPU of a delivery alone", "delivery", cpu),
    ];
  } finally {
    await crowd.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
}
