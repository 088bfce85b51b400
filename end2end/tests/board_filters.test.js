// Finding and arranging: what the board is filtered, sorted and grouped by stands in its address, and is had by name.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as, logIn } from "../harness/client.js";
import { FilterBar } from "../harness/filter_bar.js";
import { send } from "../harness/http.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt, fitCarrier } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 120 });
const browser = await browserForThisFile();
const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((who) => as(server, who)));
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A person's board at an address, live, and its bar. */
async function boardAt(t, person, address = "/dispatch", options = {}) {
  const visitor = await visit(t, browser, server, { person, ...options });
  await visitor.page.goto(address);
  const board = new BoardPage(visitor);
  await board.becomes("Live");
  return { visitor, board, bar: new FilterBar(visitor), page: visitor.page };
}

/** The numbers that the heads of the lanes say are shown, in all. */
async function shownCount(page) {
  const texts = await page.locator("[data-lane] .lane-count").allInnerTexts();
  return texts.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
}

/** Waits until the board shows as many loads. */
async function showsCount(page, count) {
  await until(async () => (await shownCount(page)) === count, `${count} loads on the board`);
}

/** The loads that are mounted in a lane, from the top. */
function order(page, lane) {
  return page.locator(`[data-lane="${lane}"] .vlist-row`).evaluateAll((rows) =>
    rows
      .map((row) => [row.getBoundingClientRect().top, row.querySelector("[data-load]").dataset.load])
      .sort(([a], [b]) => a - b)
      .map(([, number]) => number),
  );
}

const cardsOfBoard = async (person) => (await person.data("/loads/board")).cards;

