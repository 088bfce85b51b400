// A window of Chromium for the figures of the board: who looks, from when a page counts as there, and what it holds.

import { chromium } from "playwright-core";
import { sized } from "./figures.js";

export const SIZE = { width: 1_440, height: 900 };

/** What DEMO__LOADS must be for a board of about that many cards: some of the demo's loads are over and shown no more. */
export const demoLoads = (cards) => Math.round(cards / 0.957);

/** The board that the budget is about. */
export const MANY = sized(5_000, 400);

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });

/** A window in which a person is logged in, with caches of its own. */
export async function openWindow(browser, server, person, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, viewport: SIZE, locale: "en-US", ...options });
  await context.addCookies([{ name: "auth_token", value: person.token, url: server.url }]);
  await context.addInitScript(watchTheStart);
  return context;
}

/**
 * Runs in the page before anything else: notes what the page does, in `window.start`, by the page's own clock.
 * `usable`: the program has taken over what the server rendered, and has measured its first list. `live`: the header
 * says so.
 */
function watchTheStart() {
  const start = { usable: 0, live: 0, paint: 0, longest: 0, blocked: 0 };
  window.start = start;
  new PerformanceObserver((list) => {
    start.paint = list.getEntries().at(-1).startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      start.longest = Math.max(start.longest, duration);
      start.blocked += duration - 50;
    }
  }).observe({ type: "longtask", buffered: true });
  const look = new MutationObserver(() => {
    if (!start.usable && document.querySelector("[data-placed]")) start.usable = performance.now();
    if (!start.live && document.querySelector("[data-live-status]")?.textContent.includes("Live")) {
      start.live = performance.now();
      look.disconnect();
    }
  });
  look.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

/** Waits until the board of a window is live, and has come to rest. */
export async function untilLive(page) {
  await page.waitForFunction(() => window.start.live > 0, undefined, { timeout: 60_000 });
}
