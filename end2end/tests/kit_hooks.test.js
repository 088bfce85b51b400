// The hooks of the kit in a real browser, from the workbench of the debug build: rooms, presence, rings, commands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { serverFor } from "../harness/server.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";
import { watched } from "../harness/wire.js";

const browser = await browserForThisFile();
const AWAY = [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/, /WebSocket/];
const COMES_BACK = 40_000;
const NOBODYS = "0198f000-0000-7000-8000-000000000001";

/** A board on which hooks are mounted by hand. */
async function workbench(t, { loads = 12, who = "maria" } = {}) {
  const server = await serverFor(t, { loads });
  const person = await as(server, who);
  const visitor = await visit(t, browser, server, { person, allow: AWAY });
  const wire = watched(visitor);
  const board = await new BoardPage(visitor).open();
  const { page } = visitor;
  return {
    server, person, visitor, wire, board, page,
    mount: (hook, load = "") => page.evaluate(([hook, load]) => window.headhaulRealtime.mount(hook, load), [hook, load]),
    unmount: (key) => page.evaluate((key) => window.headhaulRealtime.unmount(key), key),
    shown: (key) => page.evaluate((key) => window.headhaulRealtime.shown(key), key),
    handlers: () => page.evaluate(() => window.headhaulRealtime.listeners().handlers),
    async shows(key, text) {
      let last;
      await until(async () => (last = await this.shown(key)) === text, "the hook shows it", 15_000).catch((error) => {
        throw new Error(`${error.message}; it shows ${last}, not ${text}`);
      });
    },
  };
}

test("a command is answered in its type, and refused with code and message", async (t) => {
  const bench = await workbench(t);
  const load = await book(bench.person);
  await bench.shows(await bench.mount("command", load.id), "Ok(Joined { joined: true })");
  const refused = await bench.mount("command", NOBODYS);
  await bench.shows(refused, 'Err(Refused { code: NotFound, message: "There is no such load." })');
  await bench.server.kill();
  await bench.board.becomes(/Reconnecting|Polling/);
  await bench.shows(await bench.mount("command", load.id), "Err(NotConnected)");
});

test("a room is joined once for all who use it, again after each loss, and left after the last", async (t) => {
  const bench = await workbench(t);
  const load = await book(bench.person);
  const joins = () => bench.wire.commands("join:load").length;
  const first = await bench.mount("room", load.id);
  const second = await bench.mount("room", load.id);
  const nobodys = await bench.mount("room", NOBODYS);
  for (const key of [first, second]) await bench.shows(key, "Joined");
  await bench.shows(nobodys, "Refused(NotFound)");
  assert.equal(joins(), 2, "one for each room");
  for (let loss = 1; loss <= 2; loss += 1) {
    await bench.server.kill();
    await bench.shows(first, "Joining");
    await bench.server.restart();
    await bench.board.becomes("Live", COMES_BACK);
    for (const key of [first, second]) await bench.shows(key, "Joined");
    assert.equal(joins(), 2 + 2 * loss, "one for each room and connection");
  }
  await bench.unmount(first);
  await bench.unmount(nobodys);
  assert.equal(bench.wire.commands("leave:load").length, 0);
  await bench.unmount(second);
  await until(() => bench.wire.commands("leave:load").length === 1, "the room is left");
  assert.deepEqual(bench.wire.commands("leave:load")[0].payload, { loadId: load.id });
});

test("what the tab shows is told, told again after a loss, and gives way to what was shown before", async (t) => {
  const bench = await workbench(t);
  const views = () => bench.wire.commands("presence:view").map(({ payload }) => payload);
  const told = async (payload) => {
    await until(() => views().some((view) => JSON.stringify(view) === JSON.stringify(payload)), "it is told");
    bench.wire.sent.length = 0;
  };
  const load = await book(bench.person);
  const view = { page: "workbench", loadId: load.id };
  const key = await bench.mount("view", load.id);
  await told(view);
  await bench.server.kill();
  await bench.server.restart();
  await bench.board.becomes("Live", COMES_BACK);
  await told(view);
  await bench.unmount(key);
  await told({ page: "dispatch", loadId: null });
  await bench.page.getByRole("link", { name: "Loads" }).click();
  await until(() => views().includes(null), "a page that tells nothing takes back what the last one told");
});

test("who is online is asked once for all, and again after a loss", async (t) => {
  const bench = await workbench(t);
  const asked = () => bench.wire.commands("presence:list").length;
  const keys = [await bench.mount("presence"), await bench.mount("presence")];
  await until(() => asked() === 1, "it is asked");
  await bench.server.kill();
  await bench.server.restart();
  await bench.board.becomes("Live", COMES_BACK);
  await until(() => asked() === 2, "it is asked again");
  assert.equal(await bench.shown(keys[0]), await bench.shown(keys[1]));
});

test("each event comes once and in order, whatever the number of losses, and no handler is added by them", async (t) => {
  const bench = await workbench(t);
  const { person, wire } = bench;
  let load = await bookAt(person, "TENDERED");
  // Opened anew, so that what led there is past.
  await bench.board.open(load.loadNumber);
  const event = await bench.mount("event");
  const ring = await bench.mount("ring", load.id);
  const handlers = await bench.handlers();
  const versions = [];
  for (const [index, status] of ["ACCEPTED", "DISPATCHED", "AT_PICKUP", "PICKED_UP", "IN_TRANSIT"].entries()) {
    if (index % 2 === 1) {
      await bench.server.kill();
      await bench.board.becomes(/Reconnecting|Polling/);
      await bench.server.restart();
    }
    // While the page is still away as well as when it is back.
    load = await step(person, load, status);
    versions.push(load.version);
    await bench.board.becomes("Live", COMES_BACK);
    await bench.shows(event, String(index + 1));
    assert.equal(await bench.handlers(), handlers);
  }
  await bench.shows(ring, versions.slice(-3).map((version) => `${version} `).join(""));
  const numbers = wire.heard("load:status:changed").map(({ payload }) => payload.seq);
  assert.ok(numbers.length >= 5, "replayed or heard");
});
