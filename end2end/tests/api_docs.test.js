// The API for people: every operation that is described, found by a search, without script and without internet.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { send } from "../harness/http.js";
import { assertAccessible, assertFits, picture } from "../harness/look.js";
import { serverForThisFile } from "../harness/server.js";

const server = await serverForThisFile({ loads: 5 });
const browser = await browserForThisFile();
const { json: document } = await send(`${server.url}/api/v1/openapi.json`);
const operations = Object.values(document.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));

describe("the page of the API", () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`shows every operation, and finds one, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async (t) => {
      const { page } = await visit(t, browser, server, { javaScriptEnabled });
      const asked = [];
      page.on("request", (request) => asked.push(new URL(request.url()).origin));
      await page.goto("/api/docs");
      for (const id of operations) assert.equal(await page.locator(`[id="${id}"]`).count(), 1, id);
      await page.getByLabel("Search the API").fill("tender reject");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("status").filter({ hasText: `1 of ${operations.length} operations` }).waitFor();
      assert.equal(await page.locator("article").count(), 1);
      await page.getByText("No truck near Chicago").waitFor();
      await page.getByRole("link", { name: "Show all" }).click();
      await page.getByRole("status").filter({ hasText: `${operations.length} operations` }).waitFor();
      assert.deepEqual(new Set(asked), new Set([server.url]), "nothing comes from elsewhere");
    });
  }

  test("lets nothing run or load that it did not bring", async () => {
    const { headers } = await send(`${server.url}/api/docs`);
    const policy = headers["content-security-policy"];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  for (const scheme of ["light", "dark"]) {
    for (const [device, viewport] of [["laptop", { width: 1366, height: 768 }], ["phone", { width: 390, height: 844 }]]) {
      test(`in ${scheme} on a ${device} axe finds nothing, and all fits`, async (t) => {
        const visitor = await visit(t, browser, server, { colorScheme: scheme, viewport });
        await visitor.page.goto("/api/docs?q=loads");
        await assertAccessible(visitor, `the API in ${scheme} on a ${device}`);
        await assertFits(visitor);
        await visitor.page.goto("/api/docs");
        await assertFits(visitor);
        await picture(visitor, `api-docs-${device}-${scheme}`);
      });
    }
  }
});
