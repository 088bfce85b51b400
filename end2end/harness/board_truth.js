// Whether a board shows what is stored, no more and no less. Needs a window high enough for all cards of a lane.

import assert from "node:assert/strict";
import { until } from "./wait.js";

/** A window in which lanes of some forty cards have them all in the document. */
export const HIGH = { viewport: { width: 1_440, height: 6_400 } };

/** Waits until the board shows each load in the status that is stored, and fails by naming what differs. */
export async function assertShowsTheTruth({ page }, person, timeout = 10_000) {
  let difference;
  await until(
    async () => {
      const [stored, shown] = [await storedLoads(person), await shownLoads(page)];
      difference = [...new Set([...stored.keys(), ...shown.keys()])]
        .filter((number) => stored.get(number) !== shown.get(number))
        .map((number) => `${number}: stored ${stored.get(number)}, shown ${shown.get(number)}`);
      return difference.length === 0;
    },
    "the board shows what is stored",
    timeout,
  ).catch((error) => assert.fail(`${error.message}\n${difference.join("\n")}`));
}

async function storedLoads(person) {
  const { cards } = await person.data("/loads/board");
  return new Map(cards.filter(({ status }) => status !== "CANCELLED").map((card) => [card.loadNumber, card.status]));
}

async function shownLoads(page) {
  const shown = await page
    .locator("[data-lane] [data-load]")
    .evaluateAll((cards) => cards.map(({ dataset }) => [dataset.load, dataset.status]));
  assert.equal(new Set(shown.map(([number]) => number)).size, shown.length, "each load is shown once");
  return new Map(shown);
}
