// A pair of hands at the board: works it with mouse and keys as a dispatcher does, and times what the eye waits for.

const REST = 150;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** Installed in the page: notes how long each interaction took, and when a lifted and a dropped card was seen. */
export function watchTheHands() {
  const hands = { slowest: new Map(), lifted: [], dropped: [], tasks: [] };
  window.hands = hands;
  new PerformanceObserver((list) => {
    for (const { interactionId, name, duration, startTime, processingStart, processingEnd } of list.getEntries()) {
      const known = hands.slowest.get(interactionId);
      if (!interactionId || known?.duration >= duration) continue;
      hands.slowest.set(interactionId, { name, duration, waited: processingStart - startTime, worked: processingEnd - processingStart });
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) hands.tasks.push(duration);
  }).observe({ type: "longtask" });

  // The first message after a frame's callbacks is taken up once the frame was drawn.
  const seen = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.now());
      port2.postMessage(0);
    });
  let moved = 0;
  let carried = null;
  let released = null;
  addEventListener("pointermove", (event) => (moved = event.timeStamp), { capture: true });
  addEventListener("pointerup", (event) => (released = carried && { ...carried, at: event.timeStamp }), { capture: true });
  new MutationObserver(() => {
    const lifted = document.querySelector("[data-load][data-carried]");
    if (lifted && !carried) {
      carried = { load: lifted.dataset.load, lane: lifted.closest("[data-lane]").dataset.lane };
      const at = moved;
      seen((now) => hands.lifted.push(now - at));
    }
    if (!lifted && !released) carried = null;
    if (released && !document.querySelector(`[data-lane="${released.lane}"] [data-load="${released.load}"]`)) {
      const { at, load } = released;
      const arrived = Boolean(document.querySelector(`[data-load="${load}"]`));
      released = carried = null;
      seen((now) => hands.dropped.push({ took: now - at, arrived }));
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-carried"] });
}

/** What was noted. Of fifty interactions the slowest is passed over, as INP does. */
export async function whatTheHandsSaw(page) {
  const { slowest, ...rest } = await page.evaluate(() => ({ ...window.hands, slowest: [...window.hands.slowest.values()] }));
  slowest.sort((a, b) => b.duration - a.duration);
  const inp = slowest[Math.min(slowest.length - 1, Math.floor(slowest.length / 50))];
  return { ...rest, interactions: slowest, inp };
}

const DEEDS = { scroll, drag, filter, panel, menu, arrows };

/** Works the board for so long; `drags` are loads that may be dragged from Dispatched to In Transit, one after the other. */
export async function work(board, drags, millis) {
  const until = performance.now() + millis;
  const done = {};
  while (performance.now() < until) {
    for (const [name, deed] of Object.entries(DEEDS)) {
      if (performance.now() >= until) break;
      if (await deed(board, drags)) done[name] = (done[name] ?? 0) + 1;
      await pause(REST);
    }
  }
  return done;
}

async function scroll(board) {
  const { page } = board;
  const box = await board.lane("in-transit").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (const way of [1, 1, 1, 1, -1, -1, -1, -1]) {
    await page.mouse.wheel(0, way * 700);
    await pause(40);
  }
  return true;
}

async function drag(board, drags) {
  const load = drags.shift();
  if (!load) return false;
  const card = board.card(load, "dispatched");
  await card.waitFor();
  const from = await card.boundingBox();
  const to = await board.lane("in-transit").boundingBox();
  const { mouse } = board.page;
  await mouse.move(from.x + 24, from.y + 12);
  await mouse.down();
  await mouse.move(from.x + 40, from.y + 20, { steps: 3 });
  await mouse.move(to.x + to.width / 2, to.y + 200, { steps: 12 });
  await mouse.up();
  await card.waitFor({ state: "detached" });
  return true;
}

async function filter({ page }) {
  await page.getByRole("searchbox").first().click();
  await page.keyboard.type("swift riv", { delay: 60 });
  await pause(REST);
  await page.keyboard.press("Escape");
  return true;
}

async function panel(board) {
  const { page } = board;
  await board.lane("delivered").locator("[data-load]").nth(2).click();
  const panel = page.getByRole("complementary");
  await panel.waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  return true;
}

async function menu(board) {
  const button = board.lane("unassigned").locator("[data-load]").nth(1).getByRole("button", { name: /^Move / });
  await button.click();
  await board.menu.waitFor();
  await board.page.keyboard.press("Escape");
  await board.menu.waitFor({ state: "detached" });
  return true;
}

async function arrows(board) {
  const { page } = board;
  await board.lane("unassigned").locator("[data-load]").first().focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight", "End", "Home"]) {
    await page.keyboard.press(key);
    await pause(40);
  }
  return true;
}
