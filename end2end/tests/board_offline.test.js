// The board without network, behind a proxy without WebSocket, after a sleep, and when two move one card at once: it
// says what is so, and ends equal to what is stored.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertShowsTheTruth, HIGH } from "../harness/board_truth.js";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { freezable } from "../harness/cut.js";
import { BoardPage } from "../harness/pages.js";
import { proxyFor } from "../harness/proxy.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 12 });
const browser = await browserForThisFile();
const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(server, who)));
// What a browser writes to its console about a network that is away, and about what was refused.
const AWAY = [/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_NETWORK|ERR_SOCKET_NOT_CONNECTED|ERR_EMPTY_RESPONSE/, /WebSocket/];
const REFUSED = /status of 409/;
const COMES_BACK = 40_000;

test("without network the last known board stays, with its age, and moves are refused at once", async (t) => {
  const load = await bookAt(maria, "AT_DELIVERY");
  const visitor = await visit(t, browser, server, { person: john, allow: AWAY });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  const { page, context } = visitor;
  const asked = [];
  page.on("request", (request) => request.method() === "PATCH" && asked.push(request.url()));
  await context.setOffline(true);
  await board.becomes("Offline");
  await page.locator(".stale[data-stale]").filter({ hasText: /Not live: this was true .* your time\./ }).waitFor();
  // Whatever the card was, for however short a time.
  await page.evaluate(() => {
    globalThis.shown = [];
    const note = () => {
      for (const { dataset } of document.querySelectorAll("[data-lane] [data-load]")) {
        shown.push(`${dataset.status} ${"pending" in dataset}`);
      }
    };
    new MutationObserver(note).observe(document.querySelector("main"), { subtree: true, childList: true, attributes: true });
  });
  await board.drag(load, "delivered");
  await board.says(`You are offline: ${load.loadNumber} was not moved to Delivered. The board shows what was true`);
  await board.card(load).focus();
  await page.keyboard.press("5");
  assert.deepEqual([...new Set(await page.evaluate(() => shown))], ["AT_DELIVERY false"], "it never seemed to be moved");
  await board.shows(load, "in-transit", "AT_DELIVERY");
  assert.deepEqual(asked, [], "nothing was sent");

  await step(maria, load, "DELIVERED");
  await context.setOffline(false);
  await board.becomes("Live", COMES_BACK);
  await board.shows(load, "delivered", "DELIVERED");
  await page.locator(".stale:not([data-stale])").waitFor({ state: "attached" });
  await board.drag(load, "completed");
  await board.shows(load, "completed", "COMPLETED");
  await until(async () => (await maria.data(`/loads/${load.id}`)).status === "COMPLETED", "the move is stored");
});

test("a network that goes while a question is open refuses the answer, too", async (t) => {
  const load = await bookAt(maria, "ACCEPTED");
  const visitor = await visit(t, browser, server, { person: john, allow: AWAY });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await board.openMenu(load);
  await board.choice(/Dispatched/).click();
  await board.dialog.waitFor();
  await visitor.context.setOffline(true);
  await board.becomes("Offline");
  await board.page.getByRole("button", { name: "Dispatch", exact: true }).click();
  await board.dialog.getByText(`You are offline: ${load.loadNumber} was not moved to Dispatched.`).waitFor();
  assert.equal((await maria.data(`/loads/${load.id}`)).status, "ACCEPTED");
});

/** Books and moves more loads than the server replays. */
async function muchHappens(person, loads) {
  for (const load of loads) await step(person, await step(person, load, "DELIVERED"), "COMPLETED");
  const booked = [];
  for (let n = 0; n < 6; n += 1) booked.push(await step(person, await book(person), "PENDING"));
  const gone = booked.pop();
  const answer = await person.delete(`/loads/${gone.id}?version=${gone.version}`);
  assert.equal(answer.status < 300, true, answer.text);
}

test("after a sleep of ten minutes the connection is known to be dead, and the board is true again", async (t) => {
  const short = await serverFor(t, { loads: 12, settings: { REALTIME__REPLAY_CAP: 5 } });
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(short, who)));
  const loads = [];
  for (let n = 0; n < 6; n += 1) loads.push(await bookAt(maria, "AT_DELIVERY"));
  const visitor = await visit(t, browser, short, { person: john, allow: AWAY, ...HIGH });
  await visitor.page.addInitScript(() => {
    const { now } = Date;
    globalThis.slept = 0;
    Date.now = () => now() + globalThis.slept;
  });
  const connection = await freezable(visitor);
  const board = await new BoardPage(visitor).open();
  await assertShowsTheTruth(visitor, john);
  connection.freeze();
  await muchHappens(maria, loads);
  await board.shows(loads[0], "in-transit", "AT_DELIVERY");
  // The clock goes on, and nobody tells the page that it slept: the tab was in view all the time.
  await visitor.page.evaluate(() => (globalThis.slept = 600_000));
  connection.thaw();
  await board.becomes("Live", COMES_BACK);
  await assertShowsTheTruth(visitor, john, COMES_BACK);
});

