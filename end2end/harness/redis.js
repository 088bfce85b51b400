// A private Redis in a temporary folder, which can be stopped and started again on the same port.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { makeCertificates } from "./certificates.js";
import { atEnd } from "./cleanup.js";
import { temporaryFolder, watch } from "./leftovers.js";
import { freePort } from "./port.js";
import { until, within } from "./wait.js";

const STARTS = 3;
const START_TIMEOUT = 20_000;
const STOP_TIMEOUT = 10_000;

/**
 * A Redis for one test; `{ running: false }` has a port and is not started yet. `{ tls: true }` speaks TLS alone, with a
 * certificate that the authority in the file `ca` has signed.
 */
export async function redisFor(test, { running = true, tls = false } = {}) {
  for (let start = 1; ; start += 1) {
    const redis = new Redis(await freePort(), tls);
    atEnd(test, () => redis.close());
    if (!running) return redis;
    try {
      await redis.start();
      return redis;
    } catch (error) {
      // Somebody else may have taken the port meanwhile: then another.
      if (start === STARTS) throw error;
      console.error(`Redis is started again: ${error.message}`);
    }
  }
}

class Redis {
  #data = temporaryFolder();
  #process;
  #exited;
  #certificates;
  log = "";

  constructor(port, tls) {
    this.port = port;
    this.url = tls ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`;
    if (tls) this.#certificates = makeCertificates(this.#data.folder);
    this.ca = this.#certificates?.ca;
  }

  /** Starts it, on the same port as before. Nothing of what it held comes back: nodes keep nothing in it. */
  async start() {
    const settings = ["--bind", "127.0.0.1", "--dir", this.#data.folder];
    if (this.#certificates) {
      const { certificate, key, ca } = this.#certificates;
      const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", ca];
      // Told of each connection that was not agreed upon.
      const verbose = ["--tls-auth-clients", "no", "--loglevel", "verbose"];
      settings.push("--port", "0", "--tls-port", String(this.port), ...files, ...verbose);
    } else {
      settings.push("--port", String(this.port));
    }
    const inMemory = ["--save", "", "--appendonly", "no"];
    const env = { PATH: process.env.PATH };
    const child = watch(spawn(findBinary(), [...settings, ...inMemory], { env, stdio: ["ignore", "pipe", "pipe"] }));
    this.#process = child;
    const beginning = this.log.length;
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding("utf8").on("data", (text) => (this.log += text));
    }
    this.#exited = new Promise((resolve) => child.once("exit", resolve));
    await until(() => {
      const said = this.log.slice(beginning);
      if (!this.isRunning) throw new Error(`Redis did not start:\n${said}`);
      return said.includes("Ready to accept connections");
    }, "Redis ready", START_TIMEOUT);
  }

  get isRunning() {
    return this.#process?.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Ends it at once: connections break, and new ones are refused. */
  async stop() {
    this.#process.kill("SIGKILL");
    await within(this.#exited, STOP_TIMEOUT, "Redis's end");
  }

  async close() {
    if (this.isRunning) await this.stop();
    this.#data.remove();
  }
}

/** REDIS_BIN, or the PATH. */
function findBinary() {
  const places = [process.env.REDIS_BIN, ...process.env.PATH.split(delimiter), "/usr/bin"];
  const bin = places.filter(Boolean).find((place) => existsSync(join(place, "redis-server")));
  if (!bin) throw new Error("redis-server was not found; `make setup` installs it");
  return join(bin, "redis-server");
}
