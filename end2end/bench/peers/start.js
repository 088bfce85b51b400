// Starts a peer in a process of its own, as the server under measure is.

import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { watch } from "../../harness/leftovers.js";
import { within } from "../../harness/wait.js";

const TIMEOUT = 10_000;

/** Runs bench/peers/{name}.js; `setup` is sent to it, and it answers with its port. */
export async function startPeer(name, setup = {}) {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const child = watch(fork(file, { stdio: "inherit", execArgv: ["--expose-gc"] }));
  child.send(setup);
  const [{ port }] = await once(child, "message");
  return {
    ...running(child, port),
    /** Has it give back what it no longer needs, so that its memory is what it holds. */
    async collect() {
      const collected = once(child, "message");
      child.send("collect");
      await collected;
    },
  };
}

/** The bare socketioxide server beside the server under measure. */
const bare = () => process.env.HEADHAUL_BARE_BIN ?? join(dirname(process.env.HEADHAUL_BIN), "examples/bare_socketioxide");

/** Starts server/examples/bare_socketioxide.rs, or gives nothing where it has not been built. */
export async function startBare() {
  if (!existsSync(bare())) return undefined;
  const child = watch(spawn(bare(), { stdio: ["ignore", "pipe", "inherit"] }));
  const [line] = await within(once(child.stdout.setEncoding("utf8"), "data"), TIMEOUT, "the port of the bare server");
  return running(child, Number(line));
}

function running(child, port) {
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    async stop() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
