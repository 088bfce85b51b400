// The first load of the board with 500 and 5,000 loads: the server's time, what the browser waits for, and the bytes.
// Budget: under a second.

import { brotliDecompressSync } from "node:zlib";
import { as } from "../harness/client.js";
import { send } from "../harness/http.js";
import { Server } from "../harness/server.js";
import { kilobytes, median, milliseconds, sized } from "./figures.js";
import { childWith, cpuOf, cpuSince } from "./usage.js";
import { MANY, demoLoads, openBrowser, openWindow, untilLive } from "./window.js";

const SIZES = sized([500, MANY], [MANY]);
const ASKED = sized(20, 2);
const ROUNDS = sized(7, 1);
/** Its stream is ready and its files are in the machine's memory. */
const WARM_UP = sized(3, 1);

export const title = `First load of the board (Chromium on the same machine, median of ${ROUNDS}; budget 1,000 ms)`;

/** The page as it is asked for by what knows brotli, one request after the other. */
async function ask(server, person) {
  const pid = childWith("HEADHAUL_SERVER__ADDR", `127.0.0.1:${server.port}`);
  const headers = { cookie: `auth_token=${person.token}`, "accept-encoding": "br" };
  const times = [];
  let page;
  let before;
  for (let n = -WARM_UP; n < ASKED; n += 1) {
    if (n === 0) before = cpuOf(pid);
    const began = performance.now();
    page = await send(`${server.url}/dispatch`, { headers });
    if (page.status !== 200) throw new Error(`GET /dispatch answered ${page.status}`);
    if (n >= 0) times.push(performance.now() - began);
  }
  const raw = brotliDecompressSync(page.bytes).length;
  return { time: median(times), cpu: cpuSince(before) / ASKED, brotli: page.bytes.length, raw };
}

/** Opens the board; what the page has noted by then, in milliseconds from the moment it was asked for. */
async function load(page) {
  await page.goto("/dispatch");
  await untilLive(page);
  return page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation");
    const files = performance.getEntriesByType("resource");
    return {
      ...window.start,
      firstByte: navigation.responseStart,
      lastByte: navigation.responseEnd,
      transferred: [navigation, ...files].reduce((sum, { transferSize }) => sum + transferSize, 0),
    };
  });
}

async function browse(browser, server, person) {
  const loads = { cold: [], warm: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await openWindow(browser, server, person);
    const page = await context.newPage();
    loads.cold.push(await load(page));
    // The second visit has the program compiled only while it runs; the third has it from the cache.
    await load(page);
    loads.warm.push(await load(page));
    await context.close();
  }
  return loads;
}

export async function measure() {
  const browser = await openBrowser();
  const rows = [];
  try {
    for (const size of SIZES) {
      const server = await Server.start({ loads: demoLoads(size) });
      try {
        const maria = await as(server, "maria");
        const { cards } = await maria.data("/loads/board");
        const what = `${cards.length} loads`;
        const { time, cpu, brotli, raw } = await ask(server, maria);
        rows.push(
          [`${what}: the page from the server, by brotli`, `${milliseconds(time)}, CPU ${milliseconds(cpu)}`],
          [`${what}: bytes of the page`, `${kilobytes(brotli)} brotli, ${kilobytes(raw)} raw`],
        );
        for (const [cache, loads] of Object.entries(await browse(browser, server, maria))) {
          const of = (name) => median(loads.map((load) => load[name]));
          rows.push(
            [`${what}, ${cache} cache: first byte, last byte`, `${milliseconds(of("firstByte"))}, ${milliseconds(of("lastByte"))}`],
            [`${what}, ${cache} cache: largest contentful paint`, milliseconds(of("paint"))],
            [`${what}, ${cache} cache: usable, live`, `${milliseconds(of("usable"))}, ${milliseconds(of("live"))}`],
            [`${what}, ${cache} cache: longest task`, `${milliseconds(of("longest"))} (beyond 50 ms in all ${milliseconds(of("blocked"))})`],
            [`${what}, ${cache} cache: transferred`, kilobytes(of("transferred"))],
          );
        }
      } finally {
        await server.close();
      }
    }
    return rows;
  } finally {
    await browser.close();
  }
}
