// Menus, palette, dialogs and the bar of chosen loads for everybody: axe finds nothing, in light and dark. With pictures.

import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt } from "../harness/trade.js";

const server = await serverForThisFile({ loads: 120 });
const browser = await browserForThisFile();
const [maria, sarah] = await Promise.all(["maria", "sarah"].map((who) => as(server, who)));
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

for (const scheme of ["light", "dark"]) {
  describe(`in ${scheme}`, () => {
    test("chosen loads, their bar and its menu", async (t) => {
      const visitor = await visit(t, browser, server, { person: sarah, scheme });
      const board = await new BoardPage(visitor).open();
      const cards = board.lane("in-transit").locator("[data-load]");
      await cards.first().focus();
      await board.page.keyboard.press("x");
      await board.page.keyboard.press("Shift+ArrowDown");
      await board.hasSelected(2);
      await assertAccessible(visitor, "the board with chosen loads");
      await picture(visitor, `hands-chosen-${scheme}`);
      await board.bulk.getByRole("button", { name: "Move to…" }).click();
      await board.menu.waitFor();
      await assertAccessible(visitor, "the steps of many loads");
      await picture(visitor, `hands-steps-${scheme}`);
    });

    test("the menu of a load", async (t) => {
      const visitor = await visit(t, browser, server, { person: maria, scheme });
      const board = await new BoardPage(visitor).open();
      await board.lane("dispatched").locator("[data-load]").first().click({ button: "right", position: { x: 60, y: 40 } });
      await board.menu.waitFor();
      await assertAccessible(visitor, "the menu of a load");
      await picture(visitor, `hands-menu-${scheme}`);
    });

    test("the palette, with and without a query", async (t) => {
      const visitor = await visit(t, browser, server, { person: maria, scheme });
      const board = await new BoardPage(visitor).open();
      await board.lane("delivered").locator("[data-load]").first().focus();
      await board.find("");
      await assertAccessible(visitor, "the palette");
      await picture(visitor, `hands-palette-${scheme}`);
      await board.palette.getByRole("combobox").fill("00");
      await board.palette.getByText("Loads", { exact: true }).first().waitFor();
      await assertAccessible(visitor, "the palette with loads");
      await picture(visitor, `hands-palette-loads-${scheme}`);
      await board.palette.getByRole("combobox").fill("zzzz");
      await assertAccessible(visitor, "the palette with nothing");
    });

    test("the keys, a question of many and its report", async (t) => {
      const customer = `Looks ${scheme}`;
      for (let number = 0; number < 3; number += 1) await bookAt(maria, "ACCEPTED", { customer });
      for (let number = 0; number < 3; number += 1) await book(maria, { customer });
      const visitor = await visit(t, browser, server, { person: maria, scheme });
      const board = await new BoardPage(visitor).open(customer);
      await board.page.keyboard.press("?");
      await board.dialog.waitFor();
      await assertAccessible(visitor, "the keys");
      await picture(visitor, `hands-keys-${scheme}`);
      await board.page.keyboard.press("Escape");
      await board.dialog.waitFor({ state: "detached" });
      await board.page.keyboard.press("ControlOrMeta+a");
      await board.hasSelected(6);
      await board.page.keyboard.press("d");
      await board.dialog.waitFor();
      await assertAccessible(visitor, "the question of many");
      await picture(visitor, `hands-question-${scheme}`);
      await board.dialog.getByRole("button", { name: "Dispatch", exact: true }).click();
      await board.dialog.getByRole("heading", { name: "3 of 6 loads dispatched" }).waitFor();
      await assertAccessible(visitor, "the report");
      await picture(visitor, `hands-report-${scheme}`);
      await board.dialog.getByRole("button", { name: "Close" }).click();
      await board.hasSelected(3);
    });

    test("a move and its undo", async (t) => {
      const load = await bookAt(maria, "AT_DELIVERY");
      const visitor = await visit(t, browser, server, { person: maria, scheme });
      const board = await new BoardPage(visitor).open(load.loadNumber);
      await board.focus(load);
      await board.page.keyboard.press("5");
      await board.says("moved to Delivered");
      await assertAccessible(visitor, "a message with an offer");
      await picture(visitor, `hands-undo-${scheme}`);
    });

    test("the phone", async (t) => {
      const visitor = await visit(t, browser, server, { person: maria, scheme, ...PHONE });
      const board = await new BoardPage(visitor).open();
      await board.page.locator('[data-lane-tab="in-transit"]').tap();
      await board.lane("in-transit").locator(".card-move").first().tap();
      await board.choice(/More actions/).tap();
      await board.choice(/Open details/).waitFor();
      await assertFits(visitor);
      await picture(visitor, `phone-hands-menu-${scheme}`);
      await board.choice(/^Select/).tap();
      await board.hasSelected(1);
      await assertFits(visitor);
      await assertAccessible(visitor, "chosen loads on a phone");
      await picture(visitor, `phone-hands-chosen-${scheme}`);
      await board.bulk.getByRole("button", { name: "Move to…" }).tap();
      await board.menu.waitFor();
      await assertFits(visitor);
      await picture(visitor, `phone-hands-steps-${scheme}`);
    });
  });
}
