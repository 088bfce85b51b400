// The bar over the board, as a person works with it: presets, filters, saved views, and how loads are shown.

export class FilterBar {
  constructor({ page }) {
    this.page = page;
    this.bar = page.getByRole("region", { name: "Filters and views" });
    this.panel = page.locator(".popover");
    this.clearAll = this.bar.getByRole("button", { name: "Clear all" });
  }

  chip(kind) {
    return this.bar.locator(`[data-filter="${kind}"]`);
  }

  /** Opens the panel of a kind of filter, named as in addresses. */
  async open(kind) {
    await this.chip(kind).locator(".chip-open").click();
    await this.panel.waitFor();
    return this.panel;
  }

  async close() {
    await this.page.keyboard.press("Escape");
    await this.panel.waitFor({ state: "detached" });
  }

  /** Chooses values of a kind by their labels, or takes them back. */
  async choose(kind, ...labels) {
    await this.open(kind);
    for (const label of labels) await this.choice(label).click();
    await this.close();
  }

  choice(label) {
    return this.panel.locator(".choice").filter({ has: this.page.getByText(label, { exact: true }) });
  }

  preset(name) {
    return this.bar.getByRole("group", { name: "Presets" }).getByRole("button", { name });
  }

  async openSaved() {
    await this.bar.getByRole("button", { name: /^Saved views/ }).click();
    await this.panel.waitFor();
    return this.panel;
  }

  saved(name) {
    return this.panel.locator(`[data-preset="${name}"]`);
  }

  /** Saves what is shown under a name, with the panel of saved views open. */
  async saveAs(name) {
    await this.panel.getByLabel("Name of this view").fill(name);
    await this.panel.getByRole("button", { name: "Save", exact: true }).click();
  }

  /** Chooses how loads are shown: `{ "Group by": "Carrier", Density: "Rows" }`. */
  async view(choices) {
    await this.bar.getByRole("button", { name: "View", exact: true }).click();
    await this.panel.waitFor();
    for (const [title, label] of Object.entries(choices)) {
      await this.panel.getByRole("group", { name: title }).getByLabel(label, { exact: true }).check();
    }
    await this.close();
  }

  /** Sorts a lane, named as a person reads it. */
  async sort(lane, by) {
    await this.page.getByRole("button", { name: `Sort ${lane}, now by` }).click();
    await this.panel.waitFor();
    await this.choice(by).click();
    await this.close();
  }
}
