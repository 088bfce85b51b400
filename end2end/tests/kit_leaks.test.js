// Nothing leaks when the board comes and goes: two hundred times mounted and unmounted, with the listeners counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { book } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const ROUNDS = 200;
/** Rounds after which everything that is made once and kept has been made. */
const WARM = 20;
const AWAY = [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/, /WebSocket/];

const server = await serverForThisFile({ loads: 12 });
const browser = await browserForThisFile();

test(`mounted and unmounted ${ROUNDS} times, the board leaves no listener and no node behind`, async (t) => {
  const maria = await as(server, "maria");
  const visitor = await visit(t, browser, server, { person: maria });
  const board = await new BoardPage(visitor).open();
  const { page } = visitor;
  const browserSide = await visitor.context.newCDPSession(page);
  // The router follows links that are anywhere on the page, and never asks the server for the login.
  await page.evaluate(() => {
    for (const path of ["/login", "/dispatch"]) {
      const link = Object.assign(document.createElement("a"), { href: path, id: `to${path.replace("/", "-")}` });
      document.body.append(link);
    }
    window.stillTheSamePage = true;
  });

  /** What the kit holds, and what the browser counts, with the board unmounted and the garbage collected. */
  const count = async () => {
    await browserSide.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners } = await browserSide.send("Memory.getDOMCounters");
    return { kit: await page.evaluate(() => window.headhaulRealtime.listeners()), nodes, jsEventListeners };
  };
  const mount = async () => {
    await page.evaluate(() => document.getElementById("to-dispatch").click());
    await board.becomes("Live");
    await board.lane("unassigned").locator("[data-load]").first().waitFor();
  };
  const unmount = async () => {
    await page.evaluate(() => document.getElementById("to-login").click());
    await page.getByLabel("Password").waitFor();
    await board.status.waitFor({ state: "detached" });
  };

  // A timer that runs out by itself may be under way at any moment.
  const held = () => page.evaluate(() => window.headhaulRealtime.listeners());
  const atRest = () => until(async () => (await held()).timers === 0, "no timer is under way").then(held);
  const mounted = await atRest();
  let warm;
  for (let round = 1; round <= ROUNDS; round += 1) {
    await unmount();
    if (round === WARM) warm = await count();
    await mount();
  }
  assert.deepEqual(await atRest(), mounted, "as many as after the first mount");
  await unmount();
  // What was dropped last may be collected a little later.
  let cold;
  await until(async () => {
    cold = await count();
    return cold.jsEventListeners <= warm.jsEventListeners && cold.nodes <= warm.nodes * 1.05;
  }, "everything is collected").catch(() => {});
  t.diagnostic(`after ${WARM}: ${JSON.stringify(warm)}, after ${ROUNDS}: ${JSON.stringify(cold)}`);
  assert.deepEqual(cold.kit, { handlers: 0, sockets: 0, listeners: 0, timers: 0 }, "the kit holds nothing");
  assert.deepEqual(warm.kit, cold.kit);
  assert.ok(cold.jsEventListeners <= warm.jsEventListeners, "listeners in the browser");
  assert.ok(cold.nodes <= warm.nodes * 1.05, "nodes in the browser");

  await mount();
  const load = await book(maria);
  await board.shows(load, "unassigned", "PLANNING");
  assert.ok(await page.evaluate(() => window.stillTheSamePage), "the page was never loaded anew");
});

test(`mounted and unmounted ${ROUNDS} times, and over reconnections, the hooks leave no handler behind`, async (t) => {
  const server = await serverFor(t, { loads: 12 });
  const maria = await as(server, "maria");
  const visitor = await visit(t, browser, server, { person: maria, allow: AWAY });
  const board = await new BoardPage(visitor).open();
  const { page } = visitor;
  const load = await book(maria);
  const count = () => page.evaluate(() => window.headhaulRealtime.listeners());
  /** Mounts one of each hook and unmounts them, as often as asked. */
  const rounds = (times) =>
    page.evaluate(
      async ([times, load]) => {
        const kit = window.headhaulRealtime;
        for (let round = 0; round < times; round += 1) {
          const keys = ["room", "presence", "view", "ring", "event", "command"].map((hook) => kit.mount(hook, load));
          // The answers of one round come before the next: a page may not ask too much in a second.
          while (kit.shown(keys[0]) !== "Joined" || kit.shown(keys[5]) === "") await new Promise(requestAnimationFrame);
          for (const key of keys) kit.unmount(key);
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
      },
      [times, load.id],
    );
  await rounds(5);
  const bare = await count();
  await rounds(ROUNDS);
  const after = await count();
  assert.deepEqual({ ...after, timers: 0 }, { ...bare, timers: 0 });
  await until(async () => (await count()).timers <= bare.timers, "every timer has rung");
  const key = await page.evaluate((load) => window.headhaulRealtime.mount("room", load), load.id);
  const mounted = await count();
  for (let loss = 0; loss < 3; loss += 1) {
    await server.kill();
    await board.becomes(/Reconnecting|Polling/);
    await server.restart();
    await board.becomes("Live", 40_000);
    assert.deepEqual({ ...(await count()), timers: 0 }, { ...mounted, timers: 0 }, "a reconnection adds nothing");
  }
  await page.evaluate((key) => window.headhaulRealtime.unmount(key), key);
  assert.equal((await count()).handlers, bare.handlers);
});

test("who leaves the board closes its connection", async (t) => {
  const visitor = await visit(t, browser, server, { person: await as(server, "john") });
  const open = new Set();
  visitor.page.on("websocket", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  const board = await new BoardPage(visitor).open();
  assert.equal(open.size, 1, "all namespaces share one connection");
  await visitor.page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("a"), { href: "/login", id: "away" }));
    document.getElementById("away").click();
  });
  await board.status.waitFor({ state: "detached" });
  await until(() => open.size === 0, "the connection is closed");
});