describe("a filter", () => {
  test("of each kind leaves the loads that it names, and its address does", async (t) => {
    const { page, bar } = await boardAt(t, maria);
    const cards = await cardsOfBoard(maria);
    const most = (values) => {
      const known = values.filter(Boolean);
      const count = (value) => known.filter((other) => other === value).length;
      return known.reduce((first, second) => (count(second) > count(first) ? second : first));
    };
    const carrier = most(cards.map((card) => card.carrier?.name));
    const carrierId = cards.find((card) => card.carrier?.name === carrier).carrier.id;
    const customer = most(cards.map((card) => card.customer));
    const [from, to] = [most(cards.map((card) => card.origin.state)), most(cards.map((card) => card.destination.state))];
    for (const [kind, label, query, fits] of [
      ["status", "In transit", "status=IN_TRANSIT", (card) => card.status === "IN_TRANSIT"],
      ["equipment", "Reefer", "equipment=reefer", (card) => card.equipment === "reefer"],
      ["carrier", carrier, `carrier=${carrierId}`, (card) => card.carrier?.id === carrierId],
      ["carrier", "No carrier", "carrier=none", (card) => !card.carrier],
      ["customer", customer, `customer=${encodeURIComponent(customer)}`, (card) => card.customer === customer],
      ["from", from, `from=${from}`, (card) => card.origin.state === from],
      ["to", to, `to=${to}`, (card) => card.destination.state === to],
      ["dispatcher", "Me", "dispatcher=me", (card) => card.dispatcher?.id === maria.user.id],
      ["priority", "Hot", "priority=hot", (card) => card.hot],
    ]) {
      const count = cards.filter(fits).length;
      await bar.open(kind);
      const said = await bar.choice(label).locator(".choice-count").innerText();
      assert.equal(Number.parseInt(said, 10), count, `${kind} ${label} promises what it shows`);
      await bar.choice(label).click();
      await bar.close();
      await showsCount(page, count);
      await page.waitForURL(`${server.url}/dispatch?${query}`);
      await bar.chip(kind).getByRole("button", { name: /^Clear/ }).click();
      await showsCount(page, cards.length);
    }
    await page.waitForURL(`${server.url}/dispatch`);
  });

  test("keeps every letter and space of words that are typed with a rest between them", async (t) => {
    const load = await book(maria, { customer: "Prairie Dallas Foods" });
    const { board, page } = await boardAt(t, maria);
    const field = page.getByRole("searchbox", { name: "Filter loads" });
    await field.focus();
    await page.keyboard.type("prairie ");
    await page.waitForURL(`${server.url}/dispatch?q=prairie`);
    await board.shows(load, "unassigned");
    assert.equal(await field.inputValue(), "prairie ");
    await page.keyboard.type("dallas");
    await page.waitForURL(/q=prairie(%20|\+)dallas$/);
    assert.equal(await field.inputValue(), "prairie dallas");
    await board.shows(load, "unassigned");
    await showsCount(page, 1);
  });

  test("of days takes today, one day, and a span", async (t) => {
    const { page, bar } = await boardAt(t, maria);
    await bar.open("pickup");
    const said = await bar.choice("Today").locator(".choice-count").innerText();
    await bar.choice("Today").click();
    await page.waitForURL(/\?pickup=today$/);
    await showsCount(page, Number.parseInt(said, 10));
    await bar.panel.getByLabel("On", { exact: true }).fill("2026-11-21");
    await bar.panel.getByLabel("On", { exact: true }).press("Tab");
    await page.waitForURL(/\?pickup=2026-11-21$/);
    await bar.panel.getByLabel("From", { exact: true }).fill("2026-11-23");
    await page.waitForURL(/\?pickup=2026-11-23\.\.$/);
    await bar.panel.getByLabel("To", { exact: true }).fill("2026-11-25");
    await page.waitForURL(/\?pickup=2026-11-23\.\.2026-11-25$/);
    await bar.close();
    await bar.chip("pickup").getByText("Nov 23 – Nov 25").waitFor();
    await bar.choose("pickup", "Any day");
    await page.waitForURL(`${server.url}/dispatch`);
  });

  test("narrows down with others, is found by typing, and all go at once", async (t) => {
    const { page, bar } = await boardAt(t, maria);
    const cards = await cardsOfBoard(maria);
    const [first, second] = [...new Set(cards.map((card) => card.customer))].sort();
    const panel = await bar.open("customer");
    const search = panel.getByLabel("Find customers");
    assert.ok(await search.evaluate((input) => input === document.activeElement), "one can type at once");
    await search.fill(first.toLowerCase());
    await search.press("Enter");
    await search.fill(second);
    await search.press("ArrowDown");
    await page.keyboard.press("Space");
    await bar.close();
    assert.ok(await bar.chip("customer").locator(".chip-open").evaluate((it) => it === document.activeElement), "the focus is back");
    await bar.chip("customer").getByText("+1").waitFor();
    const both = cards.filter((card) => [first, second].includes(card.customer));
    await showsCount(page, both.length);
    const { equipment } = both[0];
    const label = { dry_van: "Dry van", reefer: "Reefer", flatbed: "Flatbed", step_deck: "Step deck", power_only: "Power only" };
    await bar.choose("equipment", label[equipment]);
    await showsCount(page, both.filter((card) => card.equipment === equipment).length);
    await bar.clearAll.click();
    await showsCount(page, cards.length);
    await page.waitForURL(`${server.url}/dispatch`);
    assert.equal(await bar.clearAll.count(), 0);
    assert.ok(await bar.chip("pickup").locator(".chip-open").evaluate((it) => it === document.activeElement));
  });

  test("that leaves nothing says so, and the way out", async (t) => {
    const { page, board } = await boardAt(t, maria, "/dispatch?from=AK&to=HI");
    await page.getByText("No load matches the filter.").waitFor();
    await page.getByRole("button", { name: "Clear filter" }).click();
    await board.lane("delivered").locator("[data-load]").first().waitFor();
  });

  test("a press outside closes the panel, and another chip opens at once", async (t) => {
    const { page, bar } = await boardAt(t, maria);
    await bar.open("status");
    await bar.chip("equipment").locator(".chip-open").click();
    await page.getByRole("dialog", { name: "Choose equipment" }).waitFor();
    assert.equal(await bar.panel.count(), 1);
    await page.mouse.click(700, 500);
    await bar.panel.waitFor({ state: "detached" });
  });
});

