// Login and board for everybody: axe finds nothing, in light and dark, on a wall, a laptop and a phone. With pictures.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { assertAccessible, assertFits, picture, readmePicture } from "../harness/look.js";
import { BoardPage, LANES, LoginPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book, bookAt } from "../harness/trade.js";

const server = await serverForThisFile({ loads: 250 });
const browser = await browserForThisFile();
const [maria, sarah] = await Promise.all(["maria", "sarah"].map((who) => as(server, who)));
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const WALL = { viewport: { width: 1_920, height: 1_080 } };

for (const scheme of ["light", "dark"]) {
  describe(`in ${scheme}`, () => {
    test("the login, and what it says of a wrong password", async (t) => {
      const visitor = await visit(t, browser, server, { scheme });
      const login = await new LoginPage(visitor).open();
      await assertAccessible(visitor, "the login");
      await picture(visitor, `login-${scheme}`);
      await login.logIn("maria", "wrong");
      await login.message.waitFor();
      await assertAccessible(visitor, "the login with a message");
      await picture(visitor, `login-refused-${scheme}`);
    });

    test("the board as a manager sees it", async (t) => {
      const visitor = await visit(t, browser, server, { person: sarah, scheme });
      const board = await new BoardPage(visitor).open();
      await assertAccessible(visitor, "the board");
      await assertFits(visitor);
      await picture(visitor, `board-${scheme}`);
      if (scheme === "light") await readmePicture(visitor, "board");
      await board.lane("delivered").locator("[data-load]").first().click();
      await board.page.getByRole("complementary").waitFor();
      await assertAccessible(visitor, "the board with a load's details");
      await picture(visitor, `board-details-${scheme}`);
    });

    test("the menu, a question and a message", async (t) => {
      const load = await bookAt(maria, "ACCEPTED");
      const visitor = await visit(t, browser, server, { person: maria, scheme });
      const board = await new BoardPage(visitor).open(load.loadNumber);
      await board.openMenu(load);
      await assertAccessible(visitor, "the board with a menu");
      await picture(visitor, `board-menu-${scheme}`);
      await board.choice(/Dispatched/).click();
      await board.dialog.waitFor();
      await assertAccessible(visitor, "the board with a question");
      await picture(visitor, `board-question-${scheme}`);
      await board.page.keyboard.press("Escape");
      await board.dialog.waitFor({ state: "detached" });
      await board.carry(load, "completed");
      await picture(visitor, `board-drag-${scheme}`);
      await board.drop();
      await board.toasts.first().waitFor();
      await assertAccessible(visitor, "the board with a message");
      await picture(visitor, `board-refused-${scheme}`);
    });

    test("a filter that leaves nothing, and the way out of it", async (t) => {
      const visitor = await visit(t, browser, server, { person: maria, scheme });
      const board = await new BoardPage(visitor).open("nobody at all");
      await assertAccessible(visitor, "the board under a filter that leaves nothing");
      await picture(visitor, `board-nothing-${scheme}`);
      await board.page.getByRole("button", { name: "Clear filter" }).click();
      await board.lane("delivered").locator("[data-load]").first().waitFor();
      await board.page.waitForURL(`${server.url}/dispatch`);
    });

    test("the wall", async (t) => {
      const visitor = await visit(t, browser, server, { person: sarah, scheme, ...WALL });
      await new BoardPage(visitor).open();
      await assertFits(visitor);
      await picture(visitor, `board-wall-${scheme}`);
    });

    test("the phone: one lane at a time, and a button in place of dragging", async (t) => {
      const load = await bookAt(maria, "DELIVERED");
      const visitor = await visit(t, browser, server, { person: maria, scheme, ...PHONE });
      const board = await new BoardPage(visitor).open();
      const { page } = visitor;
      await assertFits(visitor);
      await assertAccessible(visitor, "the board on a phone");
      await picture(visitor, `phone-board-${scheme}`);
      for (const lane of LANES) {
        await page.locator(`[data-lane-tab="${lane}"]`).tap();
        await board.lane(lane).waitFor();
        const visible = await page.locator("[data-lane]").evaluateAll((lanes) =>
          lanes.filter((element) => element.checkVisibility()).map((element) => element.dataset.lane),
        );
        assert.deepEqual(visible, [lane]);
        await assertFits(visitor);
      }
      await page.getByLabel("Filter loads").fill(load.loadNumber);
      await page.locator('[data-lane-tab="delivered"]').tap();
      const button = page.getByRole("button", { name: `Move ${load.loadNumber}` });
      const { width, height } = await button.boundingBox();
      assert.ok(Math.min(width, height) >= 24, `a finger hits ${width} by ${height} px (WCAG 2.5.8)`);
      await button.tap();
      await board.menu.waitFor();
      await assertFits(visitor);
      await picture(visitor, `phone-menu-${scheme}`);
      await board.choice(/Completed/).tap();
      await page.locator('[data-lane-tab="completed"]').tap();
      await board.shows(load, "completed", "COMPLETED");
    });

    test("the login on a phone", async (t) => {
      const visitor = await visit(t, browser, server, { scheme, ...PHONE });
      await new LoginPage(visitor).open();
      await assertFits(visitor);
      await assertAccessible(visitor, "the login on a phone");
      await picture(visitor, `phone-login-${scheme}`);
    });
  });
}

test("a page that there is none of says so", async (t) => {
  const visitor = await visit(t, browser, server, { person: maria, allow: [/status of 404/] });
  const answer = await visitor.page.goto("/nowhere");
  assert.equal(answer.status(), 404);
  await visitor.page.getByRole("heading", { name: "There is no page here" }).waitFor();
  await assertAccessible(visitor, "the page that is not there");
});

test("a page at twice its size still fits", async (t) => {
  const visitor = await visit(t, browser, server, { person: maria, viewport: { width: 720, height: 450 } });
  await new BoardPage(visitor).open();
  await assertFits(visitor);
  await picture(visitor, "board-zoomed");
});

test("names of sixty characters and markup in names do no harm", async (t) => {
  const name = `<img src=x onerror=alert(1)> & "Sons" ${"Wolfeschlegelsteinhausenberger ".repeat(2)}`.slice(0, 80).trim();
  const load = await book(maria, { customer: name, instructions: "</script><script>alert(1)</script>" });
  const visitor = await visit(t, browser, server, { person: maria });
  const board = await new BoardPage(visitor).open(load.loadNumber);
  await board.card(load).filter({ hasText: name }).waitFor();
  await board.card(load).click({ position: { x: 20, y: 12 } });
  await board.page.getByRole("complementary").filter({ hasText: "</script><script>alert(1)</script>" }).waitFor();
  await assertFits(visitor);
  await picture(visitor, "board-long-names");
});
