// What the server counts.

import assert from "node:assert/strict";
import { send } from "./http.js";

/** The value of a metric, added up over its labels; 0 where nothing was counted yet. */
export async function metric(server, name, labels = {}) {
  const { status, text } = await send(`${server.url}/metrics`);
  assert.equal(status, 200, text);
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const lines = text.split("\n").filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  const fitting = lines.filter((line) => wanted.every((label) => line.includes(label)));
  return fitting.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

/** How many connections are open. */
export const openConnections = (server) => metric(server, "headhaul_connections");