describe("an address", () => {
  test("shows the same board in another browser, from the server already", async (t) => {
    const hers = await boardAt(t, maria);
    const carrier = (await cardsOfBoard(maria)).find((card) => card.carrier).carrier.name;
    await hers.bar.choose("carrier", carrier, "No carrier");
    await hers.bar.view({ "Group by": "Equipment", Density: "Rows" });
    await hers.bar.sort("Unassigned", "Customer");
    await hers.page.waitForURL(/sort=/);
    const address = new URL(hers.page.url());
    const his = await boardAt(t, john, address.pathname + address.search);
    assert.equal(await shownCount(his.page), await shownCount(hers.page));
    assert.deepEqual(await order(his.page, "unassigned"), await order(hers.page, "unassigned"));
    await his.bar.chip("carrier").getByText("+1").waitFor();

    const page = await send(address.href, { headers: { cookie: `auth_token=${john.token}` } });
    assert.match(page.text, /data-density="rows"/);
    assert.match(page.text, /data-group="/);
    assert.ok(page.text.includes(carrier) && page.text.includes("chip-more"), "the chip says the name");
  });

  test("is walked back and forth", async (t) => {
    const { page, bar } = await boardAt(t, maria);
    const all = await shownCount(page);
    await bar.choose("equipment", "Reefer");
    await page.waitForURL(/equipment=reefer$/);
    const reefers = await shownCount(page);
    await bar.preset("Unassigned").click();
    await page.waitForURL(/carrier=none$/);
    const unassigned = await shownCount(page);
    await page.goBack();
    await showsCount(page, reefers);
    assert.equal(await bar.chip("equipment").getAttribute("data-set"), "");
    await page.goBack();
    await showsCount(page, all);
    await page.goForward();
    await page.goForward();
    await showsCount(page, unassigned);
    assert.equal(await bar.preset("Unassigned").getAttribute("aria-pressed"), "true");
  });

  test("keeps sorting, groups and density through a reload", async (t) => {
    const { page, bar, board } = await boardAt(t, maria);
    await bar.sort("Delivered", "Load number");
    await bar.view({ "Group by": "Customer", Density: "Rows" });
    await page.waitForURL(/density=rows/);
    // Rows beyond those in view are mounted in turns.
    const first = async () => (await order(page, "delivered")).slice(0, 6);
    await until(async () => (await first()).length === 6, "six loads of the lane are mounted");
    const before = await first();
    await page.reload();
    await board.becomes("Live");
    assert.deepEqual(await first(), before);
    const heights = await page.locator(".card").evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().height));
    assert.ok(heights.every((height) => height >= 24 && height <= 32), `rows are ${heights[0]} px high`);
    const groups = await page.locator('[data-lane="delivered"] [data-group]').evaluateAll((all) =>
      all.map((group) => group.dataset.group),
    );
    assert.deepEqual(groups, [...groups].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase())));
  });
});

