// The dispatcher's hands: many loads at once, undo, menus, keys and the palette.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { freezable } from "../harness/cut.js";
import { CarrierDialog } from "../harness/load_dialogs.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { STATUSES, book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 24 });
const browser = await browserForThisFile();
const [maria, john, sarah, sam] = await Promise.all(["maria", "john", "sarah", "sam"].map((who) => as(server, who)));

/** A person's board, live, under a filter of text. */
async function boardOf(t, person, filter, options) {
  const visitor = await visit(t, browser, server, { person, ...options });
  return new BoardPage(visitor).open(filter);
}

/** So many loads of a customer of their own, one after the other. */
async function many(count, status, customer) {
  const loads = [];
  for (let number = 0; number < count; number += 1) loads.push(await bookAt(maria, status, { customer }));
  return loads;
}

const stored = (load) => maria.data(`/loads/${load.id}`);

/** Waits until the load is stored in a status; gives it. */
const becomes = (load, status) =>
  until(async () => {
    const now = await stored(load);
    return now.status === status && now;
  }, `${load.loadNumber} is stored as ${status}`);

/** Waits until the board knows it, too: a load that is on its way takes no further step. */
const isAnswered = (board, load, status) =>
  board.card(load).and(board.page.locator(`[data-status="${status}"]:not([data-pending])`)).waitFor();

