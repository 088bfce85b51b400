// What a board of 5,000 loads holds while an hour's worth of a busy desk's events go through it: it must not grow.

import { as } from "../harness/client.js";
import { Server } from "../harness/server.js";
import { rate, sized } from "./figures.js";
import { movable, traffic } from "./traffic.js";
import { MANY, demoLoads, openBrowser, openWindow, untilLive } from "./window.js";

const MOVED = sized(400, 40);
/** The first fill what is kept for good: caches, rings, the free lists of the allocators. */
const FIRST = sized(10_000, 200);
const EVENTS = sized(60_000, 600);
const LEGS = 4;
/** As many a second as server and page take together. */
const AT_MOST = 2_000;

export const title = `Memory of a board of ${MANY} loads over ${EVENTS} events, as fast as they go`;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** What the page holds once everything that can be let go was. */
async function held(page, cdp) {
  // What became unreachable by one collection is found by the next.
  for (let round = 0; round < 3; round += 1) await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (name) => metrics.find((one) => one.name === name).value;
  const wasm = await page.evaluate(async () => {
    const program = await import("/pkg/headhaul.js");
    // Given anew, since the page's own call has started it already.
    const { memory } = await program.default();
    return memory.buffer.byteLength;
  });
  return { heap: metric("JSHeapUsedSize"), wasm, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
}

export async function measure() {
  const server = await Server.start({ loads: demoLoads(MANY), settings: { LIMITS__SLOW_READER: "60s" } });
  const browser = await openBrowser();
  try {
    const [maria, ...persons] = await Promise.all(["maria", "admin", "sarah"].map((who) => as(server, who)));
    const loads = await movable(persons[0], MOVED);
    const context = await openWindow(browser, server, maria, { bypassCSP: true });
    const page = await context.newPage();
    let heard = 0;
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => (heard += String(payload).includes("load:status:changed") ? 1 : 0));
    });
    await page.goto("/dispatch");
    await untilLive(page);
    const cdp = await context.newCDPSession(page);
    await cdp.send("Performance.enable");
    const drive = async (events) => {
      const until = heard + events;
      const going = traffic(persons, loads, AT_MOST);
      while (heard < until) await pause(50);
      await going.stop();
      // The last of them are drawn.
      await pause(1_000);
    };
    await drive(FIRST);
    const places = [await held(page, cdp)];
    const began = performance.now();
    const before = heard;
    for (let leg = 0; leg < LEGS; leg += 1) {
      await drive(EVENTS / LEGS);
      places.push(await held(page, cdp));
    }
    const events = heard - before;
    const row = (what, name, print) => {
      const values = places.map((place) => place[name]);
      const growth = ((values.at(-1) - values[0]) / events) * 10_000;
      return [what, `${values.map(print).join(", ")} (${print(growth)} for 10,000 events)`];
    };
    return [
      ["events", `${events}, ${rate((events / (performance.now() - began)) * 1_000)}`],
      row("JS heap after a collection", "heap", megabytes),
      row("WASM memory", "wasm", megabytes),
      row("DOM nodes", "nodes", (value) => value.toFixed(0)),
      row("listeners", "listeners", (value) => value.toFixed(0)),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}
