// The alert for new unassigned loads: off until switched on, calm, and only for what others did.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { freezable } from "../harness/cut.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, fitCarrier, step } from "../harness/trade.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 12 });
const browser = await browserForThisFile();
const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((who) => as(server, who)));
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A browser in place of a real one's notifications and sound: it only notes what it is asked for. */
function stub({ permission, answer }) {
  const state = (globalThis.alerted = { told: [], asked: 0, notes: 0 });
  class Notification {
    static permission = sessionStorage.getItem("permission") ?? permission;
    static requestPermission() {
      state.asked += 1;
      Notification.permission = answer;
      sessionStorage.setItem("permission", answer);
      return Promise.resolve(answer);
    }
    constructor(title, options) {
      state.told.push({ title, ...options });
      state.last = this;
    }
    close() {}
  }
  const value = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
  const part = { gain: value, frequency: {}, connect: (next) => next, start: () => (state.notes += 1), stop() {} };
  class AudioContext {
    currentTime = 0;
    resume = async () => {};
    createOscillator = () => part;
    createGain = () => part;
  }
  Object.assign(globalThis, { Notification, AudioContext });
}

class AlertedBoard extends BoardPage {
  constructor(visitor) {
    super(visitor);
    this.bell = this.page.getByRole("button", { name: /^Alerts for unassigned loads/ });
    this.sound = this.page.getByRole("switch", { name: "Sound" });
    this.notification = this.page.getByRole("switch", { name: "Notification" });
  }

  get alerted() {
    return this.page.evaluate(() => {
      const { told, asked, notes } = globalThis.alerted;
      return { told, asked, notes };
    });
  }

  /** Waits until so many notifications were shown. */
  async tells(count) {
    await until(async () => (await this.alerted).told.length >= count, `${count} notifications`, 15_000);
    return (await this.alerted).told;
  }
}

async function opened(t, { permission = "default", answer = "granted", filter, ...options } = {}) {
  const visitor = await visit(t, browser, server, { person: john, ...options });
  await visitor.page.addInitScript(stub, { permission, answer });
  const connection = await freezable(visitor);
  const board = await new AlertedBoard(visitor).open(filter);
  return { visitor, connection, board };
}

/** Books a load and waits until the board has heard of it. */
async function seen(board, person, fields) {
  const load = await book(person, fields);
  await board.card(load).waitFor();
  return load;
}

test("it is off, and asks for nothing, until it is switched on", async (t) => {
  const { board } = await opened(t, { filter: "Quiet" });
  await seen(board, maria, { customer: "Quiet Foods" });
  await board.bell.click();
  assert.deepEqual([await board.sound.isChecked(), await board.notification.isChecked()], [false, false]);
  assert.deepEqual(await board.alerted, { told: [], asked: 0, notes: 0 });
});

test("switched on it tells of what others book without a carrier, and of nothing else", async (t) => {
  const { board } = await opened(t, { filter: "Loud" });
  await board.bell.click();
  await board.notification.click();
  await until(() => board.notification.isChecked(), "it is switched on");
  await board.page.keyboard.press("Escape");
  await seen(board, john, { customer: "Loud Foods" });
  await seen(board, maria, { customer: "Loud Foods", carrierId: await fitCarrier(maria) });
  await book(maria, { customer: "Unseen Foods" });
  const load = await seen(board, maria, { customer: "Loud Foods" });
  const told = await board.tells(1);
  assert.deepEqual([told.length, told[0].title], [1, "New unassigned load"]);
  assert.match(told[0].body, new RegExp(`^${load.loadNumber}, .+ to .+\\. Pickup `));
  assert.equal((await board.alerted).asked, 1);
  assert.equal((await board.alerted).notes, 0, "the sound is still off");
  await board.page.evaluate(() => globalThis.alerted.last.onclick());
  await until(
    () => board.page.evaluate((number) => document.activeElement.dataset.load === number, load.loadNumber),
    "the card has the focus",
  );
});

test("a load that comes back without a carrier is told, and the sound is played once for many", async (t) => {
  const load = await book(maria, { customer: "Returned Foods", carrierId: await fitCarrier(maria) });
  const tendered = await step(maria, await step(maria, load, "PENDING"), "TENDERED");
  const { board } = await opened(t, { filter: "Returned", permission: "granted" });
  await board.bell.click();
  await board.sound.click();
  await until(async () => (await board.alerted).notes === 2, "the sound is played when it is switched on");
  await board.notification.click();
  const answer = await maria.post(`/loads/${load.id}/reject`, { version: tendered.version, reason: "No truck" });
  assert.equal(answer.status, 200, answer.text);
  const [told] = await board.tells(1);
  assert.match(told.body, new RegExp(load.loadNumber));
  assert.equal((await board.alerted).asked, 0, "it was permitted already");
});

test("what happened while the page was away is summed up in one notice", async (t) => {
  const { board, connection } = await opened(t, { filter: "Many", permission: "granted" });
  await board.bell.click();
  await board.notification.click();
  connection.freeze();
  const loads = [];
  for (let n = 0; n < 5; n += 1) loads.push(await book(maria, { customer: "Many Foods" }));
  connection.thaw();
  // What the page was not given is a gap; it is noticed with the next event.
  loads.push(await book(maria, { customer: "Many Foods" }));
  await board.card(loads[0]).waitFor();
  const told = await board.tells(1);
  assert.deepEqual([told.length, told[0].title], [1, "6 new unassigned loads"]);
  assert.match(told[0].body, / and 3 more\.$/);
});

test("a browser that refuses is explained, and the switch stays off", async (t) => {
  const { visitor, board } = await opened(t, { answer: "denied" });
  await board.bell.click();
  await board.notification.click();
  await board.page.getByText("This browser blocks notifications from this site.").waitFor();
  assert.equal(await board.notification.isChecked(), false);
  await assertAccessible(visitor, "the alerts, refused");
});

test("the choice is kept in the browser, and opening the page tells of nothing", async (t) => {
  const { board } = await opened(t, { permission: "granted", filter: "Kept" });
  await board.bell.click();
  await board.notification.click();
  await book(maria, { customer: "Kept Foods" });
  await board.tells(1);
  await board.page.reload();
  await board.becomes("Live");
  await board.page.getByRole("button", { name: "Alerts for unassigned loads: on" }).waitFor();
  assert.deepEqual((await board.alerted).told, []);
});

for (const scheme of ["light", "dark"]) {
  test(`everybody can use it, in ${scheme}`, async (t) => {
    for (const [name, more] of [["alerts", {}], ["phone-alerts", PHONE]]) {
      const { visitor, board } = await opened(t, { scheme, person: sarah, ...more });
      await board.bell.click();
      await board.sound.click();
      await assertAccessible(visitor, "the alerts");
      await assertFits(visitor);
      await picture(visitor, `${name}-${scheme}`);
      await board.page.keyboard.press("Escape");
      await board.sound.waitFor({ state: "hidden" });
      assert.equal(await board.bell.evaluate((bell) => bell === document.activeElement), true, "the focus is back");
    }
  });
}
