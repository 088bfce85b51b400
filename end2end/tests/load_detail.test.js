// The page of a load: what one person notes there another sees at once, each role what it may, and no page of others.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { LoadPage } from "../harness/load_page.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { allLoads, book, bookAt, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

/** Generous: machines that run tests are slow. The product's own aim is a second. */
const SOON = 5_000;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const NOBODY = "01999999-9999-7999-8999-999999999999";

const server = await serverForThisFile({ loads: 40 });
const browser = await browserForThisFile();
const names = ["maria", "john", "sarah", "sam", "swift", "carlos", "maria@globex"];
const [maria, john, sarah, sam, swift, carlos, stranger] = await Promise.all(names.map((who) => as(server, who)));
const usd = (amount) => ({ amount, currency: "USD" });

/** A person's page of a load, live. */
async function pageOf(t, person, load, tab, options) {
  const page = new LoadPage(await visit(t, browser, server, { person, ...options }));
  await page.open(load, tab);
  return page;
}

/** A load that the driver of the demo has, in a status. */
async function driven(status) {
  const [own] = await allLoads(carlos);
  assert.ok(own, "the demo's driver has a load");
  const { carrier, driver } = own;
  let load = await bookAt(maria, "ACCEPTED", { carrierId: carrier.id });
  const answer = await maria.post(`/loads/${load.id}/dispatch`, { version: load.version, driverId: driver.id });
  assert.equal(answer.status, 200, answer.text);
  load = answer.json.data;
  for (const next of ["AT_PICKUP", "PICKED_UP", "IN_TRANSIT"]) {
    if (load.status === status) break;
    load = await step(maria, load, next);
  }
  return load;
}

