// A board of 2,000 loads under 500 events a second: what its main thread does, beside a page that only listens.

import { chromium } from "playwright-core";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { Server } from "../harness/server.js";
import { milliseconds, percentile, rate, ratio } from "./figures.js";
import { traced } from "./main_thread.js";
import { movable, traffic } from "./traffic.js";

export const title = "A board of 2,000 loads under 500 events a second (20 s, Chromium, 1440 x 900)";

const LOADS = 2_000;
const MOVED = 200;
const EVENTS = 500;
const WARM_UP = 3_000;
const DURATION = 20_000;
const LONG = 50;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** Counts what a page's socket brings, and traces the page meanwhile. */
async function measurePage(browser, server, person, persons, loads, open) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1_440, height: 900 }, bypassCSP: true });
  await context.addCookies([{ name: "auth_token", value: person.token, url: server.url }]);
  const page = await context.newPage();
  let heard = 0;
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => (heard += String(payload).includes("load:status:changed") ? 1 : 0));
  });
  await open(page);
  const going = traffic(persons, loads, EVENTS);
  await pause(WARM_UP);
  const before = heard;
  const trace = await traced(browser, page, () => pause(DURATION));
  const events = heard - before;
  await going.stop();
  await context.close();
  return { ...trace, events };
}

async function openBoard(page) {
  await new BoardPage({ page }).open();
}

/** The official client alone, on a page without a program: it counts. */
async function openBare(page) {
  await page.goto("/healthz");
  await page.evaluate(async () => {
    const { io } = await import("/vendor/socket.io.js");
    const socket = io("/dispatch", { transports: ["websocket"] });
    window.events = 0;
    socket.onAny(() => (window.events += 1));
    await new Promise((resolve) => socket.once("connect", resolve));
  });
}

export async function measure() {
  const server = await Server.start({ loads: LOADS, settings: { LIMITS__SLOW_READER: "60s" } });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const persons = await Promise.all(["admin", "sarah"].map((who) => as(server, who)));
    const maria = await as(server, "maria");
    const loads = await movable(persons[0], MOVED);
    const { cards } = await maria.data("/loads/board");
    const own = await measurePage(browser, server, maria, persons, loads, openBoard);
    const bare = await measurePage(browser, server, maria, persons, loads, openBare);
    const busy = ({ busy, events }) => busy / events;
    const times = ({ tasks }, time) => tasks.map((task) => task[time]).toSorted((a, b) => b - a);
    const long = (page, time) => String(times(page, time).filter((millis) => millis > LONG).length);
    const beside = (time) => [
      [`longest task, ${time}`, `${milliseconds(times(own, time)[0])} (bare: ${milliseconds(times(bare, time)[0])})`],
      [`tasks over ${LONG} ms, ${time}`, `${long(own, time)} of ${own.tasks.length} (bare: ${long(bare, time)})`],
    ];
    const tasks = times(own, "worked").filter((millis) => millis > 1);
    return [
      ["loads on the board", String(cards.length)],
      ["events", `${rate(own.events / (own.wall / 1_000))} (bare: ${rate(bare.events / (bare.wall / 1_000))})`],
      ["main thread, of the time", `${((100 * own.busy) / own.wall).toFixed(0)} %`],
      ["main thread, an event", `${milliseconds(busy(own))}, ${ratio(busy(own), busy(bare))} (${milliseconds(busy(bare))})`],
      ...beside("worked"),
      ...beside("took"),
      ["p99 of tasks over 1 ms", milliseconds(percentile(tasks, 99))],
      ["in the longest task", own.longest.map(([name, time]) => `${name} ${milliseconds(time)}`).join(", ")],
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}
