// Covering a load from the board: a carrier is chosen, unfit ones only by who may; the truck is sent, the driver called.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { held } from "../harness/cut.js";
import { CarrierDialog } from "../harness/load_dialogs.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverFor, serverForThisFile } from "../harness/server.js";
import { book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 250 });
const browser = await browserForThisFile();
const [maria, john, sarah, swift] = await Promise.all(["maria", "john", "sarah", "swift"].map((who) => as(server, who)));
const carriers = async (query) => (await maria.get(`/carriers?${query}`)).json.data;
const fit = await carriers("fit=true");
const unfit = await carriers("fit=false");
const expired = unfit.find(({ compliance }) => compliance === "approved");
const suspended = unfit.find(({ compliance }) => compliance === "suspended");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A person's board with the cards of a load alone. */
async function boardOf(t, person, load, options) {
  const visitor = await visit(t, browser, server, { person, ...options });
  const board = await new BoardPage(visitor).open(load?.loadNumber);
  return Object.assign(board, { visitor, carriers: new CarrierDialog(visitor) });
}

/** What happened to a load, from the stream of the staff. */
async function eventsOf(load) {
  const { json } = await sarah.get("/events?namespace=/dispatch&after=0&limit=1000");
  return json.data.filter(({ data }) => (data.loadId ?? data.id) === load.id);
}

/** Opens the details of a load. */
async function openPanel(board, load) {
  await board.card(load).click({ position: { x: 30, y: 12 } });
  const panel = board.page.getByRole("complementary");
  await panel.waitFor();
  return panel;
}