describe("many loads at once", () => {
  test("of 50 that are dispatched 7 can't be: 43 are done, 7 are named with their reasons, nothing else changes", async (t) => {
    const customer = "Fifty Foods";
    const able = await many(43, "ACCEPTED", customer);
    const overtaken = await bookAt(maria, "ACCEPTED", { customer });
    const others = [...(await many(3, "PENDING", customer)), await bookAt(maria, "AT_PICKUP", { customer })];
    for (let number = 0; number < 2; number += 1) others.push(await book(maria, { customer }));

    const visitor = await visit(t, browser, server, { person: maria });
    const connection = await freezable(visitor);
    const board = await new BoardPage(visitor).open(customer);
    await board.focus(able[0]);
    await board.page.keyboard.press("ControlOrMeta+a");
    await board.hasSelected(44);
    await board.page.keyboard.press("ControlOrMeta+a");
    await board.hasSelected(50);
    connection.freeze();
    const patched = await john.patch(`/loads/${overtaken.id}`, { version: overtaken.version, hot: true });
    assert.equal(patched.status, 200, patched.text);
    const before = new Map((await maria.data("/loads/board")).cards.map((card) => [card.id, card]));

    await board.bulk.getByRole("button", { name: "Dispatch" }).click();
    await board.dialog.getByText("6 can't as they stand").waitFor();
    await board.dialog.getByRole("button", { name: "Dispatch", exact: true }).click();
    await board.dialog.getByRole("heading", { name: "43 of 50 loads dispatched" }).waitFor();

    const rows = await board.dialog.locator("[data-refused]").evaluateAll((all) =>
      all.map((row) => [row.dataset.refused, row.lastElementChild.textContent]),
    );
    const refused = new Map(rows);
    assert.deepEqual([...refused.keys()].sort(), [overtaken, ...others].map(({ loadNumber }) => loadNumber).sort());
    assert.match(refused.get(overtaken.loadNumber), new RegExp(`changed by ${john.user.name}`));
    for (const load of others.filter(({ status }) => status === "PENDING")) {
      assert.match(refused.get(load.loadNumber), /Pending can't become Dispatched; the next step is Tendered/);
    }
    await board.dialog.getByRole("button", { name: "Close" }).click();
    await board.hasSelected(7);

    const after = new Map((await maria.data("/loads/board")).cards.map((card) => [card.id, card]));
    const done = new Set(able.map(({ id }) => id));
    for (const [id, card] of after) {
      if (done.has(id)) {
        assert.deepEqual([card.status, card.version], ["DISPATCHED", before.get(id).version + 1], card.loadNumber);
      } else {
        assert.deepEqual(card, before.get(id), `${card.loadNumber} is as it was`);
      }
    }
  });

  test("many are offered to one carrier; one that was changed meanwhile is named, and stays", async (t) => {
    const customer = "Tender Foods";
    const loads = [];
    for (let number = 0; number < 4; number += 1) loads.push(await book(maria, { customer }));
    const [carrier] = (await maria.get("/carriers?fit=true")).json.data;
    const visitor = await visit(t, browser, server, { person: maria, allow: [/409 \(Conflict\)/] });
    const connection = await freezable(visitor);
    const board = await new BoardPage(visitor).open(customer);
    for (const load of loads) await board.select(load);
    await board.hasSelected(4);
    connection.freeze();
    const patched = await john.patch(`/loads/${loads[1].id}`, { version: loads[1].version, hot: true });
    assert.equal(patched.status, 200, patched.text);
    await board.page.keyboard.press("t");
    const dialog = await new CarrierDialog(board).opens();
    await dialog.find(carrier);
    await dialog.option(carrier).click();
    await dialog.submit().click();
    await board.dialog.getByRole("heading", { name: "3 of 4 loads tendered" }).waitFor();
    await board.dialog.getByText(loads[1].loadNumber).waitFor();
    for (const load of [loads[0], loads[2], loads[3]]) assert.equal((await becomes(load, "TENDERED")).carrier.id, carrier.id);
    assert.deepEqual([(await stored(loads[1])).status, (await stored(loads[1])).hot], ["PLANNING", true]);
  });

  test("what was refused can be copied", async (t) => {
    const customer = "Copy Foods";
    const [one] = await many(1, "ACCEPTED", customer);
    const other = await book(maria, { customer });
    const board = await boardOf(t, maria, customer, { permissions: ["clipboard-read", "clipboard-write"] });
    await board.select(one);
    await board.select(other);
    await board.page.keyboard.press("d");
    await board.dialog.getByRole("button", { name: "Dispatch", exact: true }).click();
    await board.dialog.getByRole("button", { name: "Copy list" }).click();
    await board.says("List copied");
    const copied = await board.page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, new RegExp(`^1 of 2 loads dispatched\\n${other.loadNumber}\\tPlanning can't`));
  });

  test("a step that all of them can take needs no question, and says how many were moved", async (t) => {
    const customer = "Simple Foods";
    const loads = await many(3, "AT_DELIVERY", customer);
    const board = await boardOf(t, maria, customer);
    for (const load of loads) await board.select(load);
    await board.hasSelected(3);
    await board.bulk.getByRole("button", { name: "Move to…" }).click();
    await board.choice(/Delivered\s*All 3/).click();
    await board.says("3 loads moved to Delivered");
    await board.hasSelected(0);
    for (const load of loads) await becomes(load, "DELIVERED");
  });

  test("a step back asks a manager for the reason once, and keeps it with each load", async (t) => {
    const customer = "Back Foods";
    const loads = await many(2, "TENDERED", customer);
    const board = await boardOf(t, sarah, customer);
    for (const load of loads) await board.select(load);
    await board.page.keyboard.press("1");
    const submit = board.dialog.getByRole("button", { name: "Move back to Pending" });
    await submit.click();
    await board.dialog.getByText("Write a reason first.").waitFor();
    await board.dialog.getByLabel("Reason, for all of them").fill("Rate was wrong");
    await submit.click();
    await board.says("2 loads moved to Pending");
    for (const load of loads) await becomes(load, "PENDING");
    const { json } = await sarah.get("/events?namespace=/dispatch&after=0&limit=1000");
    for (const load of loads) {
      const told = json.data.find(({ data }) => data.loadId === load.id && data.reason);
      assert.equal(told?.data.reason, "Rate was wrong");
    }
  });

  test("the chosen loads, and what the board shows, are exported", async (t) => {
    const customer = "Export Foods";
    const loads = await many(3, "PENDING", customer);
    const board = await boardOf(t, maria, customer);
    const exported = async (press) => {
      const [download] = await Promise.all([board.page.waitForEvent("download"), press()]);
      assert.equal(download.suggestedFilename(), "loads.csv");
      const [names, ...rows] = readFileSync(await download.path(), "utf8").trim().split("\n");
      assert.match(names, /^load_number,status,/);
      return rows.map((row) => row.split(",")[0]).sort();
    };
    const numbers = loads.map(({ loadNumber }) => loadNumber).sort();
    await board.select(loads[0]);
    await board.select(loads[2]);
    const chosen = await exported(() => board.bulk.getByRole("button", { name: "Export CSV" }).click());
    assert.deepEqual(chosen, [loads[0].loadNumber, loads[2].loadNumber].sort());
    await board.focus(loads[0]);
    await board.page.keyboard.press("Escape");
    await board.hasSelected(0);
    assert.deepEqual(await exported(() => board.page.keyboard.press("e")), numbers);
  });
});

