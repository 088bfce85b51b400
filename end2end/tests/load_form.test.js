// Booking and changing a load in the form: by mouse, by keys, on a phone; refused, interrupted, and overtaken.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { answerLost, held } from "../harness/cut.js";
import { LoadFormPage } from "../harness/load_pages.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { allLoads, book, bookAt, fitCarrier, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 40 });
const browser = await browserForThisFile();
const [maria, john, sarah, admin] = await Promise.all(["maria", "john", "sarah", "admin"].map((who) => as(server, who)));
const facilities = await maria.data("/facilities?limit=500");
const inZone = (zone) => facilities.find((facility) => facility.zone === zone).name;
const [CHICAGO, DENVER, NEW_YORK] = ["America/Chicago", "America/Denver", "America/New_York"].map(inZone);
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
// A form is left with the browser's own question, which a test answers as a person would.
const STOPS = [
  { facility: CHICAGO, day: "2027-01-15", from: "08:00", until: "10:00" },
  { facility: DENVER, day: "2027-01-16", from: "14:00", until: "16:30" },
];

const open = async (t, address, options = {}) => {
  const visitor = await visit(t, browser, server, { person: maria, ...options });
  return [await new LoadFormPage(visitor).open(address), visitor];
};

/** The one load of this customer, with its stops. */
async function loadOf(customer) {
  const load = await until(
    async () => (await allLoads(maria)).find((load) => load.customer === customer),
    `a load of ${customer} is stored`,
  );
  return maria.data(`/loads/${load.id}`);
}

