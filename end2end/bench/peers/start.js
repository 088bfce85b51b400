// Starts a peer in a process of its own, as the server under measure is.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { watch } from "../../harness/leftovers.js";

/** Runs bench/peers/{name}.js; `setup` is sent to it, and it answers with its port. */
export async function startPeer(name, setup = {}) {
  const child = watch(fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), { stdio: "inherit" }));
  child.send(setup);
  const [{ port }] = await once(child, "message");
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
