// A card that expands in place: what it shows, by pointer, key and finger, and that the rest of its lane makes room.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile();
const browser = await browserForThisFile();
const [maria, john, swift, carlos] = await Promise.all(["maria", "john", "swift", "carlos"].map((who) => as(server, who)));
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const FREIGHT = {
  commodity: "Frozen peas",
  weightLbs: 38_500,
  miles: 1_240,
  references: ["PO 4711", "BOL 12"],
  instructions: "Call an hour ahead. Dock 4, driver assists.",
};

const more = (board, load) => board.card(load).locator(".card-more");
const arrow = (board, load) => board.page.getByRole("button", { name: `More of ${load.loadNumber}` });

/** Where the cards of a lane stand, from above. */
async function places(board, lane) {
  const rows = await board.lane(lane).locator(".vlist-row").evaluateAll((rows) =>
    rows.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return { top, height };
    }),
  );
  return rows.sort((a, b) => a.top - b.top);
}

/** Each card begins where the one above it ends. */
async function standUnderOneAnother(board, lane) {
  await until(async () => {
    const rows = await places(board, lane);
    return rows.every(({ top }, index) => index === 0 || Math.abs(rows[index - 1].top + rows[index - 1].height - top) < 1);
  }, `the cards of ${lane} stand under one another`);
}

test("a card expands in place: whom to call, instructions, commodity, weight, miles, references", async (t) => {
  const customer = "Expanding by arrow";
  const load = await book(maria, { ...FREIGHT, customer, carrierId: swift.user.carrierId });
  const below = await book(maria, { customer });
  const seated = await maria.patch(`/loads/${load.id}`, { version: load.version, driverId: carlos.user.driverId });
  assert.equal(seated.status, 200, seated.text);
  const { phone } = seated.json.data.driver;
  assert.match(phone, /\d{3}/);
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open(customer);
  await board.shows(below, "unassigned");
  const before = await board.card(load).boundingBox();
  await board.card(load).hover();
  await arrow(board, load).click();
  for (const text of ["38,500 lb", "1,240 mi", "PO 4711, BOL 12", FREIGHT.instructions, FREIGHT.commodity]) {
    await more(board, load).getByText(text, { exact: true }).waitFor();
  }
  assert.equal(await more(board, load).getByRole("link", { name: phone }).getAttribute("href"), `tel:${phone.replace(/[^\d+]/g, "")}`);
  assert.equal(await arrow(board, load).getAttribute("aria-expanded"), "true");
  assert.equal(await board.page.getByRole("complementary").count(), 0, "the details stay closed");
  await standUnderOneAnother(board, "unassigned");
  const after = await board.card(load).boundingBox();
  assert.ok(Math.abs(after.y - before.y) < 1 && after.height > before.height + 60, "it grows downwards");
  await arrow(board, load).click();
  await more(board, load).waitFor({ state: "detached" });
  await standUnderOneAnother(board, "unassigned");
  assert.equal((await board.card(load).boundingBox()).height, before.height);
});

test("an expanded card follows its load: what others change shows, and in another lane it is expanded still", async (t) => {
  const customer = "Expanded and moved";
  const load = await bookAt(maria, "TENDERED", { ...FREIGHT, customer });
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open(customer);
  await board.focus(load);
  await board.page.keyboard.press("v");
  await more(board, load).getByText(FREIGHT.instructions).waitFor();
  const changed = await maria.patch(`/loads/${load.id}`, { version: load.version, instructions: "Ask for Bob" });
  assert.equal(changed.status, 200, changed.text);
  await more(board, load).getByText("Ask for Bob").waitFor();
  await step(maria, changed.json.data, "ACCEPTED");
  await board.shows(load, "dispatched", "ACCEPTED");
  await more(board, load).getByText("Ask for Bob").waitFor();
});

test("V expands and collapses the card with the focus, and Esc collapses what is expanded", async (t) => {
  const customer = "Expanding by key";
  const loads = [await book(maria, { customer }), await book(maria, { customer })];
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open(customer);
  const { keyboard } = board.page;
  for (const load of loads) {
    await board.focus(load);
    await keyboard.press("v");
    await more(board, load).waitFor();
  }
  await keyboard.press("v");
  await more(board, loads[1]).waitFor({ state: "detached" });
  await board.hasFocus(loads[1]);
  await keyboard.press("Escape");
  await more(board, loads[0]).waitFor({ state: "detached" });
  await board.hasFocus(loads[1]);
});

