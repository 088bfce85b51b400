// A free port on loopback.

import { createServer } from "node:net";
import { randomInt } from "node:crypto";

// Below the ports that the system gives to outgoing connections: a browser that keeps trying to reach a server which is
// down would otherwise be given that very port one day, and be connected to itself.
const FIRST = 20_000;
const LAST = 30_000;

// Test files run side by side in processes of their own: each draws from its own ports.
const SHARE = 100;
const MINE = FIRST + (process.pid % ((LAST - FIRST) / SHARE)) * SHARE;

let last = randomInt(SHARE);

/** A port on which nobody listens now. They go round: one whose server is down for a while is not given to another. */
export async function freePort() {
  for (;;) {
    last = (last + 1) % SHARE;
    if (await isFree(MINE + last)) return MINE + last;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
