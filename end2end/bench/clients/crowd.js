// The process of the clients: connections by the hundreds, apart from who measures. Told what to do by clients/start.js.

import { within } from "../../harness/wait.js";
import { now } from "../figures.js";
import { Wire } from "./wire.js";

const TIMEOUT = 30_000;

/** The connections that are held, and when each heard the event that is counted. */
let held = [];
let heard = [];
let counted = { event: undefined, of: 0, done: () => {} };

/** Does `job` `count` times, `concurrency` at a time. */
async function repeat(count, concurrency, job) {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await job();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function openOne(target, hear) {
  const wire = new Wire(target, hear);
  await within(wire.ready, TIMEOUT, `connection to ${target.namespace}`);
  return wire;
}

function listener(namespace, arrivals) {
  return (bytes, begin, end) => {
    const start = `42${namespace},["${counted.event}"`;
    if (end - begin < start.length || bytes.latin1Slice(begin, begin + start.length) !== start) return;
    arrivals.push(now());
    if (arrivals.length === counted.of) counted.done();
  };
}

const commands = {
  /** Opens and holds `count` connections more. */
  async open({ target, count, concurrency }) {
    await repeat(count, concurrency, async () => {
      const arrivals = [];
      held.push(await openOne(target, listener(target.namespace, arrivals)));
      heard.push(arrivals);
    });
  },

  /** From now on this event is counted, until each connection has heard it `times` times. */
  async count({ event, times }) {
    for (const arrivals of heard) arrivals.length = 0;
    let missing = heard.length;
    const all = new Promise((resolve) => {
      const done = () => {
        missing -= 1;
        if (missing === 0) resolve();
      };
      counted = { event, of: times, done };
    });
    counted.all = all;
  },

  /** When each connection heard the event, each time. Waits until all have. */
  async arrivals() {
    await within(counted.all, TIMEOUT, "the last delivery");
    return heard.map((arrivals) => Float64Array.from(arrivals));
  },

  /** How many are still there, and how many pings they answered. */
  async state() {
    const open = held.filter((wire) => wire.isOpen);
    return { open: open.length, pings: held.reduce((sum, wire) => sum + wire.pings, 0) };
  },

  async close() {
    const all = Promise.all(held.filter((wire) => wire.isOpen).map((wire) => wire.leave()));
    [held, heard] = [[], []];
    await within(all, TIMEOUT, "the end of the connections");
  },

  /** Connects and leaves again, `count` times; how long each took until it was let in. */
  async comeAndGo({ target, count, concurrency }) {
    const times = [];
    await repeat(count, concurrency, async () => {
      const began = performance.now();
      const wire = await openOne(target);
      times.push(performance.now() - began);
      await within(wire.leave(), TIMEOUT, "the end of the connection");
    });
    return times;
  },
};

process.on("message", ({ id, command, asked }) => {
  commands[command](asked).then(
    (answer) => process.send({ id, answer }),
    (error) => process.send({ id, error: error.message }),
  );
});