describe("a new load", () => {
  test("is booked on the clocks of its facilities, and is on every open board", async (t) => {
    const other = await new BoardPage(await visit(t, browser, server, { person: john })).open("Mouse Freight");
    const [form] = await open(t);
    await form.fillLoad({ customer: "Mouse Freight", stops: STOPS });
    await form.field("Weight, lb").fill("42,000");
    await form.field("References").fill("PO 7, BOL 9");
    await form.page.getByLabel("Hot: it comes before others").check();
    await form.bookButton.click();
    await form.says("was booked for Mouse Freight");
    await form.page.waitForURL(`${server.url}/dispatch`);
    const load = await loadOf("Mouse Freight");
    await other.shows(load, "unassigned", "PLANNING");
    const [pickup, delivery] = load.stops.map(({ appointment }) => [appointment.start, appointment.end, appointment.kind]);
    assert.deepEqual(pickup, ["2027-01-15T14:00:00.000Z", "2027-01-15T16:00:00.000Z", "FCFS"], "Chicago is UTC-6");
    assert.deepEqual(delivery, ["2027-01-16T21:00:00.000Z", "2027-01-16T23:30:00.000Z", "FCFS"], "Denver is UTC-7");
    assert.deepEqual([load.weightLbs, load.references, load.hot], [42_000, ["PO 7", "BOL 9"], true]);
    assert.ok(load.miles > 0, "the server has estimated the miles");
    const link = form.toasts.getByRole("link", { name: "Open it" });
    assert.equal(await link.getAttribute("href"), `/loads/${load.id}`);
  });

  test("is booked with the keyboard alone", async (t) => {
    const [form, { page }] = await open(t);
    const { keyboard } = page;
    const tabTo = async (locator) => {
      for (let pressed = 0; pressed < 60; pressed += 1) {
        if (await locator.evaluate((element) => element === document.activeElement)) return;
        await keyboard.press("Tab");
      }
      assert.fail(`Tab does not lead to ${locator}`);
    };
    await tabTo(form.field("Customer"));
    await keyboard.type("Keyboard Freight");
    await tabTo(form.field("Equipment"));
    await keyboard.type("Flat");
    for (const [index, [facility, day]] of [[CHICAGO, "01152027"], [DENVER, "01162027"]].entries()) {
      await tabTo(form.ofStop(index + 1, "Facility"));
      await keyboard.type(facility);
      await page.getByRole("option", { name: facility }).waitFor();
      await keyboard.press("Enter");
      await page.getByRole("listbox").waitFor({ state: "detached" });
      assert.equal(await form.ofStop(index + 1, "Facility").inputValue(), facility);
      await tabTo(form.ofStop(index + 1, "Day"));
      await keyboard.type(day);
      await tabTo(form.ofStop(index + 1, "From"));
      await keyboard.type("0800AM");
      await tabTo(form.ofStop(index + 1, "Until"));
      await keyboard.type("1000AM");
    }
    await keyboard.press("Control+Enter");
    await form.says("was booked for Keyboard Freight");
    assert.equal((await loadOf("Keyboard Freight")).equipment, "flatbed");
  });

  test("and another: the form is empty again and ready", async (t) => {
    const [form] = await open(t);
    await form.fillLoad({ customer: "First of Two", stops: STOPS });
    await form.bookAnother.click();
    await form.says("was booked for First of Two");
    assert.equal(await form.field("Customer").inputValue(), "");
    assert.deepEqual(await form.facilities(), ["", ""]);
    await until(() => form.field("Customer").evaluate((field) => field === document.activeElement), "the focus is back");
  });

  test("says beside each field what is wrong, and leads to the first", async (t) => {
    const [form] = await open(t);
    await form.bookButton.click();
    await form.wrong("customer").filter({ hasText: "Say whom the load is for." }).waitFor();
    await until(() => form.field("Customer").evaluate((field) => field === document.activeElement), "the focus leads there");
    await form.problems.filter({ hasText: "6 things are to be put right first" }).waitFor();
    assert.equal(await form.field("Customer").getAttribute("aria-invalid"), "true");
    await form.field("Customer").fill("Careful Freight");
    await form.wrong("customer").waitFor({ state: "detached" });
    await form.fillLoad({ customer: "Careful Freight", stops: STOPS });
    await form.problems.filter({ hasText: /put right/ }).waitFor({ state: "hidden" });
    // 02:30 is leapt over in Chicago on that day; in the middle of the night before Denver's.
    await form.fillStop(1, { facility: CHICAGO, day: "2027-03-14", from: "02:30", until: "04:00" });
    await form.wrongInStop(1).filter({ hasText: "02:30 does not come on that day" }).waitFor();
    await form.fillStop(1, STOPS[0]);
    await form.ofStop(2, "Facility").fill("Nowhere at all");
    await form.page.getByText("No facility is called that, or lies there.").first().waitFor();
    await form.bookButton.click();
    await form.wrongInStop(2).filter({ hasText: "Choose the facility from the list." }).waitFor();
    assert.equal((await allLoads(maria)).some(({ customer }) => customer === "Careful Freight"), false);
  });

  test("tells what the server refuses beside its field, and keeps what was typed", async (t) => {
    const carrierId = await fitCarrier(maria);
    const { name } = await maria.data(`/carriers/${carrierId}`);
    const [form, visitor] = await open(t);
    visitor.allow(/status of 422/);
    await form.fillLoad({ customer: "Refused Freight", stops: STOPS });
    await form.pick(form.field("Carrier"), name);
    await admin.patch(`/carriers/${carrierId}`, { compliance: "suspended" });
    await form.bookButton.click();
    await form.wrong("carrier").filter({ hasText: "its compliance is suspended" }).waitFor();
    await until(() => form.field("Carrier").evaluate((field) => field === document.activeElement), "the focus leads there");
    assert.equal(await form.field("Customer").inputValue(), "Refused Freight");
    await admin.patch(`/carriers/${carrierId}`, { compliance: "approved" });
    await form.field("Carrier").fill("");
    await form.bookButton.click();
    await form.says("was booked for Refused Freight");
    assert.equal((await loadOf("Refused Freight")).carrier, undefined);
  });

  test("stays typed while the server can't be reached", async (t) => {
    const [form, visitor] = await open(t);
    visitor.allow(/net::ERR/, /ERR_FAILED/);
    await form.fillLoad({ customer: "Offline Freight", stops: STOPS });
    await visitor.page.route("**/api/v1/loads", (route) => route.abort());
    await form.bookButton.click();
    await form.problems.filter({ hasText: "What you typed is kept" }).waitFor();
    await visitor.page.unroute("**/api/v1/loads");
    await form.bookButton.click();
    await form.says("was booked for Offline Freight");
  });

  test("is booked once although the answer is lost and it is sent again", async (t) => {
    const [form, visitor] = await open(t);
    visitor.allow(/net::ERR/);
    await form.fillLoad({ customer: "Once Freight", stops: STOPS });
    const answer = await answerLost(visitor, "POST", "**/api/v1/loads");
    await form.bookButton.click();
    const { data } = await answer();
    await form.problems.filter({ hasText: "No answer came. It may have been done" }).waitFor();
    await form.bookButton.click();
    await form.says("was booked for Once Freight");
    await form.page.waitForURL(`${server.url}/dispatch`);
    const booked = (await allLoads(maria)).filter(({ customer }) => customer === "Once Freight");
    assert.deepEqual(booked.map(({ id }) => id), [data.id]);
  });

  test("is booked once even when the page is loaded anew before it is sent again", async (t) => {
    const [form, visitor] = await open(t);
    const { page } = visitor;
    visitor.allow(/net::ERR/);
    page.removeAllListeners("dialog");
    page.on("dialog", (dialog) => dialog.accept());
    await form.fillLoad({ customer: "Reloaded Freight", stops: STOPS });
    const answer = await answerLost(visitor, "POST", "**/api/v1/loads");
    await form.bookButton.click();
    const { data } = await answer();
    await form.problems.filter({ hasText: "No answer came" }).waitFor();
    await page.reload();
    await form.isLive();
    await form.restored.waitFor();
    await form.bookButton.click();
    await form.says("was booked for Reloaded Freight");
    const booked = (await allLoads(maria)).filter(({ customer }) => customer === "Reloaded Freight");
    assert.deepEqual(booked.map(({ id }) => id), [data.id]);
  });

  test("that is booked after its form was left leaves no draft behind", async (t) => {
    const [form, visitor] = await open(t);
    const { page } = visitor;
    await form.fillLoad({ customer: "Left Freight", stops: STOPS });
    const booking = await held(visitor, "POST", "**/api/v1/loads");
    await form.bookButton.click();
    await booking.caught;
    await page.getByRole("link", { name: "Cancel" }).click();
    await form.dialog.getByRole("button", { name: "Leave, keep the draft" }).click();
    await page.waitForURL(`${server.url}/dispatch`);
    booking.release();
    await form.says("was booked for Left Freight");
    await form.open();
    assert.equal(await form.field("Customer").inputValue(), "");
    assert.equal(await form.restored.count(), 0);
  });

  test("that is booked while one types on is booked once, and what was typed is a change of it", async (t) => {
    const [form, visitor] = await open(t);
    await form.fillLoad({ customer: "Typing Freight", stops: STOPS });
    const booking = await held(visitor, "POST", "**/api/v1/loads");
    await form.bookButton.click();
    await booking.caught;
    await form.field("Commodity").fill("Paper rolls");
    await form.ofStop(2, "Until").fill("17:45");
    booking.release();
    await form.says("what you typed meanwhile is not saved yet");
    await form.page.waitForURL(/\/loads\/[^/]+\/edit$/);
    await form.restored.waitFor();
    assert.equal(await form.field("Commodity").inputValue(), "Paper rolls");
    assert.equal(await form.ofStop(2, "Until").inputValue(), "17:45");
    const booked = await loadOf("Typing Freight");
    assert.ok(!booked.commodity);
    await form.saveButton.click();
    await form.says("was saved");
    const saved = await loadOf("Typing Freight");
    assert.deepEqual([saved.commodity, saved.stops[1].appointment.end], ["Paper rolls", "2027-01-17T00:45:00.000Z"]);
    assert.deepEqual(saved.stops.map(({ id }) => id), booked.stops.map(({ id }) => id));
    assert.equal((await allLoads(maria)).filter(({ customer }) => customer === "Typing Freight").length, 1);
    await form.open();
    assert.equal(await form.restored.count(), 0);
  });

  test("is not booked on a clock that the browser does not know", async (t) => {
    const visitor = await visit(t, browser, server, { person: maria });
    await visitor.page.addInitScript(() => {
      const Real = Intl.DateTimeFormat;
      Intl.DateTimeFormat = function (locales, options) {
        if (options?.timeZone === "America/Chicago") throw new RangeError("Invalid time zone specified");
        return new Real(locales, options);
      };
    });
    const form = await new LoadFormPage(visitor).open();
    await form.fillLoad({ customer: "Clockless Freight", stops: STOPS });
    await form.bookButton.click();
    await form.wrongInStop(1).filter({ hasText: "This browser does not know the clock of" }).waitFor();
    assert.ok(!(await allLoads(maria)).some(({ customer }) => customer === "Clockless Freight"));
  });

  test("takes nothing that was found for what stood in a field before", async (t) => {
    const [form, visitor] = await open(t);
    const { page } = visitor;
    const booked = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/api/v1/loads")) booked.push(request.postData());
    });
    await form.fillLoad({ customer: "Hasty Freight", stops: STOPS });
    const field = form.ofStop(2, "Facility");
    await field.fill(CHICAGO);
    await page.getByRole("option", { name: CHICAGO }).first().waitFor();
    const search = await held(visitor, "GET", /\/api\/v1\/facilities\?/);
    await field.fill(NEW_YORK);
    await search.caught;
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Enter");
    assert.equal(await field.inputValue(), NEW_YORK);
    assert.equal(await field.getAttribute("aria-activedescendant"), null);
    assert.deepEqual(booked, [], "nothing is sent with a facility that is half typed");
    search.release();
    await form.stop(2).getByText("Times are America/New York.").waitFor();
    await page.getByRole("listbox").waitFor({ state: "detached" });
    assert.equal(await field.inputValue(), NEW_YORK);
    assert.deepEqual(booked, [], "the press that chooses does not book");
  });

  test("is not lost by a reload or on the way to another page, which asks first", async (t) => {
    const [form, visitor] = await open(t);
    const { page } = visitor;
    page.removeAllListeners("dialog");
    const asked = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      return dialog.accept();
    });
    await form.fillLoad({ customer: "Patient Freight", stops: STOPS });
    await form.addStop.click();
    await page.reload();
    await form.isLive();
    assert.deepEqual(asked, ["beforeunload"]);
    await form.restored.waitFor();
    assert.equal(await form.field("Customer").inputValue(), "Patient Freight");
    assert.deepEqual(await form.facilities(), [CHICAGO, "", DENVER]);

    const leave = page.getByRole("link", { name: "Cancel" });
    await leave.click();
    await form.dialog.filter({ hasText: "Leave with unsaved changes?" }).waitFor();
    await page.keyboard.press("Escape");
    await form.dialog.waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).pathname, "/loads/new");
    await leave.click();
    await form.dialog.getByRole("button", { name: "Leave, keep the draft" }).click();
    await page.waitForURL(`${server.url}/dispatch`);
    await form.open();
    await form.restored.waitFor();
    assert.deepEqual(await form.facilities(), [CHICAGO, "", DENVER]);
    await leave.click();
    await form.dialog.getByRole("button", { name: "Discard and leave" }).click();
    await page.waitForURL(`${server.url}/dispatch`);
    await form.open();
    assert.equal(await form.field("Customer").inputValue(), "");
    assert.equal(await form.restored.count(), 0);
  });

  test("gets its stops in the order that is wanted, by buttons and by keys", async (t) => {
    const [form, { page }] = await open(t);
    await form.fillLoad({ customer: "Three Stops", stops: STOPS });
    await form.addStop.click();
    await until(() => form.ofStop(2, "Facility").evaluate((field) => field === document.activeElement), "the new stop has the focus");
    await form.fillStop(2, { facility: NEW_YORK, day: "2027-01-16", from: "09:00", until: "10:00" });
    assert.deepEqual(await form.facilities(), [CHICAGO, NEW_YORK, DENVER]);
    await form.stop(2).getByRole("button", { name: "Move stop 2 earlier" }).click();
    assert.deepEqual(await form.facilities(), [NEW_YORK, CHICAGO, DENVER]);
    await until(
      () => form.stop(1).getByRole("button", { name: "Move stop 1 earlier" }).evaluate((it) => it === document.activeElement),
      "the focus goes with the stop",
    );
    await page.keyboard.press("Alt+ArrowDown");
    await until(async () => (await form.facilities()).join() === [CHICAGO, NEW_YORK, DENVER].join(), "it is second again");
    await form.ofStop(2, "Day").focus();
    await page.keyboard.press("Alt+ArrowDown");
    await until(async () => (await form.facilities()).join() === [CHICAGO, DENVER, NEW_YORK].join(), "it is the last");
    await form.stop(3).getByRole("button", { name: "Remove stop 3" }).click();
    assert.deepEqual(await form.facilities(), [CHICAGO, DENVER]);
    await form.bookButton.click();
    await form.says("was booked for Three Stops");
    assert.equal((await loadOf("Three Stops")).stops.length, 2);
  });

  test("is filled in from another", async (t) => {
    const load = await book(maria, { customer: "Again and Again", commodity: "Peas", instructions: "Dock 4" });
    const [form] = await open(t, `/loads/new?from=${load.id}`);
    assert.equal(await form.field("Customer").inputValue(), "Again and Again");
    assert.equal(await form.field("Instructions for the driver").inputValue(), "Dock 4");
    assert.deepEqual(await form.facilities(), load.stops.map(({ facilityName }) => facilityName));
    assert.equal(await form.ofStop(1, "Day").inputValue(), "");
    for (const number of [1, 2]) {
      const { day, from, until: end } = STOPS[number - 1];
      await form.ofStop(number, "Day").fill(day);
      await form.ofStop(number, "From").fill(from);
      await form.ofStop(number, "Until").fill(end);
      await form.ofStop(number, "Last day").fill("");
    }
    await form.bookButton.click();
    await form.says("was booked for Again and Again");
  });

  test("suggests the customers that are known", async (t) => {
    await book(maria, { customer: "Lakeside Provisions" });
    const [form] = await open(t);
    await form.field("Customer").fill("lakeside prov");
    await form.page.getByRole("option", { name: "Lakeside Provisions" }).click();
    assert.equal(await form.field("Customer").inputValue(), "Lakeside Provisions");
  });
});

