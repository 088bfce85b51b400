// A scripted minute of work at a board of 5,000 loads under 200 events a second: how soon it answers to the hands.
// Budget: no task over 50 ms, a drag answered within 100 ms.

import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { Server } from "../harness/server.js";
import { median, milliseconds, percentile, rate, sized } from "./figures.js";
import { watchTheHands, whatTheHandsSaw, work } from "./hands.js";
import { traced } from "./main_thread.js";
import { movable, traffic } from "./traffic.js";
import { MANY, demoLoads, openBrowser, openWindow, untilLive } from "./window.js";

const MOVED = sized(200, 40);
const DRAGGED = sized(40, 3);
const EVENTS = sized(200, 50);
const SETTLE = sized(3_000, 500);
const DURATION = sized(60_000, 12_000);
const LONG = 50;
const HOUR = 3_600_000;

export const title = `A minute of work at a board of ${MANY} loads, ${EVENTS} events a second (Chromium, 1440 x 900)`;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** Windows that are long over: such loads stand first in their lanes. */
function overdue(stops) {
  const at = (hours) => new Date(Date.now() - hours * HOUR).toISOString();
  const windows = [{ start: at(990), end: at(980) }, { start: at(970), end: at(960) }];
  return stops.map((stop, index) => ({ ...stop, window: { kind: "FCFS", ...windows[index] } }));
}

const worst = (values) => Math.max(0, ...values);

export async function measure() {
  const server = await Server.start({ loads: demoLoads(MANY), settings: { LIMITS__SLOW_READER: "60s" } });
  const browser = await openBrowser();
  try {
    const [maria, ...persons] = await Promise.all(["maria", "admin", "sarah"].map((who) => as(server, who)));
    const loads = await movable(persons[0], MOVED);
    const drags = await movable(persons[0], DRAGGED, overdue);
    const { cards } = await maria.data("/loads/board");
    const context = await openWindow(browser, server, maria, { bypassCSP: true });
    context.setDefaultTimeout(20_000);
    await context.addInitScript(watchTheHands);
    const page = await context.newPage();
    let heard = 0;
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => (heard += String(payload).includes("load:status:changed") ? 1 : 0));
    });
    await page.goto("/dispatch");
    await untilLive(page);
    const going = traffic(persons, loads, EVENTS);
    await pause(SETTLE);
    const before = heard;
    const trace = await traced(browser, page, async () => work(new BoardPage({ page }), drags, DURATION));
    const events = heard - before;
    await going.stop();
    const { inp, interactions, lifted, dropped, tasks } = await whatTheHandsSaw(page);
    const times = (time) => trace.tasks.map((task) => task[time]).toSorted((a, b) => b - a);
    const over = (time) => times(time).filter((millis) => millis > LONG).length;
    const drops = dropped.map(({ took }) => took);
    const done = Object.entries(trace.value).map(([deed, count]) => `${count} x ${deed}`);
    return [
      ["loads on the board", String(cards.length)],
      ["events", rate(events / (trace.wall / 1_000))],
      ["done", done.join(", ")],
      ["INP", `${milliseconds(inp.duration)} (${inp.name}: waited ${milliseconds(inp.waited)}, worked ${milliseconds(inp.worked)})`],
      ["slowest interaction of those over 16 ms", `${milliseconds(interactions[0].duration)} of ${interactions.length} (${interactions[0].name})`],
      ["drag start to the frame with the ghost, median, worst", `${milliseconds(median(lifted))}, ${milliseconds(worst(lifted))} (${lifted.length})`],
      ["drop to the frame with the card in its new lane", `${milliseconds(median(drops))}, ${milliseconds(worst(drops))} (${drops.length})`],
      ["... and the card is in view there", `${dropped.filter(({ arrived }) => arrived).length} of ${drops.length}`],
      ["longest task, worked, took", `${milliseconds(times("worked")[0])}, ${milliseconds(times("took")[0])}`],
      [`tasks over ${LONG} ms, worked, took`, `${over("worked")}, ${over("took")} of ${trace.tasks.length}`],
      ["long tasks as the page saw them", `${tasks.length}, the longest ${milliseconds(worst(tasks))}`],
      ["p99 of tasks over 1 ms", milliseconds(percentile(times("worked").filter((millis) => millis > 1), 99))],
      ["main thread, of the time", `${((100 * trace.busy) / trace.wall).toFixed(0)} %`],
      ["in the longest task", trace.longest.map(([name, time]) => `${name} ${milliseconds(time)}`).join(", ")],
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}
