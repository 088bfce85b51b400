// The page of a load as a person sees it: by roles, names and the hooks that are part of the product.

export class LoadPage {
  constructor(visitor) {
    const { page } = visitor;
    this.visitor = visitor;
    this.page = page;
    this.status = page.locator("[data-live-status]");
    this.badge = page.locator(".load-head .badge");
    this.actions = page.locator(".load-actions");
    this.toasts = page.locator("[data-toast]");
    this.dialog = page.getByRole("dialog");
    this.menu = page.getByRole("menu");
    this.messages = page.locator("[data-message]");
    this.drafts = page.locator("[data-draft]");
    this.box = page.getByLabel("Message", { exact: true });
  }

  /** Opens the page of a load, and waits until it is live. */
  async open({ id }, tab) {
    const answer = await this.page.goto(`/loads/${id}${tab ? `?tab=${tab}` : ""}`);
    await this.becomes("Live");
    return answer;
  }

  /** Waits until the header says so. */
  async becomes(words, timeout) {
    await this.status.filter({ hasText: words }).waitFor({ timeout });
  }

  tab(name) {
    return this.page.getByRole("tab", { name });
  }

  /** Shows one of the tabs. */
  async show(name) {
    await this.tab(name).click();
    await this.page.getByRole("tabpanel", { name }).waitFor();
  }

  /** The stop with this number, from 1. */
  stop(number) {
    return this.page.locator(`[data-stop="${number}"]`);
  }

  /** Waits until a stop is `ahead`, `there` or `left`. */
  async stopIs(number, state, timeout) {
    await this.page.locator(`[data-stop="${number}"][data-state="${state}"]`).waitFor({ timeout });
  }

  /** Waits until the head shows this status. */
  async isIn(label, timeout) {
    await this.badge.filter({ hasText: label }).waitFor({ timeout });
  }

  /** An entry of the timeline that says this. */
  happened(text) {
    return this.page.locator("[data-entry]").filter({ hasText: text });
  }

  call(text) {
    return this.page.locator("[data-call]").filter({ hasText: text });
  }

  message(text) {
    return this.messages.filter({ hasText: text });
  }

  async say(text) {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** Waits for a message with this text. */
  async says(text, timeout) {
    await this.toasts.filter({ hasText: text }).first().waitFor({ timeout });
  }
}