describe("choosing loads", () => {
  test("one by one, in a range, by the keyboard, and none", async (t) => {
    const customer = "Range Foods";
    const loads = await many(5, "PENDING", customer);
    const board = await boardOf(t, maria, customer);
    const shown = await board.lane("unassigned").locator("[data-load]").evaluateAll((all) =>
      all.sort((one, next) => one.getBoundingClientRect().top - next.getBoundingClientRect().top).map((card) => card.dataset.load),
    );
    const inOrder = shown.map((loadNumber) => ({ loadNumber }));
    const chosen = () => board.page.locator("[data-selected]").evaluateAll((all) => all.map((card) => card.dataset.load).sort());
    await board.select(inOrder[1]);
    await board.select(inOrder[3], ["Shift"]);
    await board.hasSelected(3);
    assert.deepEqual(await chosen(), shown.slice(1, 4).sort());
    await board.select(inOrder[2]);
    await board.hasSelected(2);
    const box = board.page.getByRole("checkbox", { name: `Select ${shown[1]}` });
    assert.ok(await box.isChecked());
    await box.click();
    await board.hasSelected(1);
    await board.focus(inOrder[0]);
    await board.page.keyboard.press("Escape");
    await board.hasSelected(0);
    await board.page.keyboard.press("x");
    await board.page.keyboard.press("Shift+ArrowDown");
    await board.page.keyboard.press("Shift+ArrowDown");
    await board.hasSelected(3);
    assert.deepEqual(await chosen(), shown.slice(0, 3).sort());
    assert.equal(loads.length, shown.length);
  });

  test("a load that leaves the board is chosen no more, and one that a filter hides is counted", async (t) => {
    const customer = "Leaving Foods";
    const [one, other] = [await book(maria, { customer }), await book(maria, { customer })];
    const board = await boardOf(t, maria, customer);
    await board.select(one);
    await board.select(other);
    await board.hasSelected(2);
    await maria.delete(`/loads/${one.id}?version=${one.version}`);
    await board.hides(one);
    await board.hasSelected(1);
    await board.page.getByLabel("Filter loads").fill("no such load");
    await board.bulk.getByText("1 selected, 1 hidden by the filter").waitFor();
  });
});

describe("undo", () => {
  test("the message of a move takes it back, without a manager", async (t) => {
    const load = await bookAt(maria, "AT_DELIVERY");
    const board = await boardOf(t, maria, load.loadNumber);
    await board.focus(load);
    await board.page.keyboard.press("5");
    await board.says(`${load.loadNumber} moved to Delivered`);
    await becomes(load, "DELIVERED");
    await board.toasts.getByRole("button", { name: "Undo" }).click();
    await board.says(`${load.loadNumber} is At delivery again`);
    await board.shows(load, "in-transit", "AT_DELIVERY");
    await becomes(load, "AT_DELIVERY");
  });

  test("Ctrl+Z takes back one move after the other", async (t) => {
    const customer = "Undone Foods";
    const loads = await many(2, "AT_DELIVERY", customer);
    const board = await boardOf(t, maria, customer);
    for (const load of loads) {
      await board.focus(load);
      await board.page.keyboard.press("5");
      await board.says(`${load.loadNumber} moved to Delivered`);
    }
    for (const load of [...loads].reverse()) {
      await board.page.keyboard.press("ControlOrMeta+z");
      await board.says(`${load.loadNumber} is At delivery again`);
    }
    await board.page.keyboard.press("ControlOrMeta+z");
    await board.says("You have moved nothing yet");
  });

  test("a load that somebody has changed since stays where it is, and it is said who did it", async (t) => {
    const load = await bookAt(maria, "AT_DELIVERY");
    const board = await boardOf(t, maria, load.loadNumber, { allow: [/status of 409/] });
    await board.focus(load);
    await board.page.keyboard.press("5");
    await board.says(`${load.loadNumber} moved to Delivered`);
    const now = await becomes(load, "DELIVERED");
    await john.patch(`/loads/${load.id}`, { version: now.version, hot: true });
    await board.page.keyboard.press("u");
    await board.says(`${load.loadNumber} was changed by ${john.user.name} since. Your move stands.`);
    await board.shows(load, "delivered", "DELIVERED");
    assert.equal((await stored(load)).status, "DELIVERED");
  });
});