describe("a load that is dropped on Tendered", () => {
  test("asks for a carrier, found and chosen with the mouse, and is tendered for as long as was said", async (t) => {
    const load = await book(maria);
    const board = await boardOf(t, maria, load);
    await board.carry(load, "tendered");
    assert.equal(await board.lane("tendered").getAttribute("data-drop"), "open", "without a carrier, too");
    await board.drop();
    const dialog = await board.carriers.opens();
    await dialog.submit().click();
    await dialog.root.getByText("Choose a carrier first.").waitFor();
    await dialog.find(fit[2]);
    await dialog.option(fit[2]).click();
    await dialog.window.fill("2881");
    await dialog.submit().click();
    await dialog.root.getByText("Takes 1 to 2,880 minutes").waitFor();
    await dialog.window.fill("45");
    await dialog.submit(`Tender to ${fit[2].name}`).click();
    await dialog.closes();
    await board.shows(load, "tendered", "TENDERED");
    const stored = await until(async () => {
      const now = await john.data(`/loads/${load.id}`);
      return now.status === "TENDERED" && now;
    }, "the tender is stored");
    assert.equal(stored.carrier.id, fit[2].id);
    const left = Date.parse(stored.tenderExpiresAt) - Date.parse(stored.statusSince);
    assert.equal(left, 45 * MINUTE);
  });

  test("is tendered with the keyboard alone, and the focus goes along", async (t) => {
    const load = await book(maria);
    const board = await boardOf(t, maria, load);
    const { keyboard } = board.page;
    await board.card(load).focus();
    await keyboard.press("2");
    const dialog = await board.carriers.opens();
    assert.ok(await dialog.search.evaluate((input) => input === document.activeElement), "the search has the focus");
    await keyboard.type(fit[1].name.slice(0, 5).toLowerCase());
    await dialog.option(fit[1]).waitFor();
    await until(async () => {
      const active = await dialog.search.getAttribute("aria-activedescendant");
      const text = active && (await board.page.locator(`#${active}`).innerText());
      if (text?.includes(fit[1].name)) return true;
      await keyboard.press("ArrowDown");
      return false;
    }, "the arrow keys lead to it");
    await keyboard.press("Enter");
    await dialog.chosen.filter({ hasText: fit[1].name }).waitFor();
    await keyboard.press("Enter");
    await board.shows(load, "tendered", "TENDERED");
    await until(
      () => board.card(load).evaluate((card) => card === document.activeElement),
      "the card has the focus",
    );
    assert.equal((await john.data(`/loads/${load.id}`)).carrier.id, fit[1].id);
  });

  test("has its own carrier chosen already, and Enter tenders it", async (t) => {
    const load = await book(maria, { carrierId: fit[3].id });
    const board = await boardOf(t, maria, load);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.chosen.filter({ hasText: fit[3].name }).waitFor();
    await dialog.submit(`Tender to ${fit[3].name}`).waitFor();
    await board.page.keyboard.press("Enter");
    await board.shows(load, "tendered", "TENDERED");
  });

  test("stays where it is when the dialog is closed, and has the focus again", async (t) => {
    const load = await book(maria);
    const board = await boardOf(t, maria, load);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await board.page.keyboard.press("Escape");
    await dialog.closes();
    await board.shows(load, "unassigned", "PLANNING");
    await until(() => board.card(load).evaluate((card) => card === document.activeElement), "the focus is back");
    assert.equal((await john.data(`/loads/${load.id}`)).version, load.version);
  });

  test("closes at a press beside the dialog only while nothing was typed", async (t) => {
    const load = await book(maria);
    const board = await boardOf(t, maria, load);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.search.fill("a");
    await board.page.mouse.click(8, 450);
    assert.ok(await dialog.root.isVisible());
    await dialog.search.fill("");
    await board.page.mouse.click(8, 450);
    await dialog.closes();
  });

  test("shows there at once while the tender is under way", async (t) => {
    const load = await book(maria, { carrierId: fit[0].id });
    const board = await boardOf(t, maria, load);
    const tender = await held(board.visitor, "POST", `**/api/v1/loads/${load.id}/tender`);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.submit(`Tender to ${fit[0].name}`).click();
    await tender.caught;
    await board.card(load, "tendered").and(board.page.locator("[data-pending]")).waitFor();
    await dialog.root.waitFor({ state: "hidden" });
    tender.release();
    await board.card(load, "tendered").and(board.page.locator(":not([data-pending])")).waitFor();
    await board.says(`${load.loadNumber} was tendered to ${fit[0].name}`);
    await board.toasts.getByRole("button", { name: "Undo" }).waitFor();
  });

  test("goes back when somebody was first; the dialog says who, and goes on with the load as it is", async (t) => {
    const load = await book(maria, { carrierId: fit[0].id });
    const board = await boardOf(t, maria, load, { allow: [/status of 409/] });
    const tender = await held(board.visitor, "POST", `**/api/v1/loads/${load.id}/tender`);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.submit(`Tender to ${fit[0].name}`).click();
    await tender.caught;
    const answer = await john.patch(`/loads/${load.id}`, { version: load.version, hot: true });
    assert.equal(answer.status, 200, answer.text);
    tender.release();
    await board.says(`${load.loadNumber} was changed by ${john.user.name}`);
    await dialog.alert.filter({ hasText: "Your change was not applied." }).waitFor();
    await board.shows(load, "unassigned", "PLANNING");
    await dialog.root.getByRole("button", { name: "Go on with it as it is now" }).click();
    await dialog.submit(`Tender to ${fit[0].name}`).click();
    await dialog.closes();
    await board.shows(load, "tendered", "TENDERED");
    assert.equal((await john.data(`/loads/${load.id}`)).hot, true);
  });
});