describe("two browsers on one load", () => {
  test("a step that Maria takes shows on John's page, with who took it", async (t) => {
    const load = await bookAt(maria, "AT_DELIVERY");
    const [hers, his] = await Promise.all([maria, john].map((person) => pageOf(t, person, load)));
    await hers.actions.getByRole("button", { name: "Move to Delivered" }).click();
    await Promise.all([hers, his].map((page) => page.isIn("Delivered", SOON)));
    await his.happened("Delivered").first().waitFor({ timeout: SOON });
    assert.equal((await john.data(`/loads/${load.id}`)).status, "DELIVERED");
  });

  test("an arrival and a departure show on both, and the load goes along", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    const [hers, his] = await Promise.all([maria, john].map((person) => pageOf(t, person, load)));
    await hers.stop(1).getByRole("button", { name: /^Arrive now at/ }).click();
    await Promise.all([hers, his].map((page) => page.stopIs(1, "there", SOON)));
    await his.isIn("At pickup", SOON);
    await hers.stop(1).getByRole("button", { name: /^Depart now from/ }).click();
    await Promise.all([hers, his].map((page) => page.stopIs(1, "left", SOON)));
    await his.isIn("Picked up", SOON);
    await his.stop(2).getByText("Delivery", { exact: true }).waitFor();
    const { stops } = await john.data(`/loads/${load.id}`);
    assert.ok(stops[0].arrivedAt && stops[0].departedAt);
  });

  test("an arrival is noted for another time, and one to come is refused in the form", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    const page = await pageOf(t, maria, load);
    const stop = page.stop(1);
    await stop.getByRole("button", { name: "Arrived at another time" }).click();
    const field = stop.getByLabel(/^Time/);
    await field.fill("2099-01-01T08:00");
    await stop.getByRole("button", { name: "Arrive at this time" }).click();
    await stop.getByText("Enter a time that is over.").waitFor();
    await page.page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    await stop.getByRole("button", { name: "Arrived at another time" }).click();
    await stop.getByRole("button", { name: "Arrive at this time" }).click();
    await page.stopIs(1, "there", SOON);
  });

  test("a check call that Maria notes stands on John's page", async (t) => {
    const load = await bookAt(maria, "IN_TRANSIT");
    const [hers, his] = await Promise.all([maria, john].map((person) => pageOf(t, person, load, "calls")));
    await his.page.getByText("No check call yet.").waitFor();
    await hers.page.getByRole("button", { name: "Note a check call" }).click();
    await hers.dialog.waitFor();
    await hers.dialog.getByLabel("What the driver said").fill("Rolling, 300 miles to go");
    await hers.dialog.getByRole("button", { name: "Note the call" }).click();
    await Promise.all([hers, his].map((page) => page.call("Rolling, 300 miles to go").waitFor({ timeout: SOON })));
    await his.show("Timeline");
    await his.happened("Rolling, 300 miles to go").waitFor({ timeout: SOON });
  });

  test("Esc does not discard what was typed in a dialog before it is pressed again", async (t) => {
    const load = await bookAt(maria, "IN_TRANSIT");
    const page = await pageOf(t, maria, load, "calls");
    const { keyboard } = page.page;
    await page.page.getByRole("button", { name: "Note a check call" }).click();
    const notes = page.dialog.getByLabel("What the driver said");
    await notes.fill("Stuck at the scale");
    const question = page.dialog.getByText("Press Esc again to discard it.");
    await keyboard.press("Escape");
    await question.waitFor();
    assert.equal(await notes.inputValue(), "Stuck at the scale");
    await notes.press("End");
    await keyboard.type(" house");
    await question.waitFor({ state: "detached" });
    await keyboard.press("Escape");
    await question.waitFor();
    assert.equal(await notes.inputValue(), "Stuck at the scale house");
    await keyboard.press("Escape");
    await page.dialog.waitFor({ state: "detached" });
    await page.page.getByRole("button", { name: "Note a check call" }).click();
    await page.dialog.waitFor();
    await keyboard.press("Escape");
    await page.dialog.waitFor({ state: "detached" });
  });

  test("a step is shown by its events, and only the timeline is asked for anew", async (t) => {
    let load = await bookAt(maria, "DISPATCHED");
    const his = await pageOf(t, john, load);
    const asked = [];
    his.page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith(`/api/v1/loads/${load.id}`)) asked.push(pathname.split("/").at(-1));
    });
    const steps = { AT_PICKUP: "At pickup", PICKED_UP: "Picked up", IN_TRANSIT: "In transit" };
    for (const [status, label] of Object.entries(steps)) {
      load = await step(maria, load, status);
      await his.isIn(label, SOON);
      await his.happened(label).first().waitFor({ timeout: SOON });
    }
    await his.stopIs(1, "left", SOON);
    const [first] = (await john.data(`/loads/${load.id}`)).stops;
    assert.ok(first.arrivedAt && first.departedAt, "the page says what is stored");
    assert.deepEqual(asked.filter((what) => what !== "timeline"), []);
    // What a step tells comes in two namespaces: at most once for each.
    assert.ok(asked.length <= 6, `${asked.length} requests for three steps`);
  });

  test("an ETA that is said stands on both", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    const [hers, his] = await Promise.all([maria, john].map((person) => pageOf(t, person, load)));
    await hers.page.getByRole("button", { name: "Set ETA" }).click();
    await hers.dialog.getByRole("button", { name: "Set ETA" }).click();
    for (const page of [hers, his]) await page.page.getByText(/At the next stop in/).waitFor({ timeout: SOON });
  });

  test("an ETA stays in its dialog until it is noted", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    const page = await pageOf(t, maria, load);
    page.visitor.allow(/net::ERR/);
    const opener = page.page.getByRole("button", { name: "Set ETA" });
    await opener.click();
    const note = page.dialog.getByLabel("Note", { exact: true });
    await note.fill("Flat tyre");
    await page.page.mouse.click(8, 450);
    assert.ok(await page.dialog.isVisible(), "a press beside it loses nothing");
    await page.page.route("**/eta", (route) => route.abort());
    await page.dialog.getByRole("button", { name: "Set ETA" }).click();
    await page.dialog.getByText("No answer came. It may have been done").waitFor();
    assert.equal(await note.inputValue(), "Flat tyre");
    await page.page.unroute("**/eta");
    await page.dialog.getByRole("button", { name: "Set ETA" }).click();
    await page.dialog.waitFor({ state: "detached" });
    await page.says(`The ETA of ${load.loadNumber} is noted`);
    await until(() => opener.evaluate((button) => button === document.activeElement), "the focus is back");
  });

  test("the time of an arrival stays in its field until it is noted", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    const page = await pageOf(t, maria, load);
    page.visitor.allow(/net::ERR/, /status of 422/);
    const stop = page.stop(1);
    await stop.getByRole("button", { name: "Arrived at another time" }).click();
    const field = stop.getByLabel(/^Time/);
    const send = stop.getByRole("button", { name: "Arrive at this time" });
    const now = await field.inputValue();
    // By the clock of the field.
    const earlier = new Date(Date.parse(`${now}Z`) - 30 * 60_000).toISOString().slice(0, 16);
    await field.fill(earlier);
    await send.click();
    await page.says("when the load was booked");
    assert.equal(await field.inputValue(), earlier);
    await field.fill(now);
    await page.page.route("**/arrive", (route) => route.abort());
    await send.click();
    await page.says(`The arrival of ${load.loadNumber} may have been noted`);
    assert.equal(await field.inputValue(), now);
    await page.page.unroute("**/arrive");
    await send.click();
    await page.stopIs(1, "there", SOON);
  });

  test("messages come at once, with who writes, who has read, and a count where they are not shown", async (t) => {
    const load = await bookAt(maria, "IN_TRANSIT");
    const [hers, his] = await Promise.all([
      pageOf(t, maria, load, "messages"),
      pageOf(t, john, load),
    ]);
    await hers.page.getByText("Nothing was said yet.").waitFor();
    await hers.say("Where is the truck?");
    await hers.message("Where is the truck?").waitFor({ timeout: SOON });
    await his.tab(/Messages.*1 unread/).waitFor({ timeout: SOON });
    await his.show(/Messages/);
    await his.message("Where is the truck?").waitFor();
    await hers.page.getByText(/^Seen by/).waitFor({ timeout: SOON });
    await his.page.waitForFunction(() => !document.querySelector(".tab-count"));
    await his.box.pressSequentially("At the ");
    await hers.page.getByText("is writing…").waitFor({ timeout: SOON });
    await his.box.press("Shift+Enter");
    await his.box.pressSequentially("dock");
    await his.box.press("Enter");
    await hers.message("At the").waitFor({ timeout: SOON });
    assert.equal(await his.messages.count(), 2);
    const { json } = await john.get(`/loads/${load.id}/messages`);
    assert.deepEqual(json.data.map(({ body }) => body), ["At the \ndock", "Where is the truck?"]);
  });

  test("others see a face on the load, and who is on it", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    const [hers, his] = await Promise.all([maria, john].map((person) => pageOf(t, person, load)));
    await hers.page.getByRole("img", { name: new RegExp(john.user.name) }).waitFor({ timeout: SOON });
    await hers.actions.getByRole("button", { name: "Claim" }).click();
    await his.page.getByText(`${maria.user.name} is on it`).waitFor({ timeout: SOON });
    await his.actions.getByRole("button", { name: /^Take over/ }).click();
    await hers.page.getByText(`${john.user.name} is on it`).waitFor({ timeout: SOON });
    await his.actions.getByRole("button", { name: "Release" }).click();
    await hers.actions.getByRole("button", { name: "Claim" }).waitFor({ timeout: SOON });
  });

  test("a load that is deleted stays to be read and says who did it", async (t) => {
    const load = await book(maria);
    const his = await pageOf(t, john, load);
    assert.equal((await maria.delete(`/loads/${load.id}?version=1`)).status, 200);
    await his.page.getByText(`was deleted by ${maria.user.name}`).waitFor({ timeout: SOON });
    assert.equal(await his.actions.getByRole("button").count(), 0, "nothing is left to do with it");
  });
});