test("what an expanded card says can be marked, and a press on it neither carries the card nor opens its details", async (t) => {
  const load = await book(maria, { ...FREIGHT, customer: "Marked" });
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open("Marked");
  await board.focus(load);
  await board.page.keyboard.press("v");
  const text = more(board, load).getByText(FREIGHT.instructions);
  await text.click({ clickCount: 3 });
  assert.equal(await board.page.evaluate(() => getSelection().toString().trim()), FREIGHT.instructions);
  const { x, y } = await text.boundingBox();
  const { mouse } = board.page;
  await mouse.move(x + 8, y + 6);
  await mouse.down();
  await mouse.move(x + 400, y + 40, { steps: 6 });
  assert.equal(await board.page.locator("[data-carried], [data-drop]").count(), 0);
  await mouse.up();
  assert.equal(await board.page.getByRole("complementary").count(), 0);
  // Let go of on the card's own face.
  const face = await board.card(load).boundingBox();
  await mouse.move(x + 8, y + 6);
  await mouse.down();
  await mouse.move(face.x + 40, face.y + 12, { steps: 6 });
  await mouse.up();
  assert.equal(await board.page.getByRole("complementary").count(), 0, "marking is no press");
  await text.click({ button: "right" });
  assert.equal(await board.menu.count(), 0, "the browser's own menu copies");
  await board.card(load).click({ position: { x: 40, y: 12 } });
  await board.page.getByRole("complementary").waitFor();
});

test("after text was marked on a card, a press on the timeline opens details as ever", async (t) => {
  const load = await bookAt(maria, "ACCEPTED", { ...FREIGHT, customer: "Marked and timed" });
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open("Marked and timed");
  await board.focus(load);
  await board.page.keyboard.press("v");
  await more(board, load).getByText(FREIGHT.instructions).click({ clickCount: 3 });
  await board.page.getByRole("button", { name: "Timeline" }).click();
  await board.page.locator(`.bar[data-load="${load.loadNumber}"]`).click();
  await board.page.getByRole("complementary").waitFor();
});

test("after text was marked on a card, a press by other means than a pointer opens its details", async (t) => {
  const load = await bookAt(maria, "ACCEPTED", { ...FREIGHT, customer: "Marked and pressed" });
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open("Marked and pressed");
  await board.focus(load);
  await board.page.keyboard.press("v");
  await more(board, load).getByText(FREIGHT.instructions).click({ clickCount: 3 });
  assert.equal(await board.page.getByRole("complementary").count(), 0);
  await board.card(load).evaluate((card) => card.click());
  await board.page.getByRole("complementary").waitFor();
});

test("a lane that held nothing but an expanded card makes room for the next one", async (t) => {
  const customer = "Alone and expanded";
  const load = await bookAt(maria, "PENDING", { ...FREIGHT, customer });
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open(customer);
  await board.focus(load);
  await board.page.keyboard.press("v");
  await more(board, load).waitFor();
  await step(maria, load, "TENDERED");
  await board.shows(load, "tendered", "TENDERED");
  const next = await bookAt(maria, "TENDERED", { ...FREIGHT, customer });
  await board.shows(next, "tendered", "TENDERED");
  await standUnderOneAnother(board, "tendered");
  await board.focus(load);
  await board.page.keyboard.press("v");
  await more(board, load).waitFor({ state: "detached" });
  await standUnderOneAnother(board, "tendered");
  const [first, second] = await places(board, "tendered");
  assert.equal(first.height, second.height);
});

test("when what a card shows is collapsed with the focus in it, the card has the focus", async (t) => {
  const load = await bookAt(maria, "ACCEPTED", { customer: "Called", carrierId: swift.user.carrierId });
  const sent = await maria.post(`/loads/${load.id}/dispatch`, { version: load.version, driverId: carlos.user.driverId });
  assert.equal(sent.status, 200, sent.text);
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open("Called");
  await board.focus(load);
  for (const key of ["v", "Escape"]) {
    await board.page.keyboard.press("v");
    await more(board, load).getByRole("link").focus();
    await board.page.keyboard.press(key);
    await more(board, load).waitFor({ state: "detached" });
    await board.hasFocus(load);
  }
});

