// The real server for a test: its own port and data folder, started, stopped, killed and restarted at will.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { after } from "node:test";
import { atEnd } from "./cleanup.js";
import { send } from "./http.js";
import { temporaryFolder, watch } from "./leftovers.js";
import { freePort } from "./port.js";
import { startPostgres } from "./postgres.js";
import { PROJECT } from "./project.js";
import { until, within } from "./wait.js";

export const DATABASES = ["sqlite", "postgres"];

/** Read when it is started, since the benchmarks choose another. */
const binary = () => process.env.HEADHAUL_BIN ?? join(PROJECT, "target/debug/headhaul");
const START_TIMEOUT = 120_000;
const STOP_TIMEOUT = 20_000;
const PORT_ATTEMPTS = 5;

/** A server for all tests of the file that asks; it ends with them. */
export async function serverForThisFile(options) {
  const server = await Server.start(options);
  after(() => server.close());
  return server;
}

/**
 * A server on each database for all tests of the file that asks, as `[database, server]`. Started before the first of
 * the tests: a file whose tests so far have all ended counts as ended, and its servers are closed.
 */
export function serversForThisFile(options) {
  return Promise.all(DATABASES.map(async (database) => [database, await serverForThisFile({ ...options, database })]));
}

/** A server for one test. */
export async function serverFor(test, options) {
  const server = await Server.start(options);
  atEnd(test, () => server.close());
  return server;
}

export class Server {
  #process;
  #exited;
  #data = temporaryFolder();
  #postgres;
  #environment;
  #readiness;
  log = "";

  /**
   * Settings are named as in the contract, such as `{ REALTIME__REPLAY_CAP: 5 }`. It has started when `readiness` is
   * answered with 200: `/healthz` where it is to start without all that it needs.
   */
  static async start({ database = "sqlite", loads = 40, settings = {}, readiness = "/readyz" } = {}) {
    const server = new Server();
    server.#readiness = readiness;
    try {
      await server.#prepare(database, loads, settings);
      await server.restart();
    } catch (error) {
      await server.close().catch(() => {});
      throw error;
    }
    return server;
  }

  async #prepare(database, loads, settings) {
    if (database === "postgres") this.#postgres = await startPostgres();
    this.database = database;
    this.dataFolder = this.#data.folder;
    // Nodes that share a database share the demo's password, too.
    this.password = settings.DEMO__PASSWORD ?? randomBytes(9).toString("base64url");
    this.databaseUrl = this.#postgres?.url ?? `sqlite://${join(this.dataFolder, "headhaul.db")}`;
    const all = {
      SERVER__DATA_DIR: this.dataFolder,
      DATABASE__URL: this.databaseUrl,
      DEMO__PASSWORD: this.password,
      DEMO__LOADS: loads,
      DEMO__TRUCKS: 10,
      DEMO__SIMULATE: false,
      // Tests log in and connect often, few persons from one address.
      LIMITS__LOGINS_PER_MINUTE: 1_000,
      LIMITS__CONNECTS_PER_USER: 10_000,
      LIMITS__CONNECTS_PER_ADDRESS: 10_000,
      LIMITS__CONNECTIONS_PER_ADDRESS: 100_000,
      LIMITS__CONNECTIONS: 100_000,
      LIMITS__REQUESTS_PER_SECOND: 100_000,
      LIMITS__REQUEST_BURST: 1_000_000,
      LIMITS__REQUESTS_AT_ONCE: 10_000,
      // A busy machine takes its time.
      LIMITS__REQUEST_TIMEOUT: "120s",
      LIMITS__WAITING_LOGINS: 1_000,
      LIMITS__SOCKETS_PER_USER: 10_000,
      ...settings,
    };
    this.databaseUrl = all.DATABASE__URL;
    const prefixed = Object.entries(all).map(([name, value]) => [`HEADHAUL_${name}`, String(value)]);
    this.#environment = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", RUST_BACKTRACE: "1" };
    Object.assign(this.#environment, Object.fromEntries(prefixed));
    for (const name of ["RUST_LOG", "LD_LIBRARY_PATH"]) {
      if (process.env[name]) this.#environment[name] = process.env[name];
    }
  }

  /** Starts it, on the same data and the same port as before; `readiness` as at the start unless given. */
  async restart(readiness = this.#readiness) {
    if (this.isRunning) await this.stop();
    for (let attempt = 1; ; attempt += 1) {
      this.port ??= await freePort();
      this.url = `http://127.0.0.1:${this.port}`;
      const beginning = this.log.length;
      this.#spawn();
      try {
        await until(() => this.#isReady(beginning, readiness), "the server is ready", START_TIMEOUT);
        return;
      } catch (error) {
        if (this.isRunning) await this.kill();
        const said = this.log.slice(beginning);
        if (!said.includes("Address already in use") || attempt === PORT_ATTEMPTS) {
          throw new Error(`${error.message}\n${said}`, { cause: error });
        }
        this.port = undefined;
      }
    }
  }

  #spawn() {
    const env = { ...this.#environment, HEADHAUL_SERVER__ADDR: `127.0.0.1:${this.port}` };
    const child = watch(spawn(binary(), ["serve", "--demo"], { cwd: PROJECT, env, stdio: ["ignore", "pipe", "pipe"] }));
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding("utf8").on("data", (text) => (this.log += text));
    }
    // "close" comes when the last of the log has been read, too.
    this.#exited = new Promise((resolve, reject) => {
      child.once("close", (code, signal) => resolve({ code, signal }));
      child.once("error", reject);
    });
    this.#exited.catch(() => {});
    this.#process = child;
  }

  async #isReady(beginning, readiness) {
    if (!this.isRunning) {
      await this.#exited;
      throw new Error("the server ended at its start");
    }
    // Another server may be what answers on the port, while this one is about to find it taken.
    if (!this.log.slice(beginning).includes(this.url)) return false;
    try {
      return (await send(`${this.url}${readiness}`)).status === 200;
    } catch {
      return false;
    }
  }

  get isRunning() {
    return this.#process?.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** SIGTERM: it ends what is under way, then itself. */
  async stop() {
    const { code, signal } = await this.#end("SIGTERM");
    if (code !== 0) throw new Error(`the server ended with ${code ?? signal} instead of 0\n${this.lastLines}`);
  }

  /** SIGKILL: it has no time for anything. */
  async kill() {
    await this.#end("SIGKILL");
  }

  async #end(signal) {
    if (!this.isRunning) throw new Error(`the server had ended by itself\n${this.lastLines}`);
    this.#process.kill(signal);
    return within(this.#exited, STOP_TIMEOUT, `the server's end after ${signal}`);
  }

  /** Ends it for good, removes its data, and fails when its log tells of a panic or an internal error. */
  async close() {
    try {
      if (this.isRunning) await this.stop();
    } finally {
      if (this.isRunning) await this.kill();
      await this.#postgres?.stop();
      this.#data.remove();
    }
    const bad = this.log.split("\n").filter((line) => /panicked at|\bERROR\b/.test(line));
    if (bad.length > 0) throw new Error(`the server's log tells of failures:\n${bad.join("\n")}\n…\n${this.lastLines}`);
  }

  get lastLines() {
    return this.log.split("\n").slice(-40).join("\n");
  }
}