describe("the search for a carrier", () => {
  test("gives Enter nothing of the search before, and what is found alone once it is there", async (t) => {
    const load = await book(maria, { carrierId: fit[3].id });
    const board = await boardOf(t, maria, load);
    const tenders = [];
    board.page.on("request", (request) => {
      if (request.url().endsWith("/tender")) tenders.push(request.url());
    });
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.chosen.filter({ hasText: fit[3].name }).waitFor();
    const search = await held(board.visitor, "GET", /\/api\/v1\/carriers\?search=/);
    await dialog.search.fill(fit[2].mcNumber);
    await search.caught;
    assert.equal(await dialog.search.getAttribute("aria-activedescendant"), null);
    await dialog.search.press("ArrowDown");
    await dialog.search.press("Enter");
    await dialog.submit(`Tender to ${fit[3].name}`).waitFor();
    search.release();
    await dialog.submit(`Tender to ${fit[2].name}`).waitFor();
    assert.deepEqual(tenders, [], "the press that chooses sends nothing");
    await dialog.search.press("Enter");
    await board.shows(load, "tendered", "TENDERED");
    const stored = await until(async () => {
      const now = await john.data(`/loads/${load.id}`);
      return now.status === "TENDERED" && now;
    }, "the tender is stored");
    assert.equal(stored.carrier.id, fit[2].id);
  });

  test("that finds nobody does not send the carrier that was chosen before", async (t) => {
    const load = await book(maria, { carrierId: fit[3].id });
    const board = await boardOf(t, maria, load);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.chosen.filter({ hasText: fit[3].name }).waitFor();
    await dialog.search.fill("No such carrier");
    await dialog.root.getByText("No carrier is called").waitFor();
    await dialog.search.press("Enter");
    assert.ok(await dialog.root.isVisible());
    assert.equal((await john.data(`/loads/${load.id}`)).status, load.status);
  });
});

describe("a carrier that may not be given loads", () => {
  test("stays listed with the reason, and a dispatcher can't choose it", async (t) => {
    const load = await book(maria);
    const board = await boardOf(t, maria, load);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.find(expired);
    const option = dialog.option(expired);
    assert.equal(await option.getAttribute("aria-disabled"), "true");
    assert.match(await option.innerText(), /Insurance expired on \w+ \d+/);
    await option.click({ force: true });
    await dialog.root.getByText(`${expired.name} can't be chosen. Insurance expired`).waitFor();
    await dialog.find(suspended);
    assert.match(await dialog.option(suspended).innerText(), /Compliance suspended/);
    await dialog.search.press("Enter");
    await dialog.root.getByText("Compliance suspended; an ops manager may override.").waitFor();
    assert.equal(await dialog.chosen.count(), 0);
  });

  test("is taken by an ops manager who gives a reason, which stands with the load", async (t) => {
    const load = await book(maria);
    const board = await boardOf(t, sarah, load);
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.find(expired);
    await dialog.option(expired).click();
    await until(() => dialog.reason.evaluate((input) => input === document.activeElement), "the reason is asked for");
    await dialog.submit().click();
    await dialog.root.getByText("Write a reason first.").waitFor();
    await dialog.reason.fill("Renewal is confirmed by phone");
    await dialog.submit(`Tender to ${expired.name}`).click();
    await board.shows(load, "tendered", "TENDERED");
    const told = await until(async () => {
      const events = await eventsOf(load);
      return events.find(({ event, data }) => event === "load:status:changed" && data.newStatus === "TENDERED");
    }, "the tender in the stream");
    assert.equal(told.data.reason, "Renewal is confirmed by phone");
  });

  test("is refused by the server where it became so after it was chosen, and the dialog says why", async (t) => {
    const admin = await as(server, "admin");
    const mc = `MC-77${Date.now() % 100_000}`;
    const soon = new Date(Date.now() + 30 * 24 * HOUR).toISOString();
    const made = await admin.post("/carriers", { name: "Vanishing Freight", mcNumber: mc, phone: null, insuranceExpiresAt: soon });
    const carrier = made.json.data;
    const load = await book(maria);
    const board = await boardOf(t, maria, load, { allow: [/status of 422/] });
    await board.drag(load, "tendered");
    const dialog = await board.carriers.opens();
    await dialog.find(carrier);
    await dialog.option(carrier).click();
    await admin.patch(`/carriers/${carrier.id}`, { compliance: "suspended" });
    await dialog.submit(`Tender to ${carrier.name}`).click();
    await board.says("Vanishing Freight can't be assigned: its compliance is suspended.");
    await dialog.alert.filter({ hasText: "its compliance is suspended" }).waitFor();
    await board.shows(load, "unassigned", "PLANNING");
  });
});