describe("presets", () => {
  test("count what they show, are marked, and a second press shows all again", async (t) => {
    const { page, bar } = await boardAt(t, maria);
    const all = await shownCount(page);
    for (const name of ["My loads", "Picking up today", "Unassigned", "At risk", "Hot"]) {
      const preset = bar.preset(name);
      const count = Number.parseInt(await preset.locator(".preset-count").innerText(), 10);
      await preset.click();
      await showsCount(page, count);
      assert.equal(await preset.getAttribute("aria-pressed"), "true");
      await preset.click();
      await showsCount(page, all);
    }
  });

  test("count on as loads come", async (t) => {
    const { bar } = await boardAt(t, maria);
    const count = async () => Number.parseInt(await bar.preset("Hot").locator(".preset-count").innerText(), 10);
    const before = await count();
    await book(john, { hot: true });
    await until(async () => (await count()) === before + 1, "one more hot load");
  });

  test("a view is saved, shown after a new login, renamed, overwritten and deleted", async (t) => {
    const first = await boardAt(t, sarah);
    await first.bar.choose("equipment", "Reefer");
    await first.bar.view({ "Group by": "Carrier" });
    await first.bar.openSaved();
    await first.bar.saveAs("Reefers");
    await first.board.says("The view “Reefers” was saved.");
    await first.bar.saveAs("REEFERS");
    await first.bar.panel.getByRole("alert").getByText("already").waitFor();
    first.visitor.allow(/status of 409/);
    await first.visitor.context.close();

    const { page, bar, board } = await boardAt(t, await logIn(server, "sarah"));
    const reefers = (await cardsOfBoard(sarah)).filter((card) => card.equipment === "reefer").length;
    await bar.openSaved();
    await bar.saved("Reefers").getByRole("button", { name: /^Reefers/ }).click();
    await showsCount(page, reefers);
    await page.waitForURL(/\?equipment=reefer&group=carrier$/);
    await bar.bar.getByRole("button", { name: "Saved views, now Reefers" }).waitFor();

    await bar.choose("equipment", "Reefer", "Flatbed");
    await bar.openSaved();
    await bar.saved("Reefers").hover();
    await bar.panel.getByRole("button", { name: "Overwrite Reefers" }).click();
    await board.says("now shows what the board shows");
    await bar.saved("Reefers").hover();
    await bar.panel.getByRole("button", { name: "Rename Reefers" }).click();
    await bar.panel.getByLabel("New name of Reefers").fill("Flatbeds");
    await page.keyboard.press("Enter");
    await bar.saved("Flatbeds").waitFor();
    const { data } = (await sarah.get("/presets")).json;
    assert.deepEqual(data.map(({ name, query }) => [name, query]), [["Flatbeds", "equipment=flatbed&group=carrier"]]);

    await bar.saved("Flatbeds").hover();
    await bar.panel.getByRole("button", { name: "Delete Flatbeds" }).click();
    await bar.panel.getByRole("button", { name: "Keep" }).click();
    await bar.saved("Flatbeds").hover();
    await bar.panel.getByRole("button", { name: "Delete Flatbeds" }).click();
    await bar.panel.getByRole("button", { name: "Delete", exact: true }).click();
    await bar.saved("Flatbeds").waitFor({ state: "detached" });
    assert.deepEqual((await sarah.get("/presets")).json.data, []);
    assert.ok(await bar.panel.getByLabel("Name of this view").evaluate((it) => it === document.activeElement), "the focus stays");
  });
});

describe("arranged", () => {
  test("a lane is sorted by what is chosen, the others stay", async (t) => {
    const { page, bar } = await boardAt(t, maria);
    const others = await order(page, "in-transit");
    await bar.sort("Unassigned", "Load number");
    const numbers = await until(async () => {
      const numbers = await order(page, "unassigned");
      return numbers.join() === [...numbers].sort().join() && numbers;
    }, "the lane in the order of its numbers");
    assert.ok(numbers.length > 3);
    assert.deepEqual(await order(page, "in-transit"), others);
  });

  test("in groups the arrows lead from card to card, and places count cards alone", async (t) => {
    const { page, board } = await boardAt(t, maria, "/dispatch?group=equipment&density=rows");
    const rows = page.locator('[data-lane="in-transit"] .vlist-row');
    const [first] = await order(page, "in-transit");
    await board.lane("in-transit").locator(`[data-load="${first}"]`).focus();
    const visited = [first];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("ArrowDown");
      const next = await until(
        () => page.evaluate((last) => {
          const load = document.activeElement?.dataset.load;
          return load !== last && load;
        }, visited.at(-1)),
        "the next card has the focus",
      );
      visited.push(next);
    }
    assert.deepEqual(visited, (await order(page, "in-transit")).slice(0, visited.length));
    const places = await rows.evaluateAll((all) => all.map((row) => Number(row.ariaPosInSet)));
    assert.deepEqual([...places].sort((a, b) => a - b), places.map((_, index) => index + 1));
    const edges = await page.locator('[data-lane="in-transit"] :is(.vlist-row, .vlist-head)').evaluateAll((all) =>
      all.map((row) => row.getBoundingClientRect()).map(({ top, bottom }) => [Math.round(top), Math.round(bottom)]).sort(([a], [b]) => a - b),
    );
    for (const [index, [top]] of edges.entries()) {
      if (index > 0) assert.ok(Math.abs(top - edges[index - 1][1]) <= 1, `row ${index} begins where the one above ends`);
    }
  });

  test("in rows a load is dragged as ever", async (t) => {
    const load = await bookAt(maria, "AT_DELIVERY");
    const { board } = await boardAt(t, maria, `/dispatch?q=${load.loadNumber}&density=rows`);
    await board.drag(load, "delivered");
    await board.shows(load, "delivered", "DELIVERED");
  });
});

