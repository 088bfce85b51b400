// Booking many loads from a file: what it would do, with an error for each bad row; then yes, and on every open board.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { answerLost } from "../harness/cut.js";
import { ImportPage } from "../harness/load_pages.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { BoardPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { until } from "../harness/wait.js";

const server = await serverForThisFile({ loads: 18 });
const browser = await browserForThisFile();
const [maria, john, sarah] = await Promise.all(["maria", "john", "sarah"].map((who) => as(server, who)));
const [pickup, delivery] = (await maria.data("/facilities?limit=2")).map(({ name }) => name);
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const NAMES = [
  "customer", "equipment", "pickup_facility", "pickup_start", "pickup_end", "delivery_facility", "delivery_start", "delivery_end",
  "weight_lbs",
];

/** A row of a file, with some of its cells replaced. */
function row(customer, changes = {}) {
  const cells = {
    customer,
    equipment: "Reefer",
    pickup_facility: pickup,
    pickup_start: "2027-01-15 08:00",
    pickup_end: "2027-01-15 10:00",
    delivery_facility: delivery,
    delivery_start: "2027-01-17 08:00",
    delivery_end: "2027-01-17 10:00",
    weight_lbs: "42000",
    ...changes,
  };
  return NAMES.map((name) => cells[name]);
}

const BAD = [
  { equipment: "Boat" }, { pickup_facility: "Atlantis" }, { pickup_start: "tomorrow" }, { pickup_end: "2027-01-14 10:00" },
  { delivery_facility: "" }, { delivery_start: "15.1.2027" }, { delivery_end: "" }, { weight_lbs: "heavy" },
  { weight_lbs: "900000" }, { customer: "" },
];

