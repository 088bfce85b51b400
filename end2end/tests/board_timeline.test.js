// The timeline: the loads of the board by carrier along time, as live, filtered and worked with as the lanes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { book, bookAt, fitCarrier, newLoad, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 60 });
const browser = await browserForThisFile();
const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((who) => as(server, who)));
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const HOUR = 3_600_000;

class TimelinePage extends BoardPage {
  async show(query = "") {
    await this.page.goto(`/dispatch?layout=timeline${query}`);
    await this.becomes("Live");
    return this;
  }

  row(name) {
    return this.page.locator(".row", { has: this.page.locator(".timeline-row-carrier", { hasText: name }) });
  }

  bar({ loadNumber }) {
    return this.page.locator(`.bar[data-load="${loadNumber}"]`);
  }

  async is(load, status) {
    await this.bar(load).and(this.page.locator(`[data-status="${status}"]`)).waitFor();
  }

  range() {
    return this.page.locator("[data-range]").textContent();
  }
}

test("lanes and timeline are two views of one board, each with its address", async (t) => {
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).open();
  await board.page.getByRole("button", { name: "Timeline" }).click();
  await board.page.locator(".bar").first().waitFor();
  assert.equal(new URL(board.page.url()).searchParams.get("layout"), "timeline");
  await board.page.getByRole("button", { name: "Week" }).click();
  await board.page.waitForURL(/zoom=week/);
  await board.page.reload();
  await board.becomes("Live");
  await board.page.locator('[data-zoom="week"][aria-pressed="true"]').waitFor();
  await board.page.goBack();
  await board.page.locator('[data-zoom="3days"][aria-pressed="true"]').waitFor();
  await board.page.goBack();
  await board.lane("unassigned").waitFor();
});

test("loads without a carrier come first, the others in the row of theirs", async (t) => {
  const carrierId = await fitCarrier(maria);
  const bare = await book(maria);
  const covered = await book(maria, { carrierId });
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).show(`&q=${bare.customer}`);
  await board.row("Unassigned").locator(`[data-load="${bare.loadNumber}"]`).waitFor();
  await board.row(covered.carrier.name).locator(`[data-load="${covered.loadNumber}"]`).waitFor();
  const names = await board.page.locator(".timeline-row-carrier").allTextContents();
  assert.equal(names[0], "Unassigned");
  assert.deepEqual(names.slice(1), names.slice(1).toSorted((a, b) => a.localeCompare(b, "en", { sensitivity: "base" })));
});

test("a bar lies where its time is, and bars of one row do not cover one another", async (t) => {
  const at = (hours) => new Date(Math.floor(Date.now() / HOUR) * HOUR + hours * HOUR).toISOString();
  const spans = [[2, 12], [4, 20], [13, 30]];
  const loads = [];
  for (const [begin, end] of spans) {
    loads.push(await book(maria, { customer: "Stacked Goods", stops: await stopsBetween(at(begin), at(end)) }));
  }
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).show("&q=Stacked&zoom=3days");
  const axis = await board.page.locator(".axis-time").boundingBox();
  const boxes = await Promise.all(loads.map((load) => board.bar(load).locator(".bar-body").boundingBox()));
  for (const [index, [begin, end]] of spans.entries()) {
    const perHour = axis.width / 72;
    assert.ok(Math.abs(boxes[index].width - (end - begin) * perHour) < 2, `the length of ${spans[index]}`);
    assert.ok(Math.abs(boxes[index].x - boxes[0].x - (begin - spans[0][0]) * perHour) < 2, `the begin of ${spans[index]}`);
  }
  assert.ok(boxes[1].y > boxes[0].y, "the second runs beside the first");
  assert.equal(boxes[2].y, boxes[0].y, "the third has the track of the first, which is free again");
});

/** Stops whose windows begin and end together with the trip. */
async function stopsBetween(start, end) {
  const { stops } = await newLoad(maria);
  const later = new Date(Date.parse(start) + HOUR).toISOString();
  const sooner = new Date(Date.parse(end) - HOUR).toISOString();
  stops[0].window = { kind: "fixed", start, end: later };
  stops[1].window = { kind: "fixed", start: sooner, end };
  return stops;
}