test("a change takes a card out of the filtered board, and brings another in", async (t) => {
  const carrierId = await fitCarrier(maria);
  const load = await book(maria, { carrierId, hot: true, customer: "Sieve Foods" });
  const { board } = await boardAt(t, maria, "/dispatch?priority=hot&customer=Sieve%20Foods");
  await board.shows(load, "unassigned", "PLANNING");
  await john.patch(`/loads/${load.id}`, { version: 1, hot: false });
  await board.hides(load);
  await john.patch(`/loads/${load.id}`, { version: 2, hot: true });
  await board.shows(load, "unassigned", "PLANNING");
});

for (const scheme of ["light", "dark"]) {
  describe(`looked at in ${scheme}`, () => {
    test("bar and panels please axe", async (t) => {
      const { visitor, bar, page } = await boardAt(t, sarah, "/dispatch?status=PENDING&status=IN_TRANSIT&carrier=none&group=equipment", { scheme });
      await assertAccessible(visitor, "the bar");
      await picture(visitor, `filters-bar-${scheme}`);
      for (const kind of ["pickup", "customer", "carrier"]) {
        await bar.open(kind);
        await assertAccessible(visitor, `the choice of ${kind}`);
        await picture(visitor, `filters-${kind}-${scheme}`);
        await bar.close();
      }
      await bar.openSaved();
      await assertAccessible(visitor, "saved views");
      await bar.close();
      await page.getByRole("button", { name: "Sort Unassigned, now by" }).click();
      await assertAccessible(visitor, "the sortings");
      await bar.close();
      await bar.view({ Density: "Rows" });
      await assertAccessible(visitor, "rows");
      await picture(visitor, `filters-rows-${scheme}`);
    });

    test("on a phone the filters are folded away", async (t) => {
      const { visitor, bar, page } = await boardAt(t, maria, "/dispatch?status=PENDING&equipment=reefer", { scheme, ...PHONE });
      await assertFits(visitor);
      assert.ok(!(await bar.chip("status").isVisible()));
      const fold = bar.bar.getByRole("button", { name: /^Filters/ });
      assert.match(await fold.innerText(), /2/);
      await fold.tap();
      await bar.chip("status").waitFor();
      await assertFits(visitor);
      await assertAccessible(visitor, "the filters on a phone");
      await picture(visitor, `phone-filters-${scheme}`);
      await bar.open("customer");
      await assertFits(visitor);
      await assertAccessible(visitor, "a panel on a phone");
      await picture(visitor, `phone-filter-customer-${scheme}`);
      await bar.close();
      await fold.tap();
      await bar.view({ Density: "Rows", "Group by": "Carrier", "Sort by": "Customer" });
      await page.waitForURL(/group=carrier&density=rows&sort=unassigned%3Acustomer$/);
      await assertFits(visitor);
      await picture(visitor, `phone-rows-${scheme}`);
    });
  });
}