test("a carrier is assigned with a driver of it, from the details of the load", async (t) => {
  const load = await book(maria);
  const board = await boardOf(t, maria, load);
  const panel = await openPanel(board, load);
  await panel.getByRole("button", { name: "Assign carrier" }).click();
  const dialog = await board.carriers.opens();
  const carrier = await until(async () => fit.find(({ id }) => id === swift.user.carrierId), "the carrier of swift");
  const drivers = (await maria.get(`/drivers?carrierId=${carrier.id}`)).json.data;
  await dialog.find(carrier);
  await dialog.option(carrier).click();
  await dialog.driver.locator("option", { hasText: drivers[0].name }).waitFor({ state: "attached" });
  await dialog.driver.selectOption(drivers[0].id);
  await dialog.submit(`Assign to ${carrier.name}`).click();
  await dialog.closes();
  await board.card(load, "unassigned").filter({ hasText: carrier.name }).waitFor();
  const stored = await john.data(`/loads/${load.id}`);
  assert.deepEqual([stored.carrier.id, stored.driver.id], [carrier.id, drivers[0].id]);
});

test("a driver of the load's carrier does not go along with another that is chosen at once", async (t) => {
  const carrierId = swift.user.carrierId;
  const [driver] = (await maria.get(`/drivers?carrierId=${carrierId}`)).json.data;
  const fresh = await book(maria);
  const assigned = await maria.post(`/loads/${fresh.id}/assign`, { version: fresh.version, carrierId, driverId: driver.id });
  assert.equal(assigned.status, 200, assigned.text);
  const load = assigned.json.data;
  const other = fit.find(({ id }) => id !== carrierId);
  const board = await boardOf(t, maria, load);
  const panel = await openPanel(board, load);
  const before = await held(board.visitor, "GET", `**/api/v1/carriers/${carrierId}`);
  await panel.getByRole("button", { name: "Assign carrier" }).click();
  const dialog = await board.carriers.opens();
  await before.caught;
  await dialog.find(other);
  await dialog.option(other).click();
  assert.equal(await dialog.driver.inputValue(), "");
  await dialog.submit(`Assign to ${other.name}`).click();
  await dialog.closes();
  before.release();
  const stored = await john.data(`/loads/${load.id}`);
  assert.deepEqual([stored.carrier.id, stored.driver?.id], [other.id, undefined]);
});

test("a tender that the carrier declines comes back with the reason on every board", async (t) => {
  const load = await bookAt(maria, "TENDERED", { carrierId: swift.user.carrierId });
  const board = await boardOf(t, john, load);
  await board.shows(load, "tendered", "TENDERED");
  const answer = await swift.post(`/loads/${load.id}/reject`, { version: load.version, reason: "No truck in Ohio" });
  assert.equal(answer.status, 200, answer.text);
  await board.shows(load, "unassigned", "PENDING");
  await board.card(load).filter({ hasText: "UNASSIGNED" }).filter({ hasText: "No truck in Ohio" }).waitFor();
  const panel = await openPanel(board, load);
  await panel.getByText("The tender came back: No truck in Ohio").waitFor();
  await board.page.reload();
  await board.becomes("Live");
  await board.card(load).filter({ hasText: "No truck in Ohio" }).waitFor();
});