test("what others do shows at once", async (t) => {
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).show("&q=Live+Freight");
  const carrierId = await fitCarrier(maria);
  let load = await book(maria, { customer: "Live Freight" });
  await board.is(load, "PLANNING");
  load = await step(maria, load, "PENDING");
  await board.is(load, "PENDING");
  const answer = await maria.post(`/loads/${load.id}/assign`, { carrierId, version: load.version });
  assert.equal(answer.status, 200, answer.text);
  load = answer.json.data;
  await board.row(load.carrier.name).locator(`[data-load="${load.loadNumber}"]`).waitFor();
  assert.equal(await board.bar(load).count(), 1);
  await maria.delete(`/loads/${load.id}?version=${load.version}`);
  await board.bar(load).waitFor({ state: "detached" });
});

test("arrows lead from bar to bar, Enter opens the menu, Space the details", async (t) => {
  const load = await bookAt(maria, "AT_DELIVERY", { customer: "Key Freight" });
  const other = await book(maria, { customer: "Key Freight" });
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).show("&q=Key+Freight");
  const { keyboard } = board.page;
  const focused = () => board.page.evaluate(() => document.activeElement.dataset.load);
  await board.bar(other).focus();
  await keyboard.press("ArrowDown");
  await until(async () => (await focused()) === load.loadNumber, "the bar below has the focus");
  await keyboard.press(" ");
  await board.page.getByRole("complementary", { name: load.loadNumber }).waitFor();
  await keyboard.press("Escape");
  await keyboard.press("Enter");
  await board.menu.waitFor();
  await keyboard.press("Escape");
  await until(async () => (await focused()) === load.loadNumber, "the bar has the focus again");
  await keyboard.press("Enter");
  await board.choice(/Delivered/).click();
  await board.is(load, "DELIVERED");
  await until(async () => (await maria.data(`/loads/${load.id}`)).status === "DELIVERED", "the move is stored");
  await board.bar(load).click({ button: "right" });
  await board.choice(/^Open details/).waitFor();
});

test("a bar takes presses, right clicks and eyes as a card does", async (t) => {
  const customer = "Bar Freight";
  const loads = [await bookAt(maria, "AT_DELIVERY", { customer }), await book(maria, { customer })];
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).show("&q=Bar+Freight");
  for (const load of loads) await board.bar(load).click({ modifiers: ["ControlOrMeta"] });
  await board.hasSelected(2);
  assert.equal(await board.page.getByRole("complementary").count(), 0, "no details");
  await board.bar(loads[0]).and(board.page.locator("[data-selected]")).waitFor();
  await board.bar(loads[1]).click({ modifiers: ["ControlOrMeta"] });
  await board.hasSelected(1);
  await board.page.keyboard.press("Escape");
  await board.hasSelected(0);
  await board.bar(loads[1]).click({ modifiers: ["Shift"] });
  await board.hasSelected(1);
  await board.page.keyboard.press("Escape");

  await board.bar(loads[0]).click({ button: "right" });
  await board.menu.getByRole("menuitem", { name: /^Open details/ }).waitFor();
  await board.page.keyboard.press("Escape");
  await board.menu.waitFor({ state: "detached" });

  const hers = await new BoardPage(await visit(t, browser, server, { person: maria })).open(customer);
  await board.bar(loads[0]).focus();
  await hers.card(loads[0]).and(hers.page.locator("[data-watchers]")).waitFor();
});

test("one gets through time by buttons, keys, wheel and hand, and back to today", async (t) => {
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).show("&zoom=day");
  const { page } = board;
  const first = await board.range();
  const changes = async (deed) => {
    const before = await board.range();
    await deed();
    await until(async () => (await board.range()) !== before, "another part of time is shown");
  };
  await changes(() => page.getByRole("button", { name: "Later" }).click());
  await changes(() => page.getByRole("button", { name: "Earlier" }).click());
  assert.equal(await board.range(), first);
  await page.locator(".timeline-scroll").focus();
  await changes(() => page.keyboard.press("ArrowRight"));
  const { x, y, width } = await page.locator(".axis-time").boundingBox();
  await page.mouse.move(x + width / 2, y + 24);
  await changes(() => page.mouse.wheel(200, 0));
  await changes(async () => {
    await page.mouse.down();
    await page.mouse.move(x + width / 4, y + 24, { steps: 5 });
    await page.mouse.up();
  });
  await changes(() => page.getByRole("button", { name: "Today", exact: true }).click());
  assert.equal(await board.range(), first);
  assert.equal(await page.locator("[data-zone]").textContent(), "your time, UTC−6");
});

