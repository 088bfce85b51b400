// The pages as a person sees them: by roles, names and the hooks that are part of the product.

import assert from "node:assert/strict";
import { emailOf } from "./client.js";

export const LANES = ["unassigned", "tendered", "dispatched", "in-transit", "delivered", "completed"];

export class LoginPage {
  constructor({ page }) {
    this.page = page;
    this.email = page.getByLabel("E-mail address");
    this.password = page.getByLabel("Password");
    this.submit = page.getByRole("button", { name: "Log in" });
    this.message = page.getByRole("alert");
  }

  async open(query = "") {
    await this.page.goto(`/login${query}`);
    return this;
  }

  async logIn(who, password) {
    await this.email.fill(emailOf(who));
    await this.password.fill(password);
    await this.submit.click();
  }
}

export class BoardPage {
  constructor({ page }) {
    this.page = page;
    this.status = page.locator("[data-live-status]");
    this.heading = page.getByRole("heading", { level: 1, name: "Dispatch Board" });
    this.toasts = page.locator("[data-toast]");
    this.menu = page.getByRole("menu");
    this.dialog = page.getByRole("dialog");
    this.logOut = page.getByRole("button", { name: "Log out" });
  }

  /** Opens the board, and waits until it is live. A filter keeps the cards that matter in view. */
  async open(filter = "") {
    await this.page.goto(`/dispatch${filter && `?q=${encodeURIComponent(filter)}`}`);
    await this.becomes("Live");
    return this;
  }

  /** Waits until the header says so. */
  async becomes(words, timeout) {
    await this.status.filter({ hasText: words }).waitFor({ timeout });
  }

  lane(lane) {
    return this.page.locator(`[data-lane="${lane}"]`);
  }

  /** The card of a load, wherever it is, or in a lane. */
  card({ loadNumber }, lane) {
    return (lane ? this.lane(lane) : this.page).locator(`[data-load="${loadNumber}"]`);
  }

  /** Waits until a lane shows the load, in a status. */
  async shows(load, lane, status, timeout) {
    const card = this.card(load, lane);
    await (status ? card.and(this.page.locator(`[data-status="${status}"]`)) : card).waitFor({ timeout });
    assert.equal(await this.card(load).count(), 1, `${load.loadNumber} is on the board once`);
  }

  /** Waits until the load is on no lane. */
  async hides(load) {
    await this.card(load).waitFor({ state: "detached" });
  }

  /** Takes the card with the mouse and holds it over a lane. */
  async carry(load, lane) {
    const card = this.card(load);
    await card.scrollIntoViewIfNeeded();
    const from = await card.boundingBox();
    const to = await this.lane(lane).boundingBox();
    const { mouse } = this.page;
    await mouse.move(from.x + 60, from.y + 12);
    await mouse.down();
    await mouse.move(from.x + 76, from.y + 20, { steps: 3 });
    await mouse.move(to.x + to.width / 2, to.y + Math.min(to.height / 2, 200), { steps: 8 });
    await this.page.locator(`[data-lane="${lane}"][data-over]`).waitFor();
  }

  /** Lets go of what is carried. */
  async drop() {
    await this.page.mouse.up();
    await this.page.locator("[data-drop]").first().waitFor({ state: "detached" });
  }

  async drag(load, lane) {
    await this.carry(load, lane);
    await this.drop();
  }

  /** Opens the card's menu by its button. */
  async openMenu(load) {
    await this.page.getByRole("button", { name: `Move ${load.loadNumber}` }).click();
    await this.menu.waitFor();
  }

  choice(name) {
    return this.menu.getByRole("menuitem", { name });
  }

  /** Opens the menu of everything that can be done to a load, by a right click. */
  async openDeeds(load) {
    await this.card(load).click({ button: "right", position: { x: 24, y: 12 } });
    await this.menu.waitFor();
  }

  /** The bar of what can be done to the chosen loads. */
  get bulk() {
    return this.page.getByRole("region", { name: "Selected loads" });
  }

  /** Waits until so many loads are chosen. */
  async hasSelected(count) {
    if (count === 0) return this.bulk.waitFor({ state: "detached" });
    return this.bulk.getByText(new RegExp(`^${count} selected`)).waitFor();
  }

  /** Chooses a load, or no longer, with the pointer. */
  async select(load, modifiers = ["ControlOrMeta"]) {
    await this.card(load).click({ modifiers, position: { x: 24, y: 12 } });
  }

  /** Gives a card the focus. */
  async focus(load) {
    await this.card(load).focus();
    await this.hasFocus(load);
  }

  /** Waits until the card has the focus. */
  async hasFocus({ loadNumber }) {
    await this.page.waitForFunction((number) => document.activeElement?.dataset?.load === number, loadNumber);
  }

  /** Opens the command palette and types into it. */
  async find(query) {
    await this.page.keyboard.press("ControlOrMeta+k");
    await this.palette.waitFor();
    await this.palette.getByRole("combobox").fill(query);
  }

  get palette() {
    return this.page.getByRole("dialog", { name: "Find loads and commands" });
  }

  /** What the palette lists under this name. */
  answer(name) {
    return this.palette.getByRole("option", { name });
  }

  /** Waits for a message with this text. */
  async says(text, timeout) {
    await this.toasts.filter({ hasText: text }).first().waitFor({ timeout });
  }
}