test("a page that the browser froze, while the server was restarted, is true again when it is thawed", async (t) => {
  const short = await serverFor(t, { loads: 12, settings: { REALTIME__REPLAY_CAP: 5 } });
  const [maria, john] = await Promise.all(["maria", "john"].map((who) => as(short, who)));
  const loads = [];
  for (let n = 0; n < 4; n += 1) loads.push(await bookAt(maria, "AT_DELIVERY"));
  const visitor = await visit(t, browser, short, { person: john, allow: AWAY, ...HIGH });
  const board = await new BoardPage(visitor).open();
  await assertShowsTheTruth(visitor, john);
  const devtools = await visitor.context.newCDPSession(visitor.page);
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await muchHappens(maria, loads.slice(0, 2));
  await short.kill();
  await short.restart();
  await muchHappens(maria, loads.slice(2));
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await board.becomes("Live", COMES_BACK);
  await assertShowsTheTruth(visitor, john, COMES_BACK);
});

test("behind a proxy that lets no WebSocket through it is live over HTTP, says so, and misses nothing", async (t) => {
  const proxy = await proxyFor(t, server);
  const loads = [];
  for (let n = 0; n < 4; n += 1) loads.push(await bookAt(maria, "AT_DELIVERY"));
  const visitor = await visit(t, browser, { ...server, url: proxy.url }, { person: john, allow: AWAY, ...HIGH });
  const board = await new BoardPage(visitor).open();
  await board.becomes("Live over HTTP");
  assert.ok(proxy.refused > 0, "WebSocket was tried and refused");
  await assertShowsTheTruth(visitor, john);
  await muchHappens(maria, loads);
  await assertShowsTheTruth(visitor, john, 5_000);
  const load = await bookAt(maria, "AT_DELIVERY");
  await board.shows(load, "in-transit", "AT_DELIVERY");
  await board.drag(load, "delivered");
  await board.shows(load, "delivered", "DELIVERED");
  await until(async () => (await maria.data(`/loads/${load.id}`)).status === "DELIVERED", "the move is stored");
});

/** The first step of a load waits until the other person's is on its way, too: one of the two comes second for certain. */
async function letMeet(pages) {
  const waiting = new Map();
  for (const page of pages) {
    await page.route("**/status", async (route) => {
      const request = route.request();
      if (request.method() !== "PATCH") return route.continue();
      const first = waiting.get(request.url());
      if (first) first();
      else await new Promise((resolve) => waiting.set(request.url(), resolve));
      return route.continue();
    });
  }
}

test("of two who move one card at the same moment one is told who was first, twenty times", async (t) => {
  const people = [maria, john];
  const boards = [];
  for (const person of people) {
    const visitor = await visit(t, browser, server, { person, allow: [REFUSED], ...HIGH });
    const board = await new BoardPage(visitor).open("Race Freight");
    const conflicts = new Set();
    visitor.page.on("response", (answer) => answer.status() === 409 && conflicts.add(answer.url().split("/").at(-2)));
    boards.push({ board, conflicts, page: visitor.page });
  }
  await letMeet(boards.map(({ page }) => page));
  let lost = 0;
  for (let round = 0; round < 20; round += 1) {
    const load = await bookAt(maria, "AT_DELIVERY", { customer: "Race Freight" });
    await Promise.all(boards.map(async ({ board }) => {
      await board.shows(load, "in-transit", "AT_DELIVERY");
      await board.card(load).focus();
    }));
    await Promise.all(boards.map(async ({ page }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
      await page.keyboard.press("5");
    }));
    const answered = ({ board, page }) => board.card(load, "delivered").and(page.locator(":not([data-pending])")).waitFor();
    await Promise.all(boards.map(answered));
    const stored = await maria.data(`/loads/${load.id}`);
    assert.deepEqual([stored.status, stored.version], ["DELIVERED", load.version + 1], "moved once");
    for (const [index, { board, conflicts }] of boards.entries()) {
      if (!conflicts.has(load.id)) continue;
      lost += 1;
      assert.notEqual(stored.updatedBy.id, people[index].user.id);
      await board.says(`${load.loadNumber} was moved to Delivered by ${stored.updatedBy.name}`);
    }
    await step(maria, stored, "COMPLETED");
    await Promise.all(boards.map(({ board }) => board.shows(load, "completed", "COMPLETED")));
  }
  assert.equal(lost, 20, "one came second each time");
});

