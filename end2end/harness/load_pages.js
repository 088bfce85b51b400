// The pages on which loads are booked, changed and imported, as a person sees them.

/** The form of a new load, and of one that is changed. */
export class LoadFormPage {
  constructor({ page }) {
    this.page = page;
    this.main = page.getByRole("main");
    this.toasts = page.locator("[data-toast]");
    this.dialog = page.getByRole("dialog");
    this.denied = page.locator("[data-denied]");
    this.problems = page.locator("#form-problems");
    this.restored = page.locator("[data-restored]");
    this.bookButton = page.getByRole("button", { name: "Book load" });
    this.bookAnother = page.getByRole("button", { name: "Book and add another" });
    this.saveButton = page.getByRole("button", { name: "Save changes" });
    this.addStop = page.getByRole("button", { name: "Add a stop" });
  }

  /** Opens the form, and waits until the page's program is at work. */
  async open(address = "/loads/new") {
    await this.page.goto(address);
    await this.isLive();
    return this;
  }

  async isLive() {
    await this.page.locator("[data-live-status]").filter({ hasText: "Live" }).waitFor();
  }

  field(label) {
    return this.main.getByLabel(label, { exact: true }).and(this.page.locator("input, select, textarea"));
  }

  stop(number) {
    return this.page.locator(`[data-stop="${number}"]`);
  }

  ofStop(number, label) {
    return this.stop(number).getByLabel(label, { exact: true }).and(this.page.locator("input, select"));
  }

  /** Types into a field that searches, and takes what is found. */
  async pick(field, text) {
    await field.fill(text);
    await this.page.getByRole("option", { name: text }).first().click();
    await this.page.getByRole("listbox").waitFor({ state: "detached" });
  }

  /** Fills in a stop; the times are on the clock of its facility. */
  async fillStop(number, { facility, day, from, until }) {
    await this.pick(this.ofStop(number, "Facility"), facility);
    await this.ofStop(number, "Day").fill(day);
    await this.ofStop(number, "From").fill(from);
    await this.ofStop(number, "Until").fill(until);
  }

  async fillLoad({ customer, equipment = "Reefer", stops }) {
    await this.field("Customer").fill(customer);
    await this.field("Equipment").selectOption({ label: equipment });
    for (const [index, stop] of stops.entries()) await this.fillStop(index + 1, stop);
  }

  /** What is said to be wrong with the field whose element has this id. */
  wrong(id) {
    return this.page.locator(`[data-field="${id}"] .field-note[data-error]`);
  }

  /** What is said to be wrong within a stop. */
  wrongInStop(number) {
    return this.stop(number).locator(".field-note[data-error]");
  }

  /** Names of the facilities in the order of the stops. */
  facilities() {
    return this.page.getByLabel("Facility", { exact: true }).evaluateAll((inputs) => inputs.map((input) => input.value));
  }

  async says(text) {
    await this.toasts.filter({ hasText: text }).first().waitFor();
  }
}

/** The import of a file. */
export class ImportPage {
  constructor({ page }) {
    this.page = page;
    this.file = page.getByLabel("Choose a file");
    this.problem = page.getByRole("alert");
    this.preview = page.locator("[data-preview]");
    this.mistakes = page.locator("[data-mistakes] tbody tr");
    this.text = page.getByRole("textbox", { name: "Or paste rows" });
    this.check = page.getByRole("button", { name: "Check the rows" });
    this.denied = page.locator("[data-denied]");
    this.finished = page.locator('[data-import="finished"]');
  }

  async open(address = "/loads/import") {
    await this.page.goto(address);
    await this.page.locator("[data-live-status]").filter({ hasText: "Live" }).waitFor();
    return this;
  }

  /** Chooses a file with this content, a text or bytes. */
  async choose(content, name = "loads.csv") {
    await this.file.setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
  }

  book(count) {
    return this.page.getByRole("button", { name: `Book ${count}` });
  }

  /** What a button of the page saves as a file. */
  async saved(name) {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByRole("button", { name }).click(),
    ]);
    const parts = [];
    for await (const part of await download.createReadStream()) parts.push(part);
    return { name: download.suggestedFilename(), text: Buffer.concat(parts).toString("utf8") };
  }
}