describe("roles", () => {
  test("those who may not change loads are told so, and see no form", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    for (const who of ["sam", "swift", "carlos"]) {
      const visitor = await visit(t, browser, server, { person: await as(server, who), allow: [/status of 40[34]/] });
      const form = new LoadFormPage(visitor);
      for (const address of ["/loads/new", `/loads/${load.id}/edit`]) {
        await visitor.page.goto(address);
        await form.denied.waitFor();
        assert.equal(await visitor.page.locator("form.form").count(), 0);
      }
    }
  });

  test("rates are in the form of those who may set them, and in no other page", async (t) => {
    const money = (amount) => ({ amount, currency: "USD" });
    const finance = { revenue: money(987_654), carrierCost: money(876_543) };
    const load = await book(sarah, { finance });
    const [form, visitor] = await open(t, `/loads/${load.id}/edit`);
    assert.equal(await form.page.getByLabel("Revenue").count(), 0);
    const html = await (await visitor.page.request.get(`/loads/${load.id}/edit`)).text();
    assert.doesNotMatch(html, /9876|8765/);
    const [of_sarah] = await open(t, `/loads/${load.id}/edit`, { person: sarah });
    assert.equal(await of_sarah.field("Revenue").inputValue(), "9876.54");
    await of_sarah.field("Carrier cost").fill("8,000");
    await of_sarah.page.getByText("Margin $1,876.54, 19.0 %").waitFor();
    await of_sarah.saveButton.click();
    await of_sarah.says("was saved");
    const { finance: saved } = await sarah.data(`/loads/${load.id}`);
    assert.deepEqual(saved, { revenue: money(987_654), carrierCost: money(800_000) });
  });
});