test("a position that shows a truck on its way and in time breaks its silence", async (t) => {
  const { cards } = await maria.data("/loads/board");
  const isSilent = ({ status, lastCheckCallAt, onTrackAt, statusSince }) =>
    ["PICKED_UP", "IN_TRANSIT"].includes(status) &&
    Date.now() - Math.max(...[lastCheckCallAt, onTrackAt, statusSince].filter(Boolean).map(Date.parse)) > 4 * HOUR;
  const tracked = async (load) => (await maria.get(`/operations/tracking/positions/${load.id}`)).json.data;
  let silent, location;
  for (const load of cards.filter(isSilent)) {
    const position = await tracked(load);
    if (position && Date.parse(position.eta) < Date.parse(load.delivery.end) - 2 * HOUR) [silent, location] = [load, position.location];
  }
  assert.ok(silent, "the demo has a silent truck that will be in time");
  const board = await boardOf(t, maria, silent);
  await board.card(silent).and(board.page.locator("[data-silence]")).waitFor();
  const admin = await as(server, "admin");
  const sent = await admin.post("/positions", { loadId: silent.id, ...location });
  assert.equal(sent.json.data?.accepted, 1, sent.text);
  await board.card(silent).and(board.page.locator(":not([data-silence])")).waitFor();
});

test("a tender that nobody answers runs out on the board, counted down, and says so after a reload as well", async (t) => {
  const server = await serverFor(t, { loads: 12, settings: { TRADE__TENDER_WINDOW: "10s" } });
  const maria = await as(server, "maria");
  const visitor = await visit(t, browser, server, { person: maria });
  const load = await bookAt(maria, "PENDING");
  const board = await new BoardPage(visitor).open(load.loadNumber);
  const tendered = await step(maria, load, "TENDERED");
  await board.shows(load, "tendered", "TENDERED");
  const countdown = board.card(load).locator(".card-countdown");
  await countdown.and(board.page.locator("[data-short]")).waitFor();
  await board.shows(load, "unassigned", "PENDING", 20_000);
  const back = board.card(load).filter({ hasText: "UNASSIGNED" }).filter({ hasText: "The tender expired." });
  await back.waitFor();
  await board.page.reload();
  await back.waitFor();
  const stored = await maria.data(`/loads/${load.id}`);
  assert.deepEqual([stored.version, stored.tenderReturned], [tendered.version + 1, "The tender expired."]);
});

test("a truck is sent with the driver that is chosen", async (t) => {
  const carrierId = swift.user.carrierId;
  const load = await bookAt(maria, "ACCEPTED", { carrierId });
  const drivers = (await maria.get(`/drivers?carrierId=${carrierId}`)).json.data;
  const board = await boardOf(t, maria, load);
  await board.openMenu(load);
  await board.choice(/Dispatched/).click();
  await board.dialog.getByRole("heading", { name: `Dispatch ${load.loadNumber}?` }).waitFor();
  const field = board.dialog.getByLabel("Driver");
  await field.locator("option", { hasText: drivers.at(-1).name }).waitFor({ state: "attached" });
  await field.selectOption(drivers.at(-1).id);
  await board.dialog.getByRole("button", { name: "Dispatch", exact: true }).click();
  await board.shows(load, "dispatched", "DISPATCHED");
  const stored = await until(async () => {
    const now = await john.data(`/loads/${load.id}`);
    return now.status === "DISPATCHED" && now;
  }, "the dispatch is stored");
  assert.equal(stored.driver.id, drivers.at(-1).id);
  await board.card(load).filter({ hasText: drivers.at(-1).name }).waitFor();
});