describe("the menu of a load", () => {
  test("a right click shows what can be done, with keys, and does it", async (t) => {
    const load = await bookAt(maria, "PENDING");
    const board = await boardOf(t, maria, load.loadNumber);
    await board.openDeeds(load);
    const names = await board.menu.getByRole("menuitem").evaluateAll((all) =>
      all.map((item) => [item.querySelector(".menu-label").textContent, item.querySelector("kbd").textContent]),
    );
    const keys = new Map(names);
    assert.deepEqual(
      ["Open details", "Assign carrier", "Tender", "Log check call", "Claim", "Mark hot", "Select"].map((name) => keys.get(name)),
      ["Space", "A", "T", "C", "I", "H", "X"],
    );
    const dispatch = board.choice(/^Dispatch/);
    assert.equal(await dispatch.getAttribute("aria-disabled"), "true");
    assert.match(await dispatch.innerText(), /the next step is Tendered/);
    await board.choice(/Mark hot/).click();
    await board.card(load).locator(".mark-hot").waitFor();
    assert.equal((await stored(load)).hot, true);
  });

  test("Shift+F10 opens it, Escape closes it and gives the focus back", async (t) => {
    const load = await bookAt(maria, "PENDING");
    const board = await boardOf(t, maria, load.loadNumber);
    await board.focus(load);
    await board.page.keyboard.press("Shift+F10");
    await board.menu.waitFor();
    await board.page.keyboard.press("Escape");
    await board.menu.waitFor({ state: "detached" });
    await board.hasFocus(load);
  });

  test("on one of the chosen loads it is for all of them", async (t) => {
    const customer = "Together Foods";
    const loads = await many(2, "PENDING", customer);
    const board = await boardOf(t, maria, customer);
    for (const load of loads) await board.select(load);
    await board.openDeeds(loads[1]);
    await board.menu.getByText("2 loads").waitFor();
    await board.choice(/^Claim/).click();
    await board.says("2 loads claimed");
    for (const load of loads) assert.equal((await stored(load)).claimedBy.id, maria.user.id);
  });

  test("whoever may not change loads reads so", async (t) => {
    const load = await bookAt(maria, "PENDING");
    const board = await boardOf(t, sam, load.loadNumber);
    await board.openDeeds(load);
    const assign = board.choice(/Assign carrier/);
    assert.equal(await assign.getAttribute("aria-disabled"), "true");
    assert.match(await assign.innerText(), /Your role may not change loads/);
  });
});