describe("steps", () => {
  test("a load is tendered, accepted and dispatched from its page", async (t) => {
    const load = await bookAt(maria, "PENDING");
    const page = await pageOf(t, maria, load);
    await page.actions.getByRole("button", { name: "Tender" }).click();
    await page.dialog.waitFor();
    await page.dialog.getByRole("button", { name: /tender/i }).last().click();
    await page.isIn("Tendered", SOON);
    await page.actions.getByRole("button", { name: "Accept tender" }).click();
    await page.dialog.getByRole("button", { name: "Accept the tender" }).click();
    await page.isIn("Accepted", SOON);
    await page.actions.getByRole("button", { name: "Dispatch" }).click();
    await page.dialog.getByRole("button", { name: "Dispatch", exact: true }).click();
    await page.isIn("Dispatched", SOON);
    await until(async () => (await maria.data(`/loads/${load.id}`)).status === "DISPATCHED", "the dispatch is stored");
  });

  test("a manager steps back with a reason, which stands in the timeline", async (t) => {
    const load = await bookAt(maria, "TENDERED");
    const page = await pageOf(t, sarah, load);
    const steps = page.actions.getByRole("button", { name: "Steps" });
    await steps.click();
    await page.menu.getByRole("menuitem", { name: /Pending/ }).click();
    await page.dialog.getByLabel("Reason").fill("Wrong carrier");
    await page.dialog.getByRole("button", { name: "Move back to Pending" }).click();
    await page.isIn("Pending", SOON);
    await page.happened("Wrong carrier").first().waitFor({ timeout: SOON });
  });

  test("of two who step at once one is told who was first", async (t) => {
    const load = await bookAt(maria, "AT_DELIVERY");
    const page = await pageOf(t, john, load);
    page.visitor.allow(/status of 409/);
    await page.page.route("**/status", async (route) => {
      await step(maria, load, "DELIVERED");
      await route.continue();
    });
    await page.actions.getByRole("button", { name: "Move to Delivered" }).click();
    await page.says(`was moved to Delivered by ${maria.user.name}`);
    await page.isIn("Delivered", SOON);
  });
});

