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

const example = (name) => join(dirname(process.env.HEADHAUL_BIN), "examples", name);

/** Starts server/examples/{name}.rs, built beside the server under measure; nothing where it has not been built. */
export async function startExample(name, parameters = [], file = example(name)) {
  if (!existsSync(file)) return undefined;
  const child = watch(spawn(file, parameters, { stdio: ["ignore", "pipe", "inherit"] }));
  const [line] = await within(once(child.stdout.setEncoding("utf8"), "data"), TIMEOUT, `the port of ${name}`);
  return running(child, Number(line));
}

/** The bare socketioxide server. */
export const startBare = () => startExample("bare_socketioxide", [], process.env.HEADHAUL_BARE_BIN);

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
