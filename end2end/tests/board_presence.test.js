// Who else is there: faces on cards that others look at, and soft claims that others see and may take over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { assertAccessible, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt } from "../harness/trade.js";

/** Generous: machines that run tests are slow. */
const SOON = 5_000;

const server = await serverForThisFile({ loads: 12, settings: { REALTIME__PRESENCE_GRACE: "1s" } });
const browser = await browserForThisFile();
const [maria, john, sarah, sam, admin] = await Promise.all(
  ["maria", "john", "sarah", "sam", "admin"].map((who) => as(server, who)),
);

/** A person's board with the cards of a load alone. */
async function boardOf(t, person, load, options) {
  const visitor = await visit(t, browser, server, { person, ...options });
  return Object.assign(await new BoardPage(visitor).open(load.loadNumber), { visitor });
}

const faces = (board, load, who) => board.card(load).getByRole("img", { name: who });
const openPanel = async (board, load) => {
  await board.card(load).click({ position: { x: 30, y: 12 } });
  const panel = board.page.getByRole("complementary");
  await panel.waitFor();
  return panel;
};

test("a face appears on a card that somebody else looks at, and goes with the look", async (t) => {
  const load = await book(maria);
  const [hers, his] = [await boardOf(t, maria, load), await boardOf(t, john, load)];
  const before = await his.card(load).boundingBox();
  assert.equal(await his.card(load).locator(".face").count(), 0);
  await hers.card(load).focus();
  const face = faces(his, load, `${maria.user.name} looks at it`);
  await face.waitFor({ timeout: SOON });
  assert.equal(await face.getAttribute("title"), `${maria.user.name} looks at it`, "the name on hover");
  assert.match(await his.card(load).getAttribute("aria-label"), new RegExp(`${maria.user.name} looks at it`));
  assert.deepEqual(await his.card(load).boundingBox(), before, "nothing has moved");
  assert.equal(await hers.card(load).locator(".face").count(), 0, "one's own face is not shown");
  await hers.page.getByLabel("Filter loads").focus();
  await face.waitFor({ state: "detached", timeout: SOON });

  // Details that are open count as well, wherever the focus is.
  await openPanel(hers, load);
  await hers.page.getByLabel("Filter loads").focus();
  await face.waitFor({ timeout: SOON });
  await hers.visitor.leave();
  await face.waitFor({ state: "detached", timeout: 15_000 });
});

test("more than three are counted, and all are named", async (t) => {
  const load = await bookAt(maria, "TENDERED");
  const his = await boardOf(t, john, load);
  for (const person of [maria, sarah, sam, admin]) {
    const board = await boardOf(t, person, load);
    await board.card(load).focus();
  }
  const all = faces(his, load, / and .* look at it$/);
  await all.filter({ hasText: "+1" }).waitFor({ timeout: SOON });
  const name = await all.getAttribute("aria-label");
  for (const person of [maria, sarah, sam, admin]) assert.ok(name.includes(person.user.name), name);
  await assertAccessible(his.visitor, "a card with faces");
  await picture(his.visitor, "board-faces");
});

test("a claim is seen by the other at once, taken over with a word, and released", async (t) => {
  const load = await book(maria);
  const [hers, his] = [await boardOf(t, maria, load), await boardOf(t, john, load)];
  const chip = (board, text) => board.card(load).locator(".card-claim").filter({ hasText: text });
  const herPanel = await openPanel(hers, load);
  await herPanel.getByText("Nobody is on it.").waitFor();
  await herPanel.getByRole("button", { name: "Claim" }).click();
  await hers.says(`You are on ${load.loadNumber} now.`);
  await chip(hers, "You").waitFor();
  await chip(his, maria.user.name.split(" ")[0]).waitFor({ timeout: SOON });
  assert.equal(await chip(his, "").getAttribute("title"), `${maria.user.name} is on it`);
  await picture(his.visitor, "board-claimed");

  const hisPanel = await openPanel(his, load);
  await hisPanel.getByText(`${maria.user.name} is on it.`).waitFor();
  await hisPanel.getByRole("button", { name: "Take over" }).click();
  await his.says(`You took ${load.loadNumber} over from ${maria.user.name}.`);
  await chip(his, "You").waitFor();
  await chip(hers, john.user.name.split(" ")[0]).waitFor({ timeout: SOON });
  await hers.says(`${john.user.name} took over ${load.loadNumber}`);
  await herPanel.getByRole("button", { name: "Take over" }).waitFor();
  assert.equal((await maria.data(`/loads/${load.id}`)).claimedBy.id, john.user.id);

  await hisPanel.getByRole("button", { name: "Release" }).click();
  await his.says(`You are no longer on ${load.loadNumber}.`);
  await chip(hers, "").waitFor({ state: "detached", timeout: SOON });
  await assertAccessible(his.visitor, "the board with a claim in the details");
});

test("opening a dialog on a load claims nothing, and tells others that one is there", async (t) => {
  const load = await book(maria);
  const [hers, his] = [await boardOf(t, maria, load), await boardOf(t, john, load)];
  await hers.drag(load, "tendered");
  await hers.dialog.waitFor();
  await faces(his, load, `${maria.user.name} looks at it`).waitFor({ timeout: SOON });
  assert.equal((await john.data(`/loads/${load.id}`)).claimedBy, undefined);
});