test("a check call takes the amber edge from a truck that was silent", async (t) => {
  const { cards } = await maria.data("/loads/board");
  const silent = cards.find(
    ({ status, lastCheckCallAt, statusSince }) =>
      ["PICKED_UP", "IN_TRANSIT"].includes(status) && Date.now() - Date.parse(lastCheckCallAt ?? statusSince) > 4 * HOUR,
  );
  assert.ok(silent, "the demo has a silent truck");
  const board = await boardOf(t, maria, silent);
  await board.card(silent).and(board.page.locator("[data-silence]")).waitFor();
  const panel = await openPanel(board, silent);
  await panel.getByRole("button", { name: "Check call" }).click();
  const { dialog } = board;
  await dialog.getByLabel("Where the truck is").and(board.page.locator(":enabled")).waitFor();
  await dialog.getByRole("button", { name: "Note the call" }).click();
  await dialog.getByText("Write what the driver said first.").waitFor();
  await dialog.getByLabel("What the driver said").fill("Rolling, fuel stop in Amarillo");
  await dialog.getByLabel("Where the truck is").selectOption("other");
  await dialog.getByRole("button", { name: "Note the call" }).click();
  await dialog.getByText("Write latitude and longitude in degrees").waitFor();
  await dialog.getByLabel("Latitude", { exact: true }).fill("35.2220");
  await dialog.getByLabel("Longitude", { exact: true }).fill("-101.8313");
  await dialog.getByLabel(/^ETA/).fill(localTime(Date.now() + 6 * HOUR));
  await dialog.getByRole("button", { name: "Note the call" }).click();
  await dialog.waitFor({ state: "detached" });
  await board.card(silent).and(board.page.locator(":not([data-silence])")).waitFor();
  const [call] = (await john.get(`/loads/${silent.id}/check-calls`)).json.data;
  assert.equal(call.notes, "Rolling, fuel stop in Amarillo");
  assert.deepEqual(call.location, { lat: 35.222, lng: -101.8313 });
  assert.ok(Math.abs(Date.parse(call.eta) - Date.now() - 6 * HOUR) < 3 * MINUTE, `the ETA ${call.eta}`);
});

/** As a field for date and time has it, where the browsers of the tests are. */
function localTime(at) {
  const parts = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "America/Chicago" });
  return parts.format(at).replace(" ", "T");
}

for (const scheme of ["light", "dark"]) {
  for (const [size, more] of [["wide", {}], ["phone", PHONE]]) {
    test(`the dialogs in ${scheme}, ${size}`, async (t) => {
      const [free, accepted, moving] = [await book(maria), await bookAt(maria, "ACCEPTED"), await bookAt(maria, "IN_TRANSIT")];
      const visitor = await visit(t, browser, server, { person: sarah, scheme, ...more });
      const board = await new BoardPage(visitor).open(free.loadNumber);
      const dialog = new CarrierDialog(visitor);
      const look = async (what) => {
        await assertFits(visitor);
        await picture(visitor, `${what}-${size}-${scheme}`);
        await assertAccessible(visitor, `${what}, ${size}, in ${scheme}`);
      };
      await board.card(free).focus();
      await board.page.keyboard.press("2");
      await dialog.opens();
      await look("carrier-chooser");
      await dialog.find(expired);
      await dialog.option(expired).click();
      await dialog.submit().click();
      await dialog.root.getByText("Write a reason first.").waitFor();
      await look("carrier-override");
      await board.page.keyboard.press("Escape");
      await look("dialog-kept");
      await board.page.keyboard.press("Escape");
      await dialog.closes();
      const openWith = async (load, button) => {
        await board.page.goto(`/dispatch?q=${load.loadNumber}`);
        await board.becomes("Live");
        const lane = load === accepted ? "dispatched" : "in-transit";
        if (size === "phone") await board.page.locator(`[data-lane-tab="${lane}"]`).tap();
        const panel = await openPanel(board, load);
        await look(`panel-${button.toLowerCase().replace(" ", "-")}`);
        await panel.getByRole("button", { name: button, exact: true }).click();
        await board.dialog.waitFor();
      };
      await openWith(accepted, "Dispatch");
      await look("dispatch-dialog");
      await openWith(moving, "Check call");
      await board.dialog.getByLabel("Where the truck is").and(board.page.locator(":enabled")).waitFor();
      await board.dialog.getByLabel("Where the truck is").selectOption("other");
      await look("check-call-dialog");
    });
  }
}

