// From the socket to polling and back, again and again, while the loads move: each event reaches a handler once and in
// order, whichever way it came.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 12 });
const browser = await browserForThisFile();
const CUT = [/WebSocket|ERR_CONNECTION_REFUSED|ERR_FAILED/];
const POLLS = 30_000;
const COMES_BACK = 40_000;
const STEPS = ["TENDERED", "ACCEPTED", "DISPATCHED", "AT_PICKUP", "PICKED_UP", "IN_TRANSIT", "AT_DELIVERY", "DELIVERED"];

test("nothing is missed and nothing applied twice when polling takes over from the socket and back", async (t) => {
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
  let load = await bookAt(maria, "PENDING");
  const visitor = await visit(t, browser, server, { person: john, allow: CUT });
  const { page } = visitor;
  let isCut = false;
  const open = new Set();
  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    if (isCut) return socket.close();
    open.add(socket);
    const upstream = socket.connectToServer();
    socket.onMessage((message) => upstream.send(message));
    upstream.onMessage((message) => socket.send(message));
    socket.onClose(() => open.delete(socket) && upstream.close());
  });
  await page.route(/\/socket\.io\//, (route) => (isCut ? route.abort("connectionrefused") : route.continue()));
  const polls = [];
  page.on("response", (response) => {
    if (response.url().includes("/api/v1/events?")) polls.push(response.url());
  });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  const [ring, heard] = await page.evaluate((load) => {
    const kit = window.headhaulRealtime;
    return [kit.mount("ring", load), kit.mount("event", load)];
  }, load.id);
  const shown = (key) => page.evaluate((key) => window.headhaulRealtime.shown(key), key);
  const versions = [];
  const move = async (status) => {
    load = await step(maria, load, status);
    versions.push(load.version);
  };
  const steps = STEPS.values();
  for (let round = 0; round < 2; round += 1) {
    // Over the socket; and one that the socket may or may not still bring.
    await move(steps.next().value);
    await move(steps.next().value);
    isCut = true;
    for (const socket of open) socket.close();
    await board.becomes("Polling every 10 s", POLLS);
    const before = polls.length;
    await move(steps.next().value);
    await until(async () => Number(await shown(heard)) === versions.length, "the poll brings it", POLLS);
    assert.ok(polls.length > before, "by GET /events");
    assert.match(polls.at(-1), /namespace=%2Fdispatch&stream=tenant&epoch=[^&]+&after=\d+$/);
    // One that the poll may bring, or the socket, or both.
    await move(steps.next().value);
    isCut = false;
    await board.becomes("Live", COMES_BACK);
    await until(async () => Number(await shown(heard)) >= versions.length, "all came");
  }
  assert.equal(Number(await shown(heard)), versions.length, "each once");
  assert.equal(await shown(ring), versions.slice(-3).map((version) => `${version} `).join(""), "in order");
  await board.shows(load, "delivered", "DELIVERED");
});
