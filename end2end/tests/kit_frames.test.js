// When events are folded: once an animation frame, in order with the answers to commands, and in a hidden tab as they
// come, without a frame.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 12 });
const browser = await browserForThisFile();

/** The frames come when the test says so; the kit's own limit for a batch is put off as well. */
const FRAMES_BY_HAND = () => {
  const waiting = new Map();
  const { setTimeout } = window;
  let last = 0;
  window.requestAnimationFrame = (callback) => waiting.set(++last, callback) && last;
  window.cancelAnimationFrame = (frame) => waiting.delete(frame);
  window.setTimeout = (callback, millis, ...more) => setTimeout(callback, millis === 250 ? 600_000 : millis, ...more);
  window.frame = () => {
    const callbacks = [...waiting.values()];
    waiting.clear();
    for (const callback of callbacks) callback(performance.now());
  };
};

/** Somebody at a board whose browser is not quite like others. */
async function boardWith(t, script, person) {
  const visitor = await visit(t, browser, server, { person });
  await visitor.context.addInitScript(script);
  return { page: visitor.page, shown: new BoardPage(visitor) };
}

test("what comes between two frames is folded in the next, at once and in order", async (t) => {
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
  let load = await bookAt(maria, "TENDERED");
  const { page, shown } = await boardWith(t, FRAMES_BY_HAND, john);
  const frames = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(String(payload))));
  await page.goto(`/dispatch?q=${load.loadNumber}`);
  await until(async () => {
    await page.evaluate(() => window.frame());
    return (await shown.status.textContent()) === "Live";
  }, "the board is live");
  await shown.shows(load, "tendered", "TENDERED");
  const ring = await page.evaluate((load) => window.headhaulRealtime.mount("ring", load), load.id);
  for (const status of ["ACCEPTED", "DISPATCHED", "AT_PICKUP"]) load = await step(maria, load, status);
  await until(() => frames.filter((frame) => frame.includes(load.id) && frame.includes("status:changed")).length >= 3, "all have come");
  assert.equal(await page.evaluate((key) => window.headhaulRealtime.shown(key), ring), "", "no frame, no fold");
  assert.ok(await shown.card(load, "tendered").isVisible());
  // Read within the same turn: the fold is done when the frame's callback is.
  const folded = await page.evaluate((key) => {
    window.frame();
    return window.headhaulRealtime.shown(key);
  }, ring);
  assert.equal(folded, [2, 1, 0].map((back) => `${load.version - back} `).join(""), "one frame for all, in order");
  await shown.shows(load, "in-transit", "AT_PICKUP");
});

test("a hidden tab, which has no frames, folds what comes", async (t) => {
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
  let load = await bookAt(maria, "TENDERED");
  const { page, shown } = await boardWith(t, () => {
    let hidden = false;
    const { requestAnimationFrame } = window;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.hide = (now) => (hidden = now) || document.dispatchEvent(new Event("visibilitychange"));
    window.requestAnimationFrame = (callback) => (hidden ? 0 : requestAnimationFrame(callback));
  }, john);
  await shown.open(load.loadNumber);
  await shown.shows(load, "tendered", "TENDERED");
  await page.evaluate(() => window.hide(true));
  for (const status of ["ACCEPTED", "DISPATCHED", "AT_PICKUP"]) load = await step(maria, load, status);
  await shown.shows(load, "in-transit", "AT_PICKUP");
  const booked = await book(maria);
  await page.evaluate(() => window.hide(false));
  await page.goto(`/dispatch?q=${booked.loadNumber}`);
  await shown.shows(booked, "unassigned", "PLANNING");
});
