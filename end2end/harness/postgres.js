// A private PostgreSQL in a temporary folder, for one test server. It listens on a socket in that folder and on no port.

import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder, watch } from "./leftovers.js";
import { until, within } from "./wait.js";

const SUPERUSER = "headhaul";

const STARTS = 3;

/** Starts a cluster; the answer has its `url` and `stop()`. On a machine that is short of something it is tried again. */
export async function startPostgres() {
  for (let start = 1; ; start += 1) {
    try {
      return await startOnce();
    } catch (error) {
      if (start === STARTS) throw error;
      console.error(`PostgreSQL is started again: ${error.message}`);
    }
  }
}

async function startOnce() {
  const bin = findBinaries();
  const owner = unprivilegedUser();
  const { folder, remove } = temporaryFolder();
  try {
    return await startIn(folder, remove, bin, owner);
  } catch (error) {
    remove();
    throw error;
  }
}

async function startIn(folder, remove, bin, owner) {
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const options = { ...owner, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C" } };
  const data = join(folder, "data");
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync"], {
    ...options,
    stdio: ["ignore", "ignore", "inherit"],
  });

  const settings = ["-D", data, "-k", folder, "-h", "", "-F"];
  const postgres = watch(spawn(join(bin, "postgres"), settings, { ...options, stdio: ["ignore", "ignore", "pipe"] }));
  let log = "";
  postgres.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const exited = new Promise((resolve) => postgres.once("exit", resolve));
  try {
    await until(() => {
      if (postgres.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${log}`);
      return log.includes("ready to accept connections");
    }, "PostgreSQL ready", 30_000);
  } catch (error) {
    postgres.kill("SIGKILL");
    await exited;
    throw error;
  }

  return {
    url: `postgres://${SUPERUSER}@localhost/postgres?host=${encodeURIComponent(folder)}`,
    async stop() {
      postgres.kill("SIGINT");
      await within(exited, 15_000, "PostgreSQL's end").catch(() => postgres.kill("SIGKILL"));
      remove();
    },
  };
}

/** POSTGRES_BIN, the PATH, or Debian's place. */
function findBinaries() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [
    process.env.POSTGRES_BIN,
    ...versions.map((version) => join(debian, version, "bin")),
    ...process.env.PATH.split(delimiter),
  ];
  const bin = places.find((place) => place && ["initdb", "postgres"].every((name) => existsSync(join(place, name))));
  if (!bin) throw new Error("PostgreSQL was not found; `make setup` installs it");
  return bin;
}

/** PostgreSQL refuses to run as root: then somebody else runs it. */
function unprivilegedUser() {
  if (process.getuid() !== 0) return {};
  const idOf = (flag, user) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  for (const user of ["postgres", "nobody"]) {
    try {
      return { uid: idOf("-u", user), gid: idOf("-g", user) };
    } catch {
      // There is no such user; try the next.
    }
  }
  throw new Error("PostgreSQL can't run as root, and there is no user `postgres` or `nobody`");
}