test("in a long lane expanded cards leave no gap and no overlap, wherever it is scrolled to", async (t) => {
  const customer = "A long lane";
  const loads = [];
  for (let n = 0; n < 40; n += 1) loads.push(await book(maria, { ...FREIGHT, customer }));
  const board = await new BoardPage(await visit(t, browser, server, { person: maria })).open(customer);
  await board.lane("unassigned").locator(".lane-count").getByText("40").waitFor();
  const lane = board.lane("unassigned").locator(".vlist");
  const first = board.lane("unassigned").locator("[data-load]").first();
  await first.focus();
  for (let n = 0; n < 3; n += 1) {
    await board.page.keyboard.press("v");
    await board.page.keyboard.press("ArrowDown");
  }
  assert.equal(await board.lane("unassigned").locator(".card-more").count(), 3);
  await standUnderOneAnother(board, "unassigned");
  await board.page.keyboard.press("End");
  await board.page.keyboard.press("v");
  const last = board.lane("unassigned").locator(".card-more").last();
  await until(async () => {
    const [window, shown] = [await lane.boundingBox(), await last.boundingBox()];
    return shown && shown.y + shown.height <= window.y + window.height + 1;
  }, "what the last card shows is scrolled into view");
  const high = await lane.evaluate((lane) => lane.scrollHeight);
  const one = (await places(board, "unassigned"))[0].height;
  assert.ok(high > 40 * one + 200, `${high} px for 40 cards of ${one} px, four of them expanded`);
  await lane.evaluate((lane) => (lane.scrollTop = 0));
  await board.lane("unassigned").locator(".card-more").nth(2).waitFor();
  await until(async () => (await places(board, "unassigned")).length >= 4, "the first cards are there again");
  const tops = await board.lane("unassigned").locator(".card-more").evaluateAll((all) => all.map((it) => it.closest("li").style.transform));
  assert.equal(new Set(tops).size, tops.length);
});

for (const scheme of ["light", "dark"]) {
  describe(`in ${scheme}`, () => {
    test("expanded cards and rows please axe", async (t) => {
      const customer = `Expanded in ${scheme}`;
      const loads = [];
      for (const status of ["PENDING", "TENDERED", "ACCEPTED"]) loads.push(await bookAt(maria, status, { ...FREIGHT, customer }));
      const visitor = await visit(t, browser, server, { person: maria, scheme });
      const board = await new BoardPage(visitor).open(customer);
      for (const load of loads) {
        await board.focus(load);
        await board.page.keyboard.press("v");
        await more(board, load).waitFor();
      }
      await assertAccessible(visitor, "expanded cards");
      await picture(visitor, `expanded-cards-${scheme}`);
      await board.page.goto(`/dispatch?q=${encodeURIComponent(customer)}&density=rows`);
      await board.becomes("Live");
      for (const load of loads) {
        await board.focus(load);
        await board.page.keyboard.press("v");
        await more(board, load).waitFor();
        await standUnderOneAnother(board, await board.card(load).locator("xpath=ancestor::section").getAttribute("data-lane"));
      }
      await assertAccessible(visitor, "expanded rows");
      await picture(visitor, `expanded-rows-${scheme}`);
    });

    test("on a phone a card expands under the thumb, also one that somebody else looks at", async (t) => {
      const customer = `Thumb in ${scheme}`;
      const load = await bookAt(maria, "PENDING", { ...FREIGHT, customer });
      const other = await new BoardPage(await visit(t, browser, server, { person: john })).open(customer);
      await other.focus(load);
      const visitor = await visit(t, browser, server, { person: maria, scheme, ...PHONE });
      const board = await new BoardPage(visitor).open(customer);
      await board.shows(load, "unassigned");
      await board.card(load).and(board.page.locator("[data-watchers]")).waitFor();
      await arrow(board, load).tap();
      await more(board, load).getByText(FREIGHT.instructions).waitFor();
      const size = await arrow(board, load).boundingBox();
      assert.ok(size.width >= 36 && size.height >= 36, "large enough for a thumb");
      await assertFits(visitor);
      await assertAccessible(visitor, "an expanded card on a phone");
      await picture(visitor, `expanded-phone-${scheme}`);
      await arrow(board, load).tap();
      await more(board, load).waitFor({ state: "detached" });
    });
  });
}
