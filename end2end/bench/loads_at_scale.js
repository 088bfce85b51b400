// The list, the search, the board and the counts of a tenant that has worked for years: 100,000 loads, 5,000 of them on
// the board. On SQLite and on PostgreSQL, one request after the other.

import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { as } from "../harness/client.js";
import { DATABASES, Server } from "../harness/server.js";
import { milliseconds, percentile, sized } from "./figures.js";

export const title = "100,000 loads of one tenant, 5,000 of them on the board: milliseconds a request, median and p99";

const LOADS = sized(100_000, 2_000);
const ON_BOARD = sized(5_000, 100);
const ROUNDS = sized(15, 2);

const REQUESTS = [
  ["list, first page", "/loads?limit=50"],
  ["list of one status", "/loads?limit=50&status=DELIVERED"],
  ["list, priority late", "/loads?limit=50&priority=late"],
  ["search, one word that is everywhere", "/loads?limit=50&q=c"],
  ["search, one word that is nowhere", "/loads?limit=50&q=zzzz"],
  ["search, the same word 12 times", `/loads?limit=50&q=${Array(12).fill("c").join("+")}`, sized(5, 2)],
  ["search, 12 words that are everywhere", "/loads?limit=50&q=c+u+s+t+o+m+e+r+f+d+i+n", sized(5, 2)],
  ["counts by status", "/loads/stats"],
  ["board", "/loads/board"],
];

export async function measure() {
  const figures = [];
  for (const database of DATABASES) {
    const tool = database === "sqlite" ? "sqlite3" : psql();
    if (spawnSync(tool, ["--version"]).error) {
      figures.push([`all of it, ${database}`, `not measured: there is no ${tool} here`]);
      continue;
    }
    const server = await Server.start({ database, loads: 40 });
    try {
      fill(server);
      const [maria, driver] = await Promise.all([as(server, "maria"), as(server, "carlos")]);
      const all = [...REQUESTS.map((request) => [maria, ...request]), [driver, "board of one driver", "/loads/board"]];
      for (const [person, what, path, rounds = ROUNDS] of all) {
        const times = [];
        for (let round = 0; round < rounds; round += 1) {
          const begun = performance.now();
          const { status, text } = await person.get(path);
          times.push(performance.now() - begun);
          if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
        }
        const [half, most] = [percentile(times, 50), percentile(times, 99)];
        figures.push([`${what}, ${database}`, `${milliseconds(half)}, p99 ${milliseconds(most)}`]);
      }
    } finally {
      await server.close();
    }
  }
  return figures;
}

function psql() {
  return join(process.env.POSTGRES_BIN ?? "", "psql");
}

/** Books loads by the thousand, past the server: only reading them is measured. */
function fill(server) {
  const isSqlite = server.database === "sqlite";
  const hex = isSqlite ? "printf('%012x', i)" : "lpad(to_hex(i), 12, '0')";
  const now = Date.now();
  const [day, hour] = [86_400_000, 3_600_000];
  const tenant = "(SELECT id FROM tenants WHERE slug = 'acme')";
  const statuses = ["PENDING", "TENDERED", "ACCEPTED", "DISPATCHED", "AT_PICKUP", "PICKED_UP", "IN_TRANSIT", "AT_DELIVERY", "DELIVERED"];
  const status = `CASE WHEN i > ${LOADS - ON_BOARD} THEN CASE i % ${statuses.length} ${statuses
    .map((name, place) => `WHEN ${place} THEN '${name}'`)
    .join(" ")} END ELSE 'COMPLETED' END`;
  const age = `CAST(${now} AS BIGINT) - CASE WHEN i > ${LOADS - ON_BOARD} THEN ${hour} ELSE ${30 * day} END`;
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LOADS})`;
  const stop = (side, position, from) => `${numbers}
    INSERT INTO stops (id, load_id, position, kind, facility_id, window_kind, window_start, window_end, original_end)
    SELECT '00000000-0000-7000-900${position}-' || ${hex}, '00000000-0000-7000-8000-' || ${hex}, ${position}, '${side}',
           x.id, 'FCFS', ${age} + ${from}, ${age} + ${from + hour}, ${age} + ${from + hour}
    FROM n JOIN of_facilities x ON x.at = (i * ${position * 7}) % (SELECT COUNT(*) FROM of_facilities);`;
  const lists = ["carriers", "drivers", "users", "facilities"].map(
    (table) => `CREATE ${isSqlite ? "TABLE" : "UNLOGGED TABLE"} of_${table} AS
      SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS at FROM ${table} WHERE tenant_id = ${tenant}${table === "users" ? " AND carrier_id IS NULL AND driver_id IS NULL" : ""};`,
  );
  const pick = (table, factor) => `JOIN of_${table} ${table} ON ${table}.at = (i * ${factor}) % (SELECT COUNT(*) FROM of_${table})`;
  const loads = `${numbers}
    INSERT INTO loads (id, tenant_id, load_number, status, version, customer, equipment, carrier_id, driver_id, dispatcher_id,
      commodity, weight_lbs, miles, instructions, reference_numbers, hot, exception, currency, stop_count, status_since,
      created_at, updated_at, updated_by)
    SELECT '00000000-0000-7000-8000-' || ${hex}, ${tenant}, 'LD-9' || i, ${status}, 1, 'Customer ' || (i % 200) || ' Foods Inc.',
      'dry_van', carriers.id, NULL, users.id, 'Canned corn', 40000, 800, 'Check in at gate ' || (i % 9), '["PO-' || i || '"]', 0, 0,
      'USD', 2, ${age}, ${age}, ${age}, users.id
    FROM n ${pick("carriers", 3)} ${pick("users", 1)};`;
  const drop = ["carriers", "drivers", "users", "facilities"].map((table) => `DROP TABLE of_${table};`);
  const sql = [
    isSqlite ? "PRAGMA busy_timeout = 60000; PRAGMA foreign_keys = ON;" : "",
    "BEGIN;", ...lists, loads, stop("pickup", 1, 0), stop("delivery", 2, day), ...drop, "COMMIT;",
    // PostgreSQL does it by itself within minutes; SQLite never does.
    isSqlite ? "" : "VACUUM ANALYZE;",
  ].join("\n");
  const file = join(server.dataFolder, "loads.sql");
  writeFileSync(file, sql);
  if (isSqlite) execFileSync("sqlite3", ["-bail", join(server.dataFolder, "headhaul.db"), `.read ${file}`]);
  else execFileSync(psql(), ["-q", "-v", "ON_ERROR_STOP=1", "-d", server.databaseUrl, "-f", file]);
}