describe("a load that is changed", () => {
  test("sends what was changed and nothing else", async (t) => {
    const load = await book(maria, { customer: "Edited Freight" });
    const [form, { page }] = await open(t, `/loads/${load.id}/edit`);
    const sent = page.waitForRequest((request) => request.method() === "PATCH");
    await form.field("Commodity").fill("Toys");
    await form.saveButton.click();
    assert.deepEqual((await sent).postDataJSON(), { version: 1, commodity: "Toys" });
    await form.says(`${load.loadNumber} was saved`);
    const { stops } = await maria.data(`/loads/${load.id}`);
    assert.deepEqual(stops, load.stops, "not even the seconds of a window have changed");
  });

  test("keeps what is typed while it is saved, and does not take it for saved", async (t) => {
    const load = await book(maria, { customer: "Slow Freight" });
    const [form, visitor] = await open(t, `/loads/${load.id}/edit`);
    await form.field("Commodity").fill("Paper");
    const saving = await held(visitor, "PATCH", `**/api/v1/loads/${load.id}`);
    await form.saveButton.click();
    await saving.caught;
    await form.field("Commodity").fill("Paper rolls");
    saving.release();
    await form.says("what you typed meanwhile is not saved yet");
    assert.equal(await form.field("Commodity").inputValue(), "Paper rolls");
    assert.equal((await maria.data(`/loads/${load.id}`)).commodity, "Paper");
    await form.page.getByRole("link", { name: "Cancel" }).click();
    await form.dialog.getByRole("button", { name: "Stay here" }).click();
    await form.saveButton.click();
    await form.page.waitForURL(`${server.url}/loads/${load.id}`);
    assert.equal((await maria.data(`/loads/${load.id}`)).commodity, "Paper rolls");
  });

  test("keeps its trip once it was offered, and its windows may move", async (t) => {
    const load = await bookAt(maria, "TENDERED");
    const [form] = await open(t, `/loads/${load.id}/edit`);
    await form.page.getByText("only the windows can change now").waitFor();
    assert.equal(await form.ofStop(1, "Facility").isDisabled(), true);
    assert.equal(await form.field("Carrier").isDisabled(), true);
    assert.equal(await form.addStop.count(), 0);
    await form.ofStop(2, "Last day").fill("2027-12-30");
    await form.saveButton.click();
    await form.says("was saved");
    assert.match((await maria.data(`/loads/${load.id}`)).delivery.end, /^2027-12-3/);
  });

  test("which somebody else has changed meanwhile asks whose change counts", async (t) => {
    for (const choice of ["Take their version", "Put my changes on top"]) {
      const load = await book(maria, { customer: "Contested Freight", commodity: "Peas" });
      const [form, visitor] = await open(t, `/loads/${load.id}/edit`);
      visitor.allow(/status of 409/);
      await form.field("Commodity").fill("Beans");
      const patch = { version: 1, customer: "Johns Freight", commodity: "Corn" };
      assert.equal((await john.patch(`/loads/${load.id}`, patch)).status, 200);
      await form.saveButton.click();
      await form.dialog.filter({ hasText: `${load.loadNumber} was changed by ${john.user.name} meanwhile.` }).waitFor();
      const rows = await form.dialog.locator("tbody tr").evaluateAll((rows) =>
        rows.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
      assert.deepEqual(rows, [
        ["Customer was Contested Freight", "Johns Freight", "–"],
        ["Commodity was Peas", "Corn", "Beans"],
      ]);
      if (choice === "Take their version") {
        await assertAccessible(visitor, "the question whose change counts");
        await picture(visitor, "edit-conflict");
      }
      await form.dialog.getByRole("button", { name: choice }).click();
      if (choice === "Take their version") {
        await until(async () => (await form.field("Commodity").inputValue()) === "Corn", "theirs is shown");
        assert.equal((await maria.data(`/loads/${load.id}`)).version, 2);
      } else {
        await form.says("was saved");
        const now = await maria.data(`/loads/${load.id}`);
        assert.deepEqual([now.version, now.customer, now.commodity], [3, "Johns Freight", "Beans"]);
      }
    }
  });

  test("that is final or is not there says so", async (t) => {
    const load = await book(sarah);
    await step(sarah, load, "CANCELLED", "Called off");
    const [, { page }] = await open(t, `/loads/${load.id}/edit`);
    await page.getByRole("heading", { name: "This load can't be changed any more" }).waitFor();
    for (const id of ["01999999-9999-7999-8999-999999999999", "x"]) {
      await page.goto(`/loads/${id}/edit`);
      await page.getByRole("heading", { name: "There is no such load" }).waitFor();
    }
  });
});

for (const scheme of ["light", "dark"]) {
  describe(`in ${scheme}`, () => {
    for (const [device, options] of [["laptop", {}], ["phone", PHONE]]) {
      test(`the form on a ${device}`, async (t) => {
        const [form, visitor] = await open(t, "/loads/new", { person: sarah, scheme, ...options });
        await assertAccessible(visitor, "the empty form");
        await assertFits(visitor);
        await form.fillLoad({ customer: `A customer of sixty characters, & Sons, of ${scheme} and ${device}`, stops: STOPS });
        await form.addStop.click();
        await form.ofStop(2, "Facility").fill(CHICAGO.slice(0, 3));
        await form.page.getByRole("listbox").waitFor();
        await assertAccessible(visitor, "the form with a list");
        await assertFits(visitor);
        await picture(visitor, `form-list-${device}-${scheme}`);
        await form.page.keyboard.press("Escape");
        await form.bookButton.click();
        await form.wrongInStop(2).first().waitFor();
        await assertAccessible(visitor, "the form with what is wrong");
        await assertFits(visitor);
        await picture(visitor, `form-wrong-${device}-${scheme}`);
        await form.page.getByRole("link", { name: "Cancel" }).click();
        await form.dialog.waitFor();
        await assertAccessible(visitor, "the question before leaving");
        await picture(visitor, `form-leave-${device}-${scheme}`);
      });
    }
  });
}
