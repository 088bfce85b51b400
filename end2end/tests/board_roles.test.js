// Everybody at the same board: what each role sees of it, and may do on it. And the whole way of a load on a phone.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt, STATUSES, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 20 });
const browser = await browserForThisFile();
const [admin, sarah, maria, sam, swift, carlos] = await Promise.all(
  ["admin", "sarah", "maria", "sam", "swift", "carlos"].map((who) => as(server, who)),
);
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const usd = (amount) => ({ amount, currency: "USD" });

async function boardOf(t, person, filter, options = {}) {
  return new BoardPage(await visit(t, browser, server, { person, ...options })).open(filter);
}

const statusOf = async (load) => (await maria.data(`/loads/${load.id}`)).status;

describe("each role sees and may do what the table says", () => {
  test("margin is on the cards of admin and ops manager, and in nobody else's page", async (t) => {
    const finance = { revenue: usd(431_700), carrierCost: usd(301_300) };
    const load = await book(sarah, { finance, carrierId: swift.user.carrierId });
    for (const status of ["PENDING", "TENDERED"]) Object.assign(load, await step(sarah, load, status));
    for (const person of [admin, sarah]) {
      const board = await boardOf(t, person, load.loadNumber);
      await board.card(load).filter({ hasText: "$1,304 · 30 %" }).waitFor();
    }
    for (const person of [maria, sam, swift]) {
      const board = await boardOf(t, person, load.loadNumber);
      await board.card(load).waitFor();
      const content = await board.page.content();
      for (const part of ["$1,304", "431700", "301300", "carrierCost", "4,317"]) {
        assert.ok(!content.includes(part), `${part} is not in the page of ${person.user.name}`);
      }
    }
  });

  test("support reads why nothing can be done", async (t) => {
    const load = await bookAt(maria, "PENDING");
    const board = await boardOf(t, sam, load.loadNumber);
    await board.openMenu(load);
    const steps = board.menu.locator("[data-item]");
    assert.ok((await steps.count()) > 0);
    assert.equal(await board.menu.locator("[data-item]:not([aria-disabled=true])").count(), await enabledApartFromSteps(board));
    await board.page.keyboard.press("Escape");
    await board.card(load).focus();
    await board.page.keyboard.press("2");
    await board.toasts.first().waitFor();
    assert.equal(await statusOf(load), "PENDING");
  });

  test("a carrier's office sees its own tenders, accepts one and declines another", async (t) => {
    const carrierId = swift.user.carrierId;
    const [taken, declined] = [await bookAt(maria, "TENDERED", { carrierId }), await bookAt(maria, "TENDERED", { carrierId })];
    const foreign = await bookAt(maria, "PENDING", { carrierId });
    const board = await boardOf(t, swift, "");
    await board.card(taken).waitFor();
    assert.equal(await board.card(foreign).count(), 0, "what is not tendered is not the carrier's to see");
    await board.openMenu(taken);
    await board.choice(/Accepted/).click();
    await board.dialog.locator(".button-primary").click();
    await until(async () => (await statusOf(taken)) === "ACCEPTED", "the tender is accepted");
    await board.openMenu(declined);
    await board.choice(/Pending/).click();
    await board.dialog.getByLabel("Reason").fill("No truck in Ohio");
    await board.dialog.locator(".button-primary").click();
    await board.hides(declined);
    assert.equal(await statusOf(declined), "PENDING");
  });

  test("a driver takes the steps of the road, and no others", async (t) => {
    const load = await bookAt(maria, "ACCEPTED", { carrierId: swift.user.carrierId });
    const sent = await maria.post(`/loads/${load.id}/dispatch`, { version: load.version, driverId: carlos.user.driverId });
    assert.equal(sent.status, 200, sent.text);
    const board = await boardOf(t, carlos, load.loadNumber);
    await board.openMenu(load);
    await board.choice(/At pickup/).click();
    await until(async () => (await statusOf(load)) === "AT_PICKUP", "the truck is at the dock");
    await board.openMenu(load);
    assert.equal(await board.menu.locator("[data-item]:not([aria-disabled=true])", { hasText: "Dispatched" }).count(), 0);
  });
});

/** Of the entries of the menu those that are no steps, such as the way to all that can be done. */
function enabledApartFromSteps(board) {
  return board.menu.locator("[data-item]:not([aria-disabled=true])", { hasText: /More actions/ }).count();
}

test("a load goes all the way from pending to completed on a phone, by touch", async (t) => {
  const load = await bookAt(maria, "PENDING");
  const board = await boardOf(t, maria, load.loadNumber, PHONE);
  for (const status of STATUSES.slice(STATUSES.indexOf("PENDING") + 1)) {
    const lane = board.page.locator(".lane[data-shown]").locator(`[data-load="${load.loadNumber}"]`);
    await lane.waitFor();
    await lane.getByRole("button", { name: `Move ${load.loadNumber}` }).tap();
    await board.menu.locator("[data-item]").first().tap();
    if (["TENDERED", "ACCEPTED", "DISPATCHED"].includes(status)) {
      const yes = board.dialog.locator(".button-primary");
      if (status === "TENDERED") await yes.filter({ hasText: /^Tender to/ }).waitFor();
      await yes.tap();
    }
    await until(async () => (await statusOf(load)) === status, `stored as ${status}`);
    await board.card(load).and(board.page.locator(`[data-status="${status}"]:not([data-pending])`)).waitFor({ state: "attached" });
    const at = await board.card(load).evaluate((card) => card.closest("[data-lane]").dataset.lane);
    await board.page.locator(`[data-lane-tab="${at}"]`).tap();
  }
});
