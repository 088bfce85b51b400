// What a connection costs that does nothing: resident memory of the server with 2,000 of them, beside Socket.IO on node
// and bare socketioxide; then 10,000 of them at Headhaul, which must still answer.

import { startCrowd } from "./clients/start.js";
import { beside, kibibytes, medians, milliseconds, now, sized } from "./figures.js";
import { EVENT, missing, startFloor, startNode, startOwn } from "./rivals.js";
import { allowOpenFiles, memoryOf } from "./usage.js";

const IDLE = sized(2_000, 100);
const MANY = sized(10_000, 300);
const ROUNDS = sized(3, 1);
/** Connections that are there before: whatever a server makes only once is not counted. */
const FIRST = sized(100, 10);
const CONCURRENCY = 25;
const SETTLE = sized(2_000, 500);
const HOLD = sized(20_000, 1_000);
/** Files that a server has open beside its connections. */
const OTHER_FILES = 200;

export const title = `Memory of a connection that does nothing (${IDLE} in namespace /dispatch, median of ${ROUNDS} rounds)`;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Each time a new process, since memory is not given back when connections end. */
async function run(start) {
  const server = await start();
  const crowd = startCrowd();
  try {
    const open = (count) => crowd.ask("open", { target: server.target, count, concurrency: CONCURRENCY });
    await open(FIRST);
    await server.settle();
    await pause(SETTLE);
    const before = memoryOf(server.pid);
    await open(IDLE);
    const atOnce = memoryOf(server.pid);
    await server.settle();
    await pause(SETTLE);
    const settled = memoryOf(server.pid);
    return { atOnce: (atOnce - before) / IDLE, settled: (settled - before) / IDLE };
  } finally {
    await crowd.stop();
    await server.stop();
  }
}

/** As many as the system lets a process have, up to the number asked for, held for a while, and then told something. */
async function holdMany() {
  const server = await startOwn();
  const crowds = [startCrowd(), startCrowd()];
  const all = (command, asked) => Promise.all(crowds.map((crowd) => crowd.ask(command, asked)));
  try {
    const allowed = allowOpenFiles(server.pid, MANY + OTHER_FILES);
    const each = Math.floor(Math.min(MANY, allowed - OTHER_FILES) / crowds.length);
    const count = each * crowds.length;
    const before = memoryOf(server.pid);
    const began = now();
    await all("open", { target: server.target, count: each, concurrency: CONCURRENCY });
    const opened = now() - began;
    await pause(HOLD);
    const memory = (memoryOf(server.pid) - before) / count;
    await all("count", { event: EVENT, times: 1 });
    const asked = now();
    await server.fire();
    const answered = now() - asked;
    const arrivals = (await all("arrivals")).flat(2).flatMap((times) => Array.from(times));
    const states = await all("state");
    const sum = (field) => states.reduce((total, state) => total + state[field], 0);
    const limited = count < MANY ? ` (the system allows ${allowed} open files)` : "";
    const what = `${count} connections`;
    return [
      [`${what}, opened`, `in ${(opened / 1_000).toFixed(1)} s${limited}`],
      [`${what}, memory of each`, kibibytes(memory)],
      [`${what}, after ${HOLD / 1_000} s`, `${sum("open")} open, ${sum("pings")} pings answered`],
      [`${what}, a change is answered`, `after ${milliseconds(answered)}`],
      [`${what}, the last has heard of it`, `after ${milliseconds(arrivals.reduce((a, b) => Math.max(a, b)) - asked)}`],
    ];
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.stop()));
    await server.stop();
  }
}

export async function measure() {
  const runs = {};
  const starts = { own: startOwn, node: startNode, floor: startFloor };
  const bare = await startFloor();
  await bare?.stop();
  if (!bare) delete starts.floor;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, start] of Object.entries(starts)) (runs[name] ??= []).push(await run(start));
  }
  const row = (what, field) => [what, beside(medians(runs, (run) => run[field]), kibibytes)];
  return [
    ...missing(Object.keys(starts).map((name) => ({ name }))),
    row("memory of a connection, at once", "atOnce"),
    row(`... ${SETTLE / 1_000} s later, node after a collection`, "settled"),
    ...(await holdMany()),
  ];
}
