// PostgreSQL and Redis of a test are started again when they fail to at first.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../harness/leftovers.js";
import { startPostgres } from "../harness/postgres.js";
import { redisFor } from "../harness/redis.js";

/** Sets the variable to a folder with these programs, of which `failing` ends at once the first time. */
function failsAtFirst(t, variable, real, programs, failing) {
  const { folder, remove } = temporaryFolder();
  const tries = join(folder, "tries");
  writeFileSync(tries, "");
  chmodSync(folder, 0o755);
  chmodSync(tries, 0o666);
  for (const program of programs) {
    const first = program === failing ? `echo >> "${tries}"; [ "$(wc -l < "${tries}")" -gt 1 ] || exit 1` : "";
    writeFileSync(join(folder, program), `#!/bin/sh\n${first}\nexec "${join(real, program)}" "$@"\n`, { mode: 0o755 });
  }
  const before = process.env[variable];
  process.env[variable] = folder;
  t.after(() => {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
    remove();
  });
  return () => readFileSync(tries, "utf8").length;
}

function folderOf(program, more = []) {
  return [...process.env.PATH.split(delimiter), ...more].find((place) => place && existsSync(join(place, program)));
}

test("PostgreSQL is started again when it fails to at first", async (t) => {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];
  const real = folderOf("initdb", [process.env.POSTGRES_BIN, ...versions]);
  const tries = failsAtFirst(t, "POSTGRES_BIN", real, ["initdb", "postgres"], "postgres");
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  assert.equal(tries(), 2);
  const folder = new URL(postgres.url).searchParams.get("host");
  const psql = existsSync(join(real, "psql")) ? join(real, "psql") : "psql";
  const answer = execFileSync(psql, ["-h", folder, "-U", "headhaul", "postgres", "-Atc", "SELECT 1"], { encoding: "utf8" });
  assert.equal(answer.trim(), "1");
});

test("Redis is started again when it fails to at first", async (t) => {
  const tries = failsAtFirst(t, "REDIS_BIN", folderOf("redis-server", [process.env.REDIS_BIN]), ["redis-server"], "redis-server");
  const redis = await redisFor(t);
  assert.equal(tries(), 2);
  const socket = createConnection(redis.port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write("PING\r\n");
  const [answer] = await once(socket, "data");
  assert.match(String(answer), /PONG/);
});