describe("keys and palette", () => {
  test("? lists the keys", async (t) => {
    const board = await boardOf(t, maria, "");
    await board.page.keyboard.press("?");
    await board.dialog.getByRole("heading", { name: "Keys" }).waitFor();
    for (const [name, key] of [["Assign carrier", "A"], ["New load", "N"], ["Undo last move", "Ctrl+Z"], ["Filter", "/"]]) {
      const row = board.dialog.locator(".keys-row").filter({ has: board.page.getByText(name, { exact: true }) });
      await row.getByText(key, { exact: true }).waitFor();
    }
    await board.page.keyboard.press("Escape");
    await board.dialog.waitFor({ state: "detached" });
  });

  test("letters that are typed into the filter do nothing else", async (t) => {
    const load = await bookAt(maria, "PENDING");
    const board = await boardOf(t, maria, load.loadNumber);
    await board.focus(load);
    await board.page.keyboard.press("/");
    const filter = board.page.getByLabel("Filter loads");
    await filter.fill("");
    await board.page.keyboard.type("hdxnu?");
    assert.equal(await filter.inputValue(), "hdxnu?");
    assert.equal(await board.dialog.count(), 0);
    assert.equal((await stored(load)).version, load.version);
  });

  test("the palette finds a load by number and by city, leads to it, and opens its page", async (t) => {
    const load = await bookAt(maria, "DELIVERED", { customer: "Sought Foods" });
    const board = await boardOf(t, maria, "");
    await board.find(`sought ${load.origin.city}`);
    const found = board.answer(new RegExp(load.loadNumber));
    await found.waitFor();
    assert.equal(await found.getAttribute("aria-selected"), "true");
    await board.page.keyboard.press("Enter");
    await board.palette.waitFor({ state: "detached" });
    await board.hasFocus(load);
    await board.find(load.loadNumber);
    await found.waitFor();
    await board.page.keyboard.press("ControlOrMeta+Enter");
    await board.page.waitForURL(`${server.url}/loads/${load.id}`);
  });

  test("a load that the filter hides is shown all the same", async (t) => {
    const load = await bookAt(maria, "DELIVERED", { customer: "Hidden Foods" });
    const board = await boardOf(t, maria, "nobody at all");
    await board.find("hidden foods");
    await board.answer(new RegExp(load.loadNumber)).click();
    await board.hasFocus(load);
  });

  test("the palette does to the load with the focus what it is told", async (t) => {
    const load = await bookAt(maria, "AT_DELIVERY");
    const board = await boardOf(t, maria, load.loadNumber);
    await board.focus(load);
    await board.find("mov deliv");
    await board.answer(/Move to Delivered/).waitFor();
    await board.page.keyboard.press("Enter");
    await becomes(load, "DELIVERED");
    await board.hasFocus(load);
    await board.find("theme dark");
    await board.page.keyboard.press("Enter");
    await board.page.locator("html[data-theme=dark]").waitFor();
    await board.page.getByRole("button", { name: /^Theme: dark/ }).waitFor();
    await board.find("qqqq");
    await board.palette.getByText("Nothing answers to that.").waitFor();
    await board.page.keyboard.press("Escape");
    await board.palette.waitFor({ state: "detached" });
    await board.hasFocus(load);
    await board.find("picking up");
    await board.answer(/Picking up today/).waitFor();
    await board.page.keyboard.press("Enter");
    await board.page.waitForURL(/pickup=today/);
  });
});

