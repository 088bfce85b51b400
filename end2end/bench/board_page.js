// The board page with 500 loads: requests per second, p99 and bytes, beside a bare server that sends the same bytes.

import autocannon from "autocannon";
import { brotliCompressSync } from "node:zlib";
import { as } from "../harness/client.js";
import { send } from "../harness/http.js";
import { Server } from "../harness/server.js";
import { kilobytes, milliseconds, rate, ratio } from "./figures.js";
import { startPeer } from "./peers/start.js";

export const title = "The board page with 500 loads, rendered by the server (16 connections, 10 s)";

const LOADS = 500;
const CONNECTIONS = 16;
const WARM_UP = 2;
const DURATION = 10;

async function load(url, headers) {
  const run = (duration) => autocannon({ url, headers, duration, connections: CONNECTIONS, timeout: 30 });
  await run(WARM_UP);
  const result = await run(DURATION);
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed at ${url}`);
  return { rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

export async function measure() {
  const server = await Server.start({ loads: LOADS });
  try {
    const maria = await as(server, "maria");
    const url = `${server.url}/dispatch`;
    const rows = [];
    const { cards } = await maria.data("/loads/board");
    rows.push(["loads on the board", String(cards.length)]);
    for (const encoding of ["identity", "br"]) {
      const headers = { cookie: `auth_token=${maria.token}`, "accept-encoding": encoding };
      const page = await send(url, { headers });
      if (page.status !== 200) throw new Error(`GET /dispatch answered ${page.status}`);
      const kept = ["content-type", "content-encoding"].filter((name) => page.headers[name]);
      const peer = await startPeer("plain_http", {
        body: page.bytes.toString("base64"),
        headers: Object.fromEntries(kept.map((name) => [name, page.headers[name]])),
      });
      const own = await load(url, headers);
      const bare = await load(peer.url, headers);
      await peer.stop();
      const name = encoding === "br" ? "brotli" : "raw";
      rows.push(
        [`bytes, ${name}`, kilobytes(page.bytes.length)],
        [`requests, ${name}`, `${rate(own.rate)}, ${ratio(own.rate, bare.rate)} (${rate(bare.rate)})`],
        [`p50, ${name}`, `${milliseconds(own.p50)}, ${ratio(own.p50, Math.max(bare.p50, 1))} (${milliseconds(bare.p50)})`],
        [`p99, ${name}`, `${milliseconds(own.p99)}, ${ratio(own.p99, Math.max(bare.p99, 1))} (${milliseconds(bare.p99)})`],
      );
      if (encoding === "identity") rows.push(["bytes, brotli at quality 11", kilobytes(brotliCompressSync(page.bytes).length)]);
    }
    return rows;
  } finally {
    await server.close();
  }
}
