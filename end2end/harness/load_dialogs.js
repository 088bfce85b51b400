// The dialogs over loads, as a person sees them.

/** Chooses a carrier, to give loads to it or to offer them. */
export class CarrierDialog {
  constructor({ page }) {
    this.page = page;
    this.root = page.getByRole("dialog");
    this.search = this.root.getByRole("combobox", { name: "Carrier" });
    this.options = this.root.getByRole("option");
    this.chosen = this.root.getByRole("option", { selected: true });
    this.window = this.root.getByLabel("Minutes to accept");
    this.reason = this.root.getByLabel(/Reason to override/);
    this.driver = this.root.getByLabel("Driver");
    this.alert = this.root.getByRole("alert");
  }

  /** Waits until it is there and has found carriers. */
  async opens() {
    await this.search.waitFor();
    await this.options.first().waitFor();
    return this;
  }

  option({ name }) {
    return this.options.filter({ hasText: name });
  }

  /** Searches as one types, and waits for the carrier to be found alone. */
  async find(carrier) {
    await this.search.fill(carrier.mcNumber);
    await this.page.waitForFunction(
      (number) => {
        const rows = [...document.querySelectorAll("[role=option]")];
        return rows.length === 1 && rows[0].textContent.includes(number);
      },
      carrier.mcNumber,
    );
  }

  /** The button that sends. */
  submit(name = /^(Tender|Assign)/) {
    return this.root.getByRole("button", { name });
  }

  async closes() {
    await this.root.waitFor({ state: "detached" });
  }
}