describe("where one was", () => {
  test("End and Home keep the focus in a lane of many, from anywhere in it", async (t) => {
    const customer = "Long Lane Foods";
    const loads = await many(60, "PENDING", customer);
    const board = await boardOf(t, maria, customer);
    await board.focus(loads[0]);
    const focused = () => board.page.evaluate(() => document.activeElement?.dataset?.load ?? document.activeElement?.tagName);
    for (let step = 0; step < 30; step += 1) await board.page.keyboard.press("ArrowDown");
    for (const key of ["End", "ArrowUp", "Home", "End"]) {
      await board.page.keyboard.press(key);
      // Whatever is put elsewhere is so within a few frames.
      await board.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
      assert.match(await focused(), /^LD-/, `after ${key}`);
    }
    const last = await focused();
    await board.page.keyboard.press("ArrowUp");
    await until(async () => (await focused()) !== last, "the arrows still lead from card to card");
  });

  test("the way back from a load's page leads to the same view and the same card", async (t) => {
    const customer = "Way Back Foods";
    const loads = await many(30, "PENDING", customer);
    const visitor = await visit(t, browser, server, { person: maria });
    const board = new BoardPage(visitor);
    await board.page.goto(`/dispatch?q=Way+Back&group=equipment`);
    await board.becomes("Live");
    await board.focus(loads[0]);
    for (let step = 0; step < 20; step += 1) await board.page.keyboard.press("ArrowDown");
    const number = await board.page.evaluate(() => document.activeElement.dataset.load);
    await board.page.keyboard.press("o");
    await board.page.waitForURL(/\/loads\//);
    await board.page.getByRole("link", { name: "Back to board" }).click();
    await board.page.waitForURL(/\/dispatch\?q=Way(\+|%20)Back&group=equipment/);
    await board.hasFocus({ loadNumber: number });
    await board.page.goto(`/loads?status=PENDING`);
    await board.page.locator("tbody tr a").first().click();
    await board.page.getByRole("link", { name: "Back to loads" }).click();
    await board.page.waitForURL(/\/loads\?status=PENDING/);
  });

  test("the digit of its own lane takes a load to the next step there", async (t) => {
    const load = await bookAt(maria, "AT_PICKUP");
    const board = await boardOf(t, maria, load.loadNumber);
    await board.focus(load);
    await board.page.keyboard.press("4");
    await becomes(load, "PICKED_UP");
    await isAnswered(board, load, "PICKED_UP");
    await board.page.keyboard.press("4");
    await becomes(load, "IN_TRANSIT");
    assert.equal(await board.toasts.filter({ hasText: load.loadNumber }).count(), 1, "of two moves of one load one can be undone");
  });
});

describe("from pending to completed", () => {
  /** The steps that are left, each confirmed where it is asked about. */
  async function allTheWay(t, move) {
    const load = await bookAt(maria, "PENDING");
    const board = await boardOf(t, maria, load.loadNumber);
    await board.focus(load);
    for (const status of STATUSES.slice(STATUSES.indexOf("PENDING") + 1)) {
      await move(board, load, status);
      await becomes(load, status);
      await isAnswered(board, load, status);
    }
    await board.shows(load, "completed", "COMPLETED");
  }

  /** Waits until what is asked can be answered; `false` where nothing is. */
  async function isAsked(board, status) {
    if (!["TENDERED", "ACCEPTED", "DISPATCHED"].includes(status)) return false;
    const yes = board.dialog.locator(".button-primary");
    // The load's own carrier is chosen already, as soon as the list of carriers is there.
    await yes.and(board.page.locator(":not([disabled], [aria-disabled=true])")).waitFor();
    if (status === "TENDERED") await yes.filter({ hasText: /^Tender to/ }).waitFor();
    return true;
  }

  test("with the keyboard alone", (t) =>
    allTheWay(t, async (board, load, status) => {
      await board.hasFocus(load);
      await board.page.keyboard.press("Enter");
      await board.menu.waitFor();
      await board.page.keyboard.press("Enter");
      if (!(await isAsked(board, status))) return;
      await board.page.keyboard.press("Enter");
      await board.dialog.waitFor({ state: "detached" });
    }));

  test("with the mouse alone, by menus", (t) =>
    allTheWay(t, async (board, load, status) => {
      await board.openDeeds(load);
      await board.choice(/^Move to/).click();
      await board.menu.getByText(`Move ${load.loadNumber} to`).waitFor();
      await board.menu.getByRole("menuitem").first().click();
      if (await isAsked(board, status)) await board.dialog.locator(".button-primary").click();
    }));
});

test("on a phone a load is chosen by its menu, and then by touching others", async (t) => {
  const customer = "Thumb Foods";
  const loads = await many(2, "AT_DELIVERY", customer);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const board = await boardOf(t, maria, customer, phone);
  await board.page.locator('[data-lane-tab="in-transit"]').tap();
  await board.page.getByRole("button", { name: `Move ${loads[0].loadNumber}` }).tap();
  await board.choice(/More actions/).tap();
  await board.choice(/^Select/).tap();
  await board.hasSelected(1);
  await board.card(loads[1]).tap({ position: { x: 60, y: 60 } });
  await board.hasSelected(2);
  await board.bulk.getByRole("button", { name: "Move to…" }).tap();
  await board.choice(/Delivered/).tap();
  await board.says("2 loads moved to Delivered");
  for (const load of loads) await step(maria, await becomes(load, "DELIVERED"), "COMPLETED");
});