describe("what each role sees", () => {
  test("money is on the manager's page and not in the dispatcher's", async (t) => {
    const load = await book(sarah, { finance: { revenue: usd(200_000), carrierCost: usd(150_000) } });
    const [hers, his] = await Promise.all([sarah, john].map((person) => pageOf(t, person, load)));
    await hers.page.getByText("$500 · 25 %").waitFor();
    assert.doesNotMatch(await his.page.content(), /\$500|carrierCost|200000|"finance"/);
  });

  test("support sees and changes nothing", async (t) => {
    const load = await bookAt(maria, "DISPATCHED");
    const page = await pageOf(t, sam, load, "calls");
    await page.actions.getByText("View only").waitFor();
    assert.equal(await page.actions.getByRole("button").count(), 0);
    for (const name of [/^Arrive/, "Set ETA", "Note a check call", "Assign carrier"]) {
      assert.equal(await page.page.getByRole("button", { name }).count(), 0, String(name));
    }
  });

  test("a carrier's office answers its own tender and sees no money", async (t) => {
    const [own] = await allLoads(swift);
    const load = await bookAt(sarah, "TENDERED", {
      carrierId: own.carrier.id,
      finance: { revenue: usd(200_000), carrierCost: usd(150_000) },
    });
    const page = await pageOf(t, swift, load);
    assert.doesNotMatch(await page.page.content(), /carrierCost|200000|"finance"|Claim/);
    await page.actions.getByRole("button", { name: "Accept tender" }).click();
    await page.dialog.getByRole("button", { name: "Accept the tender" }).click();
    await page.isIn("Accepted", SOON);
  });

  test("a driver notes arrival and check call of the load that is the driver's", async (t) => {
    const load = await driven("DISPATCHED");
    const page = await pageOf(t, carlos, load);
    await page.stop(1).getByRole("button", { name: /^Arrive now at/ }).click();
    await page.stopIs(1, "there", SOON);
    await page.show("Check calls");
    await page.page.getByRole("button", { name: "Note a check call" }).waitFor();
    await page.show("Messages");
    await page.say("I am at the dock");
    await page.message("I am at the dock").waitFor({ timeout: SOON });
  });
});

