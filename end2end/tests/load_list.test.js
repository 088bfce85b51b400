// The loads list: every load in pages, found by the filter in the address, true while one looks at it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { held } from "../harness/cut.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 130 });
const browser = await browserForThisFile();
const [maria, sarah, swift, stranger] = await Promise.all([
  ...["maria", "sarah", "swift"].map((who) => as(server, who)),
  as(server, "maria@globex"),
]);
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

class ListPage {
  constructor({ page }) {
    this.page = page;
    this.rows = page.locator("tbody tr");
    this.status = page.locator("[data-live-status]");
    this.total = page.locator(".list-total");
    this.next = page.getByRole("link", { name: /^Next/ });
    this.search = page.getByRole("searchbox", { name: "Search loads" });
  }

  async open(query = "") {
    await this.page.goto(`/loads${query}`);
    await this.status.filter({ hasText: "Live" }).waitFor();
    return this;
  }

  row({ loadNumber }) {
    return this.page.locator(`tr[data-load="${loadNumber}"]`);
  }

  /** Waits until the address holds this. */
  async stands(pattern) {
    await this.page.waitForURL(pattern);
  }

  numbers() {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.dataset.load));
  }
}

describe("the list", () => {
  test("leads through every load once, and back", async (t) => {
    const list = await new ListPage(await visit(t, browser, server, { person: maria })).open();
    const total = Number.parseInt((await list.total.textContent()).replace(",", ""), 10);
    assert.ok(total >= 130, `${total} loads`);
    const seen = new Set(await list.numbers());
    const first = [...seen];
    while (await list.next.count()) {
      const before = await list.rows.first().getAttribute("data-load");
      await list.next.click();
      await list.page.locator(`tbody tr:first-child:not([data-load="${before}"])`).waitFor();
      for (const number of await list.numbers()) {
        assert.ok(!seen.has(number), `${number} once`);
        seen.add(number);
      }
    }
    assert.equal(seen.size, total);
    await list.page.getByRole("link", { name: "Newest" }).click();
    await list.row({ loadNumber: first[0] }).waitFor();
  });

  test("never shows what a former filter found for the one that is set", async (t) => {
    const wanted = await book(maria, { customer: "Latterday Grain" });
    await book(maria, { customer: "Formerly Grain" });
    const visitor = await visit(t, browser, server, { person: maria });
    const list = await new ListPage(visitor).open();
    const former = await held(visitor, "GET", /\/api\/v1\/loads\?.*formerly/);
    const latter = await held(visitor, "GET", /\/api\/v1\/loads\?.*latterday/);
    await list.search.fill("formerly");
    const isAnswered = (await former.caught).response();
    await list.search.fill("latterday");
    // It is asked for at once, whatever becomes of the question before.
    await latter.caught;
    latter.release();
    await list.row(wanted).waitFor();
    await list.total.filter({ hasText: /^1 load$/ }).waitFor();
    former.release();
    await isAnswered.catch(() => {});
    const reopened = await book(maria, { customer: "Latterday Grain" });
    await list.page.getByText(/1 new/).waitFor();
    assert.deepEqual(await list.numbers(), [wanted.loadNumber], `still, after ${reopened.loadNumber} was told`);
  });

  test("finds by text, status and whatever the address says, and Back undoes it", async (t) => {
    const wanted = await bookAt(maria, "TENDERED", { customer: "Quillfeather Mills", references: ["QF-1"] });
    const other = await book(maria, { customer: "Quillfeather Mills" });
    const list = await new ListPage(await visit(t, browser, server, { person: maria })).open();
    await list.search.fill("quillfeather");
    await list.stands(/q=quillfeather/);
    await list.total.filter({ hasText: /^2 loads$/ }).waitFor();
    await list.page.getByLabel("Status").selectOption("TENDERED");
    await list.total.filter({ hasText: /^1 load$/ }).waitFor();
    assert.deepEqual(await list.numbers(), [wanted.loadNumber]);
    await list.page.goBack();
    await list.row(other).waitFor();
    await list.page.getByRole("button", { name: "Clear" }).click();
    await list.stands(/\/loads$/);

    const second = await new ListPage(await visit(t, browser, server, { person: sarah })).open("?q=QF-1&status=TENDERED");
    assert.deepEqual(await second.numbers(), [wanted.loadNumber]);
    await second.search.fill("nothing like this");
    await second.page.getByText("No load matches.").waitFor();
  });

  test("keeps every letter and space of words that are typed with a rest between them", async (t) => {
    const load = await book(maria, { customer: "Prairie Dallas Foods" });
    const list = await new ListPage(await visit(t, browser, server, { person: maria })).open();
    await list.search.focus();
    await list.page.keyboard.type("prairie ");
    await list.stands(/\/loads\?q=prairie$/);
    await list.total.filter({ hasText: /^\d+ loads?$/ }).waitFor();
    assert.equal(await list.search.inputValue(), "prairie ");
    await list.page.keyboard.type("dallas");
    await list.stands(/q=prairie(%20|\+)dallas$/);
    assert.equal(await list.search.inputValue(), "prairie dallas");
    await list.row(load).waitFor();
    // A choice that is made before the typing rests takes the words along.
    await list.page.keyboard.type(" foods");
    await list.page.getByLabel("Status").selectOption("PLANNING");
    await list.stands(/q=prairie(%20|\+)dallas(%20|\+)foods&status=PLANNING$/);
    assert.equal(await list.search.inputValue(), "prairie dallas foods");
    await list.page.getByRole("button", { name: "Clear" }).click();
    await list.stands(/\/loads$/);
    assert.equal(await list.search.inputValue(), "");
  });

  test("shows what others do, and says what is new without moving a row", async (t) => {
    const load = await bookAt(maria, "PENDING", { customer: "Live Lines" });
    const list = await new ListPage(await visit(t, browser, server, { person: sarah })).open("?q=live%20lines");
    await step(maria, load, "TENDERED");
    await list.row(load).filter({ hasText: "Tendered" }).waitFor();
    const fresh = await book(maria, { customer: "Live Lines" });
    const button = list.page.getByRole("button", { name: /^1 new load$/ });
    await button.waitFor();
    // What the filter would leave out is not announced.
    await book(maria, { customer: "Other Lines" });
    const last = await book(maria, { customer: "Live Lines" });
    await list.page.getByRole("button", { name: /^2 new loads$/ }).waitFor();
    await maria.delete(`/loads/${last.id}?version=${last.version}`);
    await button.waitFor();
    assert.equal(await list.row(fresh).count(), 0);
    await button.click();
    await list.row(fresh).waitFor();
  });

  test("says that a page could not be had, shows the one before, and has it as soon as it can be had", async (t) => {
    const load = await book(maria, { customer: "Second Try Foods" });
    const visitor = await visit(t, browser, server, { person: maria, allow: [/ERR_FAILED/, /ERR_CONNECTION/] });
    const list = await new ListPage(visitor).open();
    const before = await list.numbers();
    const isList = (url) => url.pathname === "/api/v1/loads";
    let asked = 0;
    await list.page.route(isList, (route) => {
      asked += 1;
      return route.abort("connectionfailed");
    });
    await list.search.fill("second try");
    const failed = list.page.getByRole("alert").filter({ hasText: "What you asked for could not be loaded." });
    await failed.waitFor();
    await failed.getByText("The server can't be reached.").waitFor();
    assert.deepEqual(await list.numbers(), before);
    assert.equal(await list.page.locator("[data-turning]").count(), 0, "not dimmed for ever");
    const first = asked;
    await failed.getByRole("button", { name: "Try again" }).click();
    await until(() => asked > first, "it is asked for again");
    await failed.waitFor();
    await list.page.unroute(isList);
    await list.total.filter({ hasText: /^1 load$/ }).waitFor();
    assert.deepEqual(await list.numbers(), [load.loadNumber]);
    await failed.waitFor({ state: "detached" });
  });

  test("shows each role its own, and money only to those who may see it", async (t) => {
    const manager = await new ListPage(await visit(t, browser, server, { person: sarah })).open();
    await manager.page.getByRole("columnheader", { name: "Margin" }).waitFor();
    const dispatcher = await new ListPage(await visit(t, browser, server, { person: maria })).open();
    assert.equal(await dispatcher.page.getByRole("columnheader", { name: "Margin" }).count(), 0);
    assert.ok(!/carrierCost|revenue/.test(await dispatcher.page.content()), "no money in the page's data");
    const carrier = await new ListPage(await visit(t, browser, server, { person: swift })).open();
    assert.equal(await carrier.page.getByRole("link", { name: "New load" }).count(), 0);
    const abroad = await new ListPage(await visit(t, browser, server, { person: stranger })).open("?q=quillfeather");
    await abroad.page.getByText("No load matches.").waitFor();
  });
});

for (const scheme of ["light", "dark"]) {
  test(`axe finds nothing on the list in ${scheme}, and it fits a phone`, async (t) => {
    const visitor = await visit(t, browser, server, { person: sarah, scheme });
    await new ListPage(visitor).open();
    await assertAccessible(visitor, "the list");
    await picture(visitor, `list-${scheme}`);
    const phone = await visit(t, browser, server, { person: sarah, scheme, ...PHONE });
    await new ListPage(phone).open();
    await assertAccessible(phone, "the list on a phone");
    await assertFits(phone);
    await picture(phone, `list-phone-${scheme}`);
  });
}