test("the server renders the same timeline, and nothing moves when it comes alive", async (t) => {
  const where = async (options) => {
    const visitor = await visit(t, browser, server, { person: sarah, ...options });
    await visitor.page.goto("/dispatch?layout=timeline");
    if (options.javaScriptEnabled !== false) await new BoardPage(visitor).becomes("Live");
    return visitor.page.locator(".bar").evaluateAll((bars) =>
      bars.flatMap((bar) => {
        const { x, y, width } = bar.querySelector(".bar-body").getBoundingClientRect();
        // What is out of sight need not be there any more.
        if (y > innerHeight) return [];
        return [bar.dataset.load, Math.round(x), Math.round(y), Math.round(width)].join(" ");
      }),
    );
  };
  const rendered = await where({ javaScriptEnabled: false });
  const alive = new Set(await where({}));
  assert.ok(rendered.length > 5, `${rendered.length} bars`);
  assert.deepEqual(rendered.filter((bar) => !alive.has(bar)), [], "bars that have moved");
});

test("of thousands of loads only those in view are in the document", async (t) => {
  const big = await serverFor(t, { loads: 1_500 });
  const visitor = await visit(t, browser, big, { person: await as(big, "john") });
  const board = await new TimelinePage(visitor).show();
  const { page } = board;
  const count = () => page.locator(".bar").count();
  assert.ok((await count()) < 300, `${await count()} bars`);
  const first = await page.locator(".bar").first().getAttribute("data-load");
  await page.locator(".timeline-scroll").evaluate((scroller) => (scroller.scrollTop = scroller.scrollHeight));
  await page.locator(`.bar[data-load="${first}"][tabindex="-1"]`).waitFor({ state: "detached" });
  await until(count, "bars at the end");
  assert.ok((await count()) < 300, `${await count()} bars`);
  await page.getByRole("button", { name: "Week" }).click();
  await until(async () => (await count()) > 0, "bars of a week");
});

for (const scheme of ["light", "dark"]) {
  test(`everybody can use it, in ${scheme}`, async (t) => {
    const visitor = await visit(t, browser, server, { person: sarah, scheme });
    const board = await new TimelinePage(visitor).show();
    await board.page.locator(".bar").first().waitFor();
    await assertAccessible(visitor, "the timeline");
    await assertFits(visitor);
    await picture(visitor, `timeline-${scheme}`);
    await board.page.locator(".bar").nth(3).click();
    await board.page.getByRole("complementary").waitFor();
    await assertAccessible(visitor, "the timeline with a load's details");
    await picture(visitor, `timeline-details-${scheme}`);
  });

  test(`and on a phone, in ${scheme}`, async (t) => {
    const visitor = await visit(t, browser, server, { person: sarah, scheme, ...PHONE });
    const board = await new TimelinePage(visitor).show();
    await board.page.locator(".bar").first().waitFor();
    await assertAccessible(visitor, "the timeline on a phone");
    await assertFits(visitor);
    await picture(visitor, `phone-timeline-${scheme}`);
    const name = await board.page.locator(".timeline-row-name").first().boundingBox();
    const tracks = await board.page.locator(".timeline-row-tracks").first().boundingBox();
    assert.ok(tracks.y >= name.y + name.height && tracks.x < 10, "the name stands above its row");
  });
}

test("a filter that leaves nothing says so, and leads out", async (t) => {
  const visitor = await visit(t, browser, server, { person: john });
  const board = await new TimelinePage(visitor).show("&q=nobody+at+all");
  await board.page.getByRole("button", { name: "Clear filter" }).click();
  await board.page.locator(".bar").first().waitFor();
});
