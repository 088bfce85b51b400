// Looking at a page as a customer would, and as axe does.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { PROJECT } from "./project.js";

const RESULTS = join(PROJECT, "end2end", "results");

/** Keeps a picture of the page in end2end/results. */
export async function picture({ page }, name) {
  mkdirSync(RESULTS, { recursive: true });
  await page.screenshot({ path: join(RESULTS, `${name}.png`) });
}

/** Keeps a picture for the README, when it is asked for: it is part of the repository. */
export async function readmePicture({ page }, name) {
  if (process.env.UPDATE_SCREENSHOTS !== "1") return;
  mkdirSync(join(PROJECT, "docs"), { recursive: true });
  await page.screenshot({ path: join(PROJECT, "docs", `${name}.png`) });
}

/** axe finds nothing to complain of. */
export async function assertAccessible({ page }, what) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => {
    return { id, help, where: nodes.map(({ html, failureSummary }) => [html, failureSummary]) };
  });
  assert.deepEqual(found, [], `axe on ${what}`);
}

/** Nothing reaches beyond the window's sides. */
export async function assertFits({ page }) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}
