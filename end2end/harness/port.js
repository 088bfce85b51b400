// A free port on loopback.

import { createServer } from "node:net";
import { randomInt } from "node:crypto";

// Below the ports that the system gives to outgoing connections: a browser that keeps trying to reach a server which is
// down would otherwise be given that very port one day, and be connected to itself.
const FIRST = 20_000;
const LAST = 30_000;

/** A port on which nobody listens now. */
export async function freePort() {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