describe("no such load", () => {
  for (const [what, address] of [
    ["an id that there is none of", async () => NOBODY],
    ["what is no id", async () => "soon"],
    ["another company's load", async () => (await book(maria)).id],
  ]) {
    test(`${what} is a calm page with a way back, and 404`, async (t) => {
      const visitor = await visit(t, browser, server, { person: stranger, allow: [/status of 404/] });
      const answer = await visitor.page.goto(`/loads/${await address()}`);
      assert.equal(answer.status(), 404);
      await visitor.page.getByRole("heading", { name: "There is no such load" }).waitFor();
      await assertAccessible(visitor, "no such load");
      await visitor.page.getByRole("link", { name: "Back to the Dispatch Board" }).click();
      await new BoardPage(visitor).heading.waitFor();
    });
  }

  test("nobody who is not logged in sees a load", async (t) => {
    const load = await book(maria);
    const visitor = await visit(t, browser, server);
    await visitor.page.goto(`/loads/${load.id}?tab=calls`);
    assert.match(visitor.page.url(), /\/login\?next=/);
  });
});

test("the page comes rendered from the server, tabs and all", async (t) => {
  const load = await bookAt(maria, "DISPATCHED");
  const visitor = await visit(t, browser, server, { person: maria, javaScriptEnabled: false });
  await visitor.page.goto(`/loads/${load.id}`);
  const page = new LoadPage(visitor);
  await page.isIn("Dispatched");
  await page.happened("Dispatched").first().waitFor();
  await page.tab("Check calls").click();
  await visitor.page.getByText("No check call yet.").waitFor();
  assert.equal(await visitor.page.title(), `${load.loadNumber} · Headhaul`);
});

test("tabs stand in the address and go by the arrow keys", async (t) => {
  const load = await book(maria);
  const page = await pageOf(t, maria, load);
  await page.tab("Timeline").focus();
  await page.page.keyboard.press("ArrowRight");
  await page.page.waitForURL(/\?tab=calls$/);
  await page.page.getByText("No check call yet.").waitFor();
  await page.page.waitForFunction(() => document.activeElement?.dataset.tab === "calls");
  await page.page.reload();
  await page.page.getByText("No check call yet.").waitFor();
});

test("the board's details lead to the page, and the page back", async (t) => {
  const load = await book(maria);
  const visitor = await visit(t, browser, server, { person: maria });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await board.card(load).click({ position: { x: 20, y: 12 } });
  await board.page.getByRole("link", { name: "Open" }).click();
  await new LoadPage(visitor).isIn("Planning");
  await board.page.getByRole("link", { name: "Back to board" }).click();
  await board.heading.waitFor();
});