/** Rows as a file, the names of the columns first. */
const file = (rows, separator = ",", ending = "\n") =>
  [NAMES, ...rows].map((cells) => cells.map((cell) => (/[,;"]/.test(cell) ? `"${cell}"` : cell)).join(separator)).join(ending);

const total = async (client) => (await client.get("/loads?limit=1")).json.page.total;

const open = async (t, options = {}) => {
  const visitor = await visit(t, browser, server, { person: maria, ...options });
  return [await new ImportPage(visitor).open(), visitor];
};

test("of 1,000 loads with 10 bad rows 990 are booked once that is confirmed, and are on every open board", async (t) => {
  const rows = Array.from({ length: 1_000 }, (_, index) => row("Bulk Freight", index % 100 === 50 ? BAD[(index - 50) / 100] : {}));
  const board = await new BoardPage(await visit(t, browser, server, { person: john })).open("Bulk Freight");
  const before = await total(maria);
  const [page, visitor] = await open(t);
  await page.choose(file(rows));
  await page.preview.waitFor();
  assert.deepEqual(
    [await page.preview.locator("[data-good]").getAttribute("data-good"), await page.preview.locator("[data-bad]").getAttribute("data-bad")],
    ["990", "10"],
  );
  const bad = await page.mistakes.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  // The names of the columns are row 1.
  assert.deepEqual(bad.map(([number]) => number), rows.flatMap((_, index) => (index % 100 === 50 ? [String(index + 2)] : [])));
  assert.deepEqual(bad.map(([, column]) => column), [
    "equipment", "pickup_facility", "pickup_start", "pickup_end", "delivery_facility", "delivery_start", "delivery_end",
    "weight_lbs", "weight_lbs", "customer",
  ]);
  assert.ok(bad.every(([, , what]) => what.length > 8), "each is said in words");
  assert.equal(await total(maria), before, "nothing is stored yet");
  await picture(visitor, "import-preview");

  await page.book("990 loads").click();
  await visitor.page.waitForURL(/\/loads\/import\?id=/);
  // A reload takes the progress up where it is.
  await visitor.page.reload();
  await page.finished.filter({ hasText: "990 loads were booked" }).waitFor({ timeout: 60_000 });
  assert.equal(await page.mistakes.count(), 10);
  assert.equal(await total(maria), before + 990);
  await board.lane("unassigned").filter({ hasText: "990" }).waitFor();
  await picture(visitor, "import-finished");
});

describe("a file", () => {
  test("of a European Excel is read: semicolons, Windows-1252, its own names of columns", async (t) => {
    const [page, visitor] = await open(t, { person: sarah });
    const names = ["Customer", "Equipment", "Pickup facility", "Pickup start", "Pickup end", "Delivery facility", "Delivery start",
      "Delivery end", "Weight lbs", "Revenue", "Carrier cost"];
    const text = `${[names, [...row("Löwe & Söhne"), "1.850,50", "1.500,00"]].map((cells) => cells.join(";")).join("\r\n")}\r\n`;
    await page.choose(Buffer.from(text, "latin1"));
    await page.preview.getByText("The columns are separated by semicolons.").waitFor();
    await page.preview.getByText("it was read as Windows-1252").waitFor();
    await page.book("1 load").click();
    await page.finished.waitFor();
    const load = (await sarah.get("/loads?limit=1")).json.data[0];
    assert.deepEqual([load.customer, load.finance.revenue.amount], ["Löwe & Söhne", 185_050]);
    await visitor.page.getByRole("link", { name: "Import another file" }).click();
    await page.file.waitFor({ state: "attached" });
  });

  test("that is none, or lacks what it needs, is refused in words, and the next is taken", async (t) => {
    const [page, visitor] = await open(t);
    visitor.allow(/status of 4(13|22)/, /net::ERR_CONNECTION/);
    for (const [content, says] of [
      ["", "The file is empty"],
      [`${NAMES.join()}\n`, "no load below them"],
      ["PK\x03\x04 and so on", "This is a workbook, not a CSV file"],
      [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), "This is not a text file"],
      ["customer,colour\nA,red", "not known"],
      ["customer,equipment\nA,Reefer", "lacks the columns"],
      [`${file([row("A")])}\n"open`, "row 3 is never closed"],
      [file(Array.from({ length: 5_001 }, () => row("A"))), "has 5,001 rows; at most 5,000"],
      [file(Array.from({ length: 4_500 }, () => row("x".repeat(1_000)))), "larger than the server takes"],
      [Buffer.alloc(17 * 1024 * 1024, "a"), "has 17 MB"],
    ]) {
      await page.choose(content, "of mine.csv");
      await page.problem.filter({ hasText: says }).waitFor();
      assert.match(await page.problem.first().textContent(), /of mine\.csv/, "the file is named");
    }
    await page.choose(file([row("A good one")]));
    await page.preview.waitFor();
    await visitor.page.getByRole("button", { name: "Choose another file" }).click();
    await page.file.waitFor({ state: "attached" });
  });

  test("of bad rows alone offers nothing to book", async (t) => {
    const [page] = await open(t);
    await page.choose(file(BAD.map((changes) => row("Bad Freight", changes))));
    await page.preview.getByText("None of its rows can be booked.").waitFor();
    assert.equal(await page.page.getByRole("button", { name: /^Book/ }).count(), 0);
    const list = await page.saved("Download the list");
    assert.equal(list.name, "import-problems.csv");
    assert.equal(list.text.trim().split("\n").length, 11);
  });

  test("may be dropped, or its rows pasted", async (t) => {
    const [page, visitor] = await open(t);
    const data = await visitor.page.evaluateHandle((text) => {
      const carried = new DataTransfer();
      carried.items.add(new File([text], "dropped.csv", { type: "text/csv" }));
      return carried;
    }, file([row("Dropped Freight")]));
    await visitor.page.getByRole("main").dispatchEvent("drop", { dataTransfer: data });
    await page.preview.getByText("dropped.csv: 1 row").waitFor();
    await visitor.page.getByRole("button", { name: "Choose another file" }).click();
    await page.text.fill(file([row("Pasted Freight"), row("Pasted Freight")], "\t"));
    await page.check.click();
    await page.preview.getByText("Pasted rows: 2 rows").waitFor();
  });

  test("is booked with the keyboard alone", async (t) => {
    const [page, { page: { keyboard } }] = await open(t);
    await page.text.focus();
    await keyboard.insertText(file([row("Keys Freight")]));
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await page.preview.waitFor();
    for (let pressed = 0; pressed < 20; pressed += 1) {
      if (await page.book("1 load").evaluate((button) => button === document.activeElement)) break;
      await keyboard.press("Tab");
    }
    await keyboard.press("Enter");
    await page.finished.filter({ hasText: "1 load was booked" }).waitFor();
  });

  test("begins with a template that is good as it is", async (t) => {
    for (const [person, hasMoney] of [[maria, false], [sarah, true]]) {
      const [page] = await open(t, { person });
      const template = await page.saved("Download a template");
      assert.equal(template.name, "loads-template.csv");
      assert.equal(/revenue/.test(template.text), hasMoney, "money is for those who may set it");
      await page.choose(template.text);
      await page.preview.locator('[data-good="1"]').waitFor();
      assert.equal(await page.mistakes.count(), 0);
    }
  });
});

test("an import whose answer is lost is carried out once, however often it is confirmed", async (t) => {
  const before = await total(maria);
  const [page, visitor] = await open(t);
  visitor.allow(/net::ERR/);
  await page.choose(file([row("Lost Freight"), row("Lost Freight")]));
  await page.preview.waitFor();
  const answer = await answerLost(visitor, "POST", "**/api/v1/loads/import");
  await page.book("2 loads").click();
  const { data } = await answer();
  await page.problem.filter({ hasText: "No answer came." }).waitFor();
  await page.book("2 loads").click();
  await visitor.page.waitForURL(`${server.url}/loads/import?id=${data.id}`);
  await page.finished.filter({ hasText: "2 loads were booked" }).waitFor();
  assert.equal(await total(maria), before + 2);
});

test("an import that is not known says so", async (t) => {
  const visitor = await visit(t, browser, server, { person: maria, allow: [/status of 404/] });
  await new ImportPage(visitor).open("/loads/import?id=01999999-9999-7999-8999-999999999999");
  await visitor.page.getByRole("heading", { name: "This import is not known any more" }).waitFor();
});

test("those who may not book are told so", async (t) => {
  for (const who of ["sam", "swift", "carlos"]) {
    const visitor = await visit(t, browser, server, { person: await as(server, who) });
    await visitor.page.goto("/loads/import");
    await new ImportPage(visitor).denied.waitFor();
  }
});

for (const scheme of ["light", "dark"]) {
  for (const [device, options] of [["laptop", {}], ["phone", PHONE]]) {
    test(`in ${scheme} on a ${device} axe finds nothing, and all fits`, async (t) => {
      const [page, visitor] = await open(t, { scheme, ...options });
      await assertAccessible(visitor, "the choice of a file");
      await assertFits(visitor);
      await picture(visitor, `import-${device}-${scheme}`);
      await page.choose(file([...BAD.map((changes) => row("Bad Freight", changes)), row("Good Freight")]));
      await page.preview.waitFor();
      await until(() => page.mistakes.count(), "what is wrong is listed");
      await assertAccessible(visitor, "the preview");
      await assertFits(visitor);
      await picture(visitor, `import-preview-${device}-${scheme}`);
      await page.book("1 load").click();
      await page.finished.waitFor();
      await assertAccessible(visitor, "the end of the import");
      await assertFits(visitor);
    });
  }
}