test("a message that can't be sent stays, says why, and goes out when it is sent again", async (t) => {
  const load = await bookAt(maria, "DISPATCHED");
  const page = await pageOf(t, maria, load, "messages");
  page.visitor.allow(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/, /request: POST .*ERR_/);
  await page.page.route("**/messages", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await page.say("Are you there?");
  await page.drafts.filter({ hasText: "Not sent." }).waitFor();
  await page.page.unroute("**/messages");
  await page.page.getByRole("button", { name: "Send again" }).click();
  await page.message("Are you there?").waitFor({ timeout: SOON });
  await page.drafts.first().waitFor({ state: "detached" });
  const { json } = await maria.get(`/loads/${load.id}/messages`);
  assert.equal(json.data.length, 1);
});

test("older messages come when they are asked for", async (t) => {
  const load = await bookAt(maria, "DISPATCHED");
  for (let number = 1; number <= 60; number += 1) {
    const answer = await john.post(`/conversations/${load.id}/messages`, { body: `Message ${number}.` });
    assert.equal(answer.status, 201, answer.text);
  }
  const page = await pageOf(t, maria, load, "messages");
  await page.message("Message 60.").waitFor();
  assert.equal(await page.messages.count(), 50);
  await page.page.getByRole("button", { name: "Show older" }).click();
  await page.message("Message 1.").waitFor();
  assert.equal(await page.messages.count(), 60);
});

for (const scheme of ["light", "dark"]) {
  describe(`in ${scheme}`, () => {
    test("axe finds nothing on the page, its tabs and its dialogs", async (t) => {
      const load = await bookAt(maria, "IN_TRANSIT", { instructions: "Call ahead. Dock 4.", references: ["PO 1", "BOL 2"] });
      await maria.post(`/loads/${load.id}/check-calls`, { location: { lat: 39.1, lng: -94.58 }, notes: "Fuel stop" });
      await john.post(`/conversations/${load.id}/messages`, { body: "How far?" });
      const page = await pageOf(t, sarah, load, undefined, { scheme });
      await page.happened("Fuel stop").first().waitFor();
      await assertFits(page.visitor);
      await assertAccessible(page.visitor, "the timeline");
      await picture(page.visitor, `load-${scheme}`);
      await page.show("Check calls");
      await page.call("Fuel stop").waitFor();
      await assertAccessible(page.visitor, "the check calls");
      await picture(page.visitor, `load-calls-${scheme}`);
      await page.show(/Messages/);
      await page.message("How far?").waitFor();
      await page.say("150 miles");
      await page.message("150 miles").waitFor();
      await assertAccessible(page.visitor, "the messages");
      await picture(page.visitor, `load-messages-${scheme}`);
      await page.page.getByRole("button", { name: "Set ETA" }).click();
      await page.dialog.waitFor();
      await assertAccessible(page.visitor, "the dialog of the ETA");
      await picture(page.visitor, `load-eta-${scheme}`);
    });

    test("it fits a phone, one part at a time", async (t) => {
      const customer = "Consolidated Northwestern Refrigerated Produce Distribution";
      const load = await bookAt(maria, "DISPATCHED", { customer });
      const page = await pageOf(t, maria, load, undefined, { scheme, ...PHONE });
      await page.tab("Overview").waitFor();
      assert.equal(await page.tab("Overview").getAttribute("aria-selected"), "true");
      await page.stop(1).waitFor();
      await assertFits(page.visitor);
      await assertAccessible(page.visitor, "the page on a phone");
      await picture(page.visitor, `phone-load-${scheme}`);
      for (const name of ["Timeline", "Check calls", "Messages"]) {
        await page.tab(name).tap();
        await page.page.getByRole("tabpanel", { name }).waitFor();
        assert.equal(await page.stop(1).isVisible(), false);
        await assertFits(page.visitor);
        await picture(page.visitor, `phone-load-${name.split(" ")[0].toLowerCase()}-${scheme}`);
      }
    });
  });
}

test("a load of the demo tells how it came to where it stands", async (t) => {
  const { cards } = await maria.data("/loads/board");
  const load = cards.find(({ status }) => status === "IN_TRANSIT");
  const { data } = (await maria.get(`/loads/${load.id}/timeline?limit=200`)).json;
  const told = data.map(({ text }) => text).join("\n");
  for (const words of [/booked it/, /tendered it to/, /moved it to Dispatched with/, /Left /]) assert.match(told, words);
  assert.ok(data.every(({ at }, index) => index === 0 || at <= data[index - 1].at), "newest first");
  const { json } = await maria.get("/events?namespace=/dispatch&after=0&limit=1000");
  assert.ok(!json.data.some(({ data }) => (data.loadId ?? data.id) === load.id), "no stream sends what was before it began");
});
